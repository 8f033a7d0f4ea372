"""The legs that snapshots tell of, for reports about carriers."""

from collections.abc import Iterable
from datetime import datetime

from contracts.lane import Leg
from contracts.snapshot import Snapshot


def legs_of(snapshots: Iterable[Snapshot], since: datetime | None = None, until: datetime | None = None) -> list[Leg]:
    """Give each leg that ended in `[since, until)` once, though several orders may share its parcel; oldest first."""
    found = {
        parcel.leg.id: parcel.leg
        for snapshot in snapshots
        if snapshot.scope == "order" and snapshot.view is not None
        for parcel in snapshot.view.parcels
        if parcel.leg is not None
        and (since is None or parcel.leg.ended_at >= since)
        and (until is None or parcel.leg.ended_at < until)
    }
    return sorted(found.values(), key=lambda leg: (leg.ended_at, leg.number))
