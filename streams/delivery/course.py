"""The course of a parcel's status: what follows from its scans, in the order in which they happened, and its proof.

Status never goes backwards without a correction that says so: a scan that is merely late does not undo a delivery,
and a snapshot that withdraws the delivery does. A parcel that has turned is returning until it is back: few carriers
say of each later scan that it belongs to the way back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.tracking import TrackingStatus
from streams.delivery.proving import Proof
from streams.facts.history import ScanFact

_AFTER = {
    TrackingStatus.DELIVERED: {TrackingStatus.RETURNING, TrackingStatus.RETURNED},
    TrackingStatus.RETURNED: set(),
}
"""What may still follow a final status. Cancelled and expired parcels turn up again: anything may follow those."""
_ON_THE_WAY_BACK = {
    TrackingStatus.PICKED_UP: TrackingStatus.RETURNING,
    TrackingStatus.IN_TRANSIT: TrackingStatus.RETURNING,
    TrackingStatus.CUSTOMS: TrackingStatus.RETURNING,
    TrackingStatus.OUT_FOR_DELIVERY: TrackingStatus.RETURNING,
    TrackingStatus.AVAILABLE_FOR_PICKUP: TrackingStatus.RETURNING,
    TrackingStatus.DELIVERY_ATTEMPTED: TrackingStatus.RETURNING,
    TrackingStatus.DELIVERED: TrackingStatus.RETURNED,
}
"""What a status means of a parcel that has turned."""


@dataclass(slots=True)
class Course:
    """Where a parcel stands after what it was asked to follow. turned_at: since when it is on its way back."""

    status: TrackingStatus | None = None
    reason: str = ""
    delivered_at: datetime | None = None
    turned_at: datetime | None = None

    def follow(self, scan: ScanFact) -> None:
        """Take in the next scan."""
        if scan.returning or scan.status in {TrackingStatus.RETURNING, TrackingStatus.RETURNED}:
            self.turned_at = self.turned_at or scan.placed_at
        self._reach(scan.status, scan.reason, scan.placed_at)

    def prove(self, proof: Proof) -> None:
        """Take in that somebody signed."""
        self._reach(TrackingStatus.DELIVERED, "", proof.at)

    def _reach(self, status: TrackingStatus, reason: str, at: datetime) -> None:
        if self.turned_at is not None:
            status = _ON_THE_WAY_BACK.get(status, status)
        if not self._may_follow(status):
            return
        self.status, self.reason = status, reason
        if status is TrackingStatus.DELIVERED and self.delivered_at is None:
            self.delivered_at = at

    def _may_follow(self, status: TrackingStatus) -> bool:
        if self.status is None:
            return True
        if status in {TrackingStatus.UNKNOWN, TrackingStatus.REGISTERED}:
            return False
        return status in _AFTER.get(self.status, {status})


def course_of(scans: Sequence[ScanFact], proof: Proof | None) -> Course:
    """Follow the scans; where none says delivered, the proof does, at its own instant.

    A signature is better evidence than a scan that never came, but it is typed in by hand more often: so a delivery
    that the carrier scanned keeps the carrier's instant. Later scans that say it came back still win, since they follow
    it; a wrong proof is corrected by its sender, by a newer version or a withdrawal. That the carrier withdraws a scan
    of the delivery does not undo a signature.
    """
    scanned = Course()
    for scan in scans:
        scanned.follow(scan)
    if proof is None or scanned.delivered_at is not None:
        return scanned
    proved = Course()
    for scan in scans:
        if scan.placed_at <= proof.at:
            proved.follow(scan)
    proved.prove(proof)
    for scan in scans:
        if scan.placed_at > proof.at:
            proved.follow(scan)
    return proved
