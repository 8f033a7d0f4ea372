"""Parcels as legs on lanes: once one has come to an end, what stood in its way."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from contracts.lane import Leg, LegOutcome
from contracts.moment import Precision
from contracts.policy import Policy
from contracts.tracking import Reason, TrackingStatus
from streams.delivery.case import Case
from streams.delivery.expected import by_transit
from streams.delivery.lane import lane_of
from streams.delivery.parcel import Life
from streams.facts.history import ScanFact

_OUTCOMES = {
    TrackingStatus.DELIVERED: LegOutcome.DELIVERED,
    TrackingStatus.RETURNED: LegOutcome.RETURNED,
    TrackingStatus.EXPIRED: LegOutcome.LOST,
}
"""A parcel that was cancelled was never carried: it has no leg."""
NOBODY = "unknown"
"""In whose hands an exception lay of which its carrier does not say it."""


def leg_of(case: Case, life: Life, policy: Policy) -> Leg | None:
    """Give a parcel's leg; None while it has not come to an end."""
    outcome = _OUTCOMES.get(life.status) if life.status else None
    lane = lane_of(case, life, policy) if outcome else None
    ended_at = _ended_at(life)
    if outcome is None or lane is None or ended_at is None:
        return None
    counted = [scan for scan in life.scans if scan.placed_at <= ended_at]
    picked_up_at = next((scan.placed_at for scan in counted if scan.status.is_moving), None)
    return Leg(
        lane=lane,
        number=life.number,
        despatched_at=life.despatched_at,
        picked_up_at=picked_up_at,
        ended_at=ended_at,
        is_scanned=_is_scanned(life, ended_at),
        outcome=outcome,
        promised_by=case.promised.closes if case.promised else None,
        due_by=_due_by(case, life, picked_up_at or life.despatched_at, policy),
        damaged=any(scan.reason == Reason.DAMAGED for scan in life.scans) or _received_damaged(case, life),
        exceptions=_exceptions(life.scans),
        silence_hours=_silence(case, life.number, counted),
        scans=len(life.scans),
        unknown_codes=sum(scan.status is TrackingStatus.UNKNOWN for scan in life.scans),
        late_scans=sum(_is_late(scan, policy.lanes.told_late) for scan in life.scans),
    )


def _due_by(case: Case, life: Life, began: datetime | None, policy: Policy) -> datetime | None:
    """By when the carrier should have delivered it; what left too late for its window is not the carrier's fault."""
    agreed = by_transit(case, life.document, began, policy.about(case.matter_of(life)))
    known = [at for at in (case.promised and case.promised.closes, agreed and agreed.at) if at]
    return max(known, default=None)


def _ended_at(life: Life) -> datetime | None:
    """When its life ended: with its delivery, or with the first scan of the status that it ended with."""
    if life.status is TrackingStatus.DELIVERED:
        return life.delivered_at
    # Delivered on the way back is returned: its course says so, and the scan itself says delivered.
    ends = {life.status, TrackingStatus.DELIVERED} if life.status is TrackingStatus.RETURNED else {life.status}
    ended = [scan.placed_at for scan in life.scans if scan.status in ends]
    return max(ended, default=None)


def _is_scanned(life: Life, ended_at: datetime) -> bool:
    """Whether its carrier, or a signature, tells its end; otherwise the customer does, or an operator."""
    return any(scan.placed_at == ended_at for scan in life.scans) or (
        life.proof is not None and life.proof.at == ended_at
    )


def _received_damaged(case: Case, life: Life) -> bool:
    """Whether an acceptance of its goods issue tells damage: of several parcels each may be the one that it means."""
    covers = case.receipt.acceptances.covers
    return any(
        acceptance.visible_damage or any(part.damaged and part.damaged.value for part in acceptance.lines)
        for acceptance in case.receipt.acceptances.all
        if life.document and life.document in covers.get(acceptance.id, ())
    )


def _exceptions(scans: Sequence[ScanFact]) -> dict[str, int]:
    """Count exceptions by whose hands they lay in; one that is scanned again without a change between is one."""
    found: Counter[str] = Counter()
    before: ScanFact | None = None
    for scan in scans:
        is_exception = scan.status is TrackingStatus.EXCEPTION
        if is_exception and (before is None or before.status is not scan.status or before.owner is not scan.owner):
            found[str(scan.owner or NOBODY)] += 1
        before = scan
    return dict(sorted(found.items()))


def _silence(case: Case, number: str, scans: Sequence[ScanFact]) -> float | None:
    """The longest time between two scans while the parcel moved; not known where scans were left out."""
    fact = case.facts.parcels.get(number)
    if fact is not None and fact.thinned:
        return None
    gaps = [later.placed_at - earlier.placed_at for earlier, later in pairwise(scans) if earlier.status.is_moving]
    return round(max(gaps) / timedelta(hours=1), 4) if gaps else None


def _is_late(scan: ScanFact, told_late: timedelta) -> bool:
    """Whether a scan was told long after it happened; of a date alone nobody can say."""
    return scan.precision is not Precision.DATE and scan.received_at - scan.placed_at > told_late
