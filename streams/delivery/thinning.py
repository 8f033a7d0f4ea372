"""Bounding a delivery's scans: beyond a number, the oldest that changed nothing are left out, and the snapshot says so.

What is left out is a function of what was told: a scan that repeats its predecessor's status can go without any other
becoming a repetition or ceasing to be one, so thinning twice is thinning once, by the smaller bound. Resolve tells a
source's whole history again with each change of it; what was left out then comes back, and is judged anew.
"""

from itertools import pairwise

import msgspec

from streams.facts.history import History, ScanFact, needed
from streams.facts.reading import in_order

SCANS_KEPT = 360
"""Scans of a delivery that are kept: at some 150 bytes each, well within the 64 kB that a state is meant to take."""
AT_LEAST = 12
"""Scans that each source's history of a parcel may always keep."""


def bound(histories: int) -> int:
    """How many scans each of so many histories may keep."""
    return max(AT_LEAST, SCANS_KEPT // max(1, histories))


def thin(history: History, keep: int) -> History:
    """Leave out the oldest scans that changed nothing until `keep` are left, or only such that changed something."""
    surplus = len(history.scans) - keep
    if surplus <= 0:
        return history
    ordered = in_order(history.scans.items())
    repeated = [scan_id for (_, before), (scan_id, scan) in pairwise(ordered) if _said(before) == _said(scan)]
    last = ordered[-1][0]
    gone = set([scan_id for scan_id in repeated if scan_id != last][:surplus])
    scans = {scan_id: scan for scan_id, scan in history.scans.items() if scan_id not in gone}
    return msgspec.structs.replace(history, scans=scans, reports=needed(scans, history.reports))


def _said(scan: ScanFact) -> tuple[object, ...]:
    return scan.status, scan.reason, scan.owner, scan.action_required, scan.returning
