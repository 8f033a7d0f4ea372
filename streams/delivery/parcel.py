"""A parcel's life, folded from what its sources told within a claim, and from who signed for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.snapshot import ParcelView, TimelineEntry
from contracts.tracking import TrackingStatus
from streams.delivery.course import course_of
from streams.delivery.proving import Proof
from streams.facts.etas import EtaFact, as_told
from streams.facts.history import History, ScanFact
from streams.facts.reading import given_up_at, in_order, newest_report, visible


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
    """What is known of a parcel. scans: in the order in which they happened; last: the latest of them.

    proof: the proof of its delivery that counts. service and origin: by which service and from which region it left.
    etas: what the source whose word counts told of its arrival, one telling after another. turned_at: since when it is
    on its way back. given_up_at: when a source last said that it gave its subscription to it up.
    """

    number: str
    carrier: str
    scans: tuple[ScanFact, ...] = ()
    status: TrackingStatus | None = None
    reason: str = ""
    delivered_at: datetime | None = None
    eta: datetime | None = None
    despatched_at: datetime | None = None
    document: str = ""
    proof: Proof | None = None
    etas: tuple[EtaFact, ...] = ()
    turned_at: datetime | None = None
    service: str = ""
    origin: str = ""
    given_up_at: datetime | None = None

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
            signed_by=self.proof.told.signed_by if self.proof else "",
            proof=self.proof.reference if self.proof else "",
        )

    def timeline(self) -> Iterable[TimelineEntry]:
        """Tell its scans, and who signed."""
        for scan in self.scans:
            yield TimelineEntry(
                at=scan.placed_at,
                what=scan.status,
                subject=self.number,
                text=scan.raw_text,
                location=scan.location,
            )
        if self.proof is not None:
            yield self.proof.entry(self.number)


def life(number: str, carrier: str, histories: Iterable[History], span: Span, proof: Proof | None = None) -> Life:
    """Fold what the sources told of a number within a span of its life, and the proof that counts."""
    told = list(histories)
    scans = in_order(
        (f"{scan_id} {history.source}", fact)
        for history in told
        for scan_id, fact in visible(history)
        if span.contains(fact.placed_at)
    )
    course = course_of([fact for _, fact in scans], proof)
    etas = _etas(told, span)
    return Life(
        number=number,
        carrier=carrier or min((history.carrier for history in told if history.carrier), default=""),
        scans=tuple(fact for _, fact in scans),
        status=course.status,
        reason=course.reason,
        delivered_at=course.delivered_at,
        eta=etas[-1].eta if etas else None,
        etas=etas,
        turned_at=course.turned_at,
        proof=proof,
        given_up_at=max(_given_up(told, span), default=None),
    )


def _given_up(histories: Iterable[History], span: Span) -> Iterable[datetime]:
    instants = (given_up_at(history) for history in histories)
    return (at for at in instants if at is not None and span.contains(at))


def _etas(histories: Iterable[History], span: Span) -> tuple[EtaFact, ...]:
    """Give the tellings of the source that told last. A report that tells no arrival takes none back."""
    told = [tuple(fact for fact in as_told(_told(history)) if span.contains(fact.placed_at)) for history in histories]
    none: tuple[EtaFact, ...] = ()
    return max((etas for etas in told if etas), key=lambda etas: (etas[-1].placed_at, etas[-1].eta), default=none)


def _told(history: History) -> Iterable[EtaFact]:
    """What a source told; of a state that does not hold it, what its newest report says."""
    newest = newest_report(history)
    if history.etas or newest.eta is None:
        return history.etas
    return (EtaFact(newest.rank, newest.eta, newest.received_at),)
