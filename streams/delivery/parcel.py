"""A parcel's life, folded from what its sources told within a claim.

Status never goes backwards without a correction that says so: a scan that is merely late does not undo a delivery,
and a snapshot that withdraws the delivery does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.snapshot import ParcelView, TimelineEntry
from contracts.tracking import TrackingStatus
from streams.facts.history import History, ScanFact
from streams.facts.reading import in_order, newest_report, visible

_AFTER = {
    TrackingStatus.DELIVERED: {TrackingStatus.RETURNING, TrackingStatus.RETURNED},
    TrackingStatus.RETURNED: set(),
}
"""What may still follow a final status. Cancelled and expired parcels turn up again: anything may follow those."""


@dataclass(frozen=True, slots=True)
class Span:
    """The span of a number's life that is claimed: `[since, until)`, either end open."""

    since: datetime | None = None
    until: datetime | None = None

    def contains(self, at: datetime) -> bool:
        """Whether `at` is in it."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of a parcel. scans: in the order in which they happened; last: the latest of them."""

    number: str
    carrier: str
    scans: tuple[ScanFact, ...] = ()
    status: TrackingStatus | None = None
    reason: str = ""
    delivered_at: datetime | None = None
    eta: datetime | None = None
    despatched_at: datetime | None = None
    document: str = ""

    @property
    def last(self) -> ScanFact | None:
        """The latest scan."""
        return self.scans[-1] if self.scans else None

    def view(self) -> ParcelView:
        """Show it to people."""
        last = self.last
        return ParcelView(
            number=self.number,
            carrier=self.carrier,
            status=self.status,
            reason=self.reason,
            last_scan_at=last.placed_at if last else None,
            last_scan_text=last.raw_text if last else "",
            last_location=last.location if last else "",
            despatched_at=self.despatched_at,
            delivered_at=self.delivered_at,
            eta=self.eta,
            document=self.document,
        )

    def timeline(self) -> Iterable[TimelineEntry]:
        """Tell its scans."""
        for scan in self.scans:
            yield TimelineEntry(
                at=scan.placed_at,
                what=scan.status,
                subject=self.number,
                text=scan.raw_text,
                location=scan.location,
            )


@dataclass(slots=True)
class _Course:
    status: TrackingStatus | None = None
    reason: str = ""
    delivered_at: datetime | None = None
    is_returning: bool = False

    def follow(self, scan: ScanFact) -> None:
        status = scan.status
        if scan.returning or status in {TrackingStatus.RETURNING, TrackingStatus.RETURNED}:
            self.is_returning = True
        if status is TrackingStatus.DELIVERED and self.is_returning:
            status = TrackingStatus.RETURNED
        if not self._may_follow(status):
            return
        self.status, self.reason = status, scan.reason
        if status is TrackingStatus.DELIVERED and self.delivered_at is None:
            self.delivered_at = scan.placed_at

    def _may_follow(self, status: TrackingStatus) -> bool:
        if self.status is None:
            return True
        if status in {TrackingStatus.UNKNOWN, TrackingStatus.REGISTERED}:
            return False
        return status in _AFTER.get(self.status, {status})


def life(number: str, carrier: str, histories: Iterable[History], span: Span) -> Life:
    """Fold what the sources told of a number within a span of its life."""
    told = list(histories)
    scans = in_order(
        (f"{scan_id} {history.source}", fact)
        for history in told
        for scan_id, fact in visible(history)
        if span.contains(fact.placed_at)
    )
    course = _Course()
    for _, fact in scans:
        course.follow(fact)
    return Life(
        number=number,
        carrier=carrier or min((history.carrier for history in told if history.carrier), default=""),
        scans=tuple(fact for _, fact in scans),
        status=course.status,
        reason=course.reason,
        delivered_at=course.delivered_at,
        eta=_eta(told, span),
    )


def _eta(histories: Iterable[History], span: Span) -> datetime | None:
    reports = [newest_report(history) for history in histories]
    etas = [(report.rank[1], report.eta) for report in reports if report.eta and span.contains(report.rank[1])]
    return max(etas)[1] if etas else None
