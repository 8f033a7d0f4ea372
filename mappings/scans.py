"""From what a report tells of one parcel to its scans: oldest first, each once, the way back told from the way out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.moment import Moment
from contracts.tracking import Coverage, Scan, TrackingStatus, scan_id
from mappings.meaning import Meaning

UNKNOWN = Meaning("", TrackingStatus.UNKNOWN)


class Told(NamedTuple):
    """One scan as it was told. code: the vendor's, as it is kept; text and location: the same.

    action_required: whether the sender says so of this very scan, whatever its code says.
    """

    at: Moment
    code: str
    meaning: Meaning
    text: str = ""
    location: str = ""
    action_required: bool = False


def judge(told: Sequence[str], codes: Mapping[str, Meaning], unknown: set[str]) -> Meaning:
    """Give what a scan means, from the codes that it was told with, the most detailed first; empty ones are none.

    A code that is not in the vendor's table leaves it to the coarser one, and the first such is added to `unknown`. So
    does a listed one that says nothing of where the parcel is.
    """
    is_first = True
    for code in told:
        if not code:
            continue
        meaning = codes.get(code)
        if meaning is not None and meaning.status is not TrackingStatus.UNKNOWN:
            return meaning
        if meaning is None and is_first:
            unknown.add(code)
        is_first = False
    return UNKNOWN


def first_of(codes: Sequence[str]) -> str:
    """Give the code that a scan was told with: the first that is not empty, if any."""
    return next(filter(None, codes), "")


def newest_of(moments: Sequence[Moment]) -> int | None:
    """Give the place of the newest scan, for which what is told of the parcel as a whole counts."""
    return max(range(len(moments)), key=lambda place: moments[place].at, default=None)


def scans_of(told: Iterable[Told], coverage: Coverage, *, is_back: bool = False) -> tuple[Scan, ...]:
    """Make the scans of one parcel; of one instant, the order in which they are given counts.

    In a snapshot, a delivery after the parcel turned back is a return. In an increment each scan is judged by itself:
    it comes in other company when it is told again, and must be the same then. is_back: a snapshot says of the parcel
    as a whole that it goes back, or is back; where no scan says when it turned, it turned with the last one.
    """
    ordered = sorted(told, key=lambda one: one.at.at)
    turned = _turned(ordered, is_back=is_back) if coverage is Coverage.SNAPSHOT else None
    found: dict[str, Scan] = {}
    for one in ordered:
        returning = one.meaning.returning or (turned is not None and one.at.at >= turned)
        scan = _scan(one, len(found), returning=returning)
        found.setdefault(scan.id, scan)
    return tuple(found.values())


def _turned(ordered: Sequence[Told], *, is_back: bool) -> datetime | None:
    """Tell since when a parcel is on its way back; None where it is not."""
    for one in ordered:
        if one.meaning.returning:
            return one.at.at
    return ordered[-1].at.at if is_back and ordered else None


def _scan(one: Told, position: int, *, returning: bool) -> Scan:
    status = one.meaning.status
    if returning and status is TrackingStatus.DELIVERED:
        status = TrackingStatus.RETURNED
    # What follows from other scans is part of the id too: one id is one content, whichever report told it.
    judged = one.code + "/" + status + ("/back" if returning else "/forth")
    return Scan(
        id=scan_id(one.at, judged, one.text, one.location),
        occurred=one.at,
        status=status,
        reason=one.meaning.reason or "",
        owner=one.meaning.owner,
        action_required=one.meaning.action_required or one.action_required,
        returning=returning,
        raw_code=one.code,
        raw_text=one.text,
        location=one.location,
        position=position,
    )
