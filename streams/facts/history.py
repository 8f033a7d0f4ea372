"""A parcel's history, as one source tells it: a join of reports.

`join` is associative, commutative and idempotent, and its result is a normal form: the same reports give the same
history, in any order and however often. Nothing is dropped because a snapshot withdrew it; which scans are visible
follows from the reports' order (`streams.facts.reading`).

Reports are ordered by the sender's own version if it has one, then by their latest scan, then by how many scans they
tell, then by the earliest receipt of this content, then by its hash. The first three are the report's `rank`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from contracts.clock import BEFORE_TIME
from contracts.identity import digest
from contracts.moment import Moment, Precision, ZoneSource
from contracts.tracking import Coverage, Owner, Scan, Subscription, Tracking, TrackingStatus
from streams.facts.etas import EtaFact, Rank, join_etas

FUTURE = timedelta(minutes=15)
"""A scan dated further than this into the future is placed at its receipt."""


class ScanFact(msgspec.Struct, frozen=True, array_like=True):
    """A scan, the earliest receipt of it, the highest rank of the reports that tell it, and those of that rank."""

    at: datetime
    precision: Precision
    status: TrackingStatus
    reason: str
    owner: Owner | None
    action_required: bool
    returning: bool
    raw_code: str
    raw_text: str
    location: str
    zone_source: ZoneSource
    position: int
    received_at: datetime
    rank: Rank
    reports: tuple[str, ...]

    @property
    def placed_at(self) -> datetime:
        """When it happened, or its receipt where it is dated into the future."""
        return self.received_at if self.at > self.received_at + FUTURE else self.at

    @property
    def content(self) -> tuple[object, ...]:
        """What the sender said, for comparing two tellings of one scan."""
        return (
            self.at,
            self.precision,
            self.status,
            self.reason,
            self.owner or "",
            self.action_required,
            self.returning,
            self.raw_code,
            self.raw_text,
            self.location,
            self.zone_source,
        )

    @classmethod
    def of(
        cls, scan: Scan, *, position: int, received_at: datetime, rank: Rank, reports: tuple[str, ...]
    ) -> "ScanFact":
        """Keep `scan` as told by these reports of one rank."""
        return cls(
            at=scan.occurred.at,
            precision=scan.occurred.precision,
            status=scan.status,
            reason=scan.reason,
            owner=scan.owner,
            action_required=scan.action_required,
            returning=scan.returning,
            raw_code=scan.raw_code,
            raw_text=scan.raw_text,
            location=scan.location,
            zone_source=scan.occurred.zone_source,
            position=position,
            received_at=received_at,
            rank=rank,
            reports=reports,
        )

    def scan(self, scan_id: str) -> Scan:
        """Give the scan back as its contract."""
        return Scan(
            id=scan_id,
            occurred=Moment(at=self.at, precision=self.precision, zone_source=self.zone_source),
            status=self.status,
            reason=self.reason,
            owner=self.owner,
            action_required=self.action_required,
            returning=self.returning,
            raw_code=self.raw_code,
            raw_text=self.raw_text,
            location=self.location,
            position=self.position,
        )


class ReportFact(msgspec.Struct, frozen=True, array_like=True):
    """A report's content: its rank, its oldest scan, the earliest receipt of it, and what it says beside scans."""

    rank: Rank
    received_at: datetime
    oldest: datetime | None
    is_snapshot: bool
    eta: datetime | None
    subscription: Subscription


class History(msgspec.Struct, frozen=True, array_like=True):
    """All that one source told of one parcel. scans by their id, reports by the hash of their content.

    etas: each arrival that it told, also of reports that are not kept.
    """

    source: str
    account: str
    carrier: str
    scans: dict[str, ScanFact]
    reports: dict[str, ReportFact]
    etas: tuple[EtaFact, ...] = ()


def of_report(tracking: Tracking, received_at: datetime) -> History:
    """Make the history that this one report tells."""
    instants = [scan.occurred.at for scan in tracking.scans]
    rank: Rank = (tracking.sent_version, max(instants, default=BEFORE_TIME), len(instants))
    content = _content_of(tracking, received_at)
    report = ReportFact(
        rank=rank,
        received_at=received_at,
        oldest=min(instants, default=None),
        is_snapshot=tracking.coverage is Coverage.SNAPSHOT,
        eta=tracking.eta.at if tracking.eta else None,
        subscription=tracking.subscription,
    )
    scans: dict[str, ScanFact] = {}
    for scan in tracking.scans:
        fact = ScanFact.of(scan, position=scan.position, received_at=received_at, rank=rank, reports=(content,))
        known = scans.get(scan.id)
        scans[scan.id] = _join_scan(known, fact) if known else fact
    etas = (EtaFact(rank, tracking.eta.at, received_at),) if tracking.eta else ()
    return History(tracking.source, tracking.account, tracking.carrier, scans, {content: report}, etas)


def _content_of(tracking: Tracking, received_at: datetime) -> str:
    """Hash what a report says. One that gives the subscription up says something new on each day that it is told.

    A parcel of which nothing is found is given up in the same words again and again; a sender's retries come sooner.
    """
    if tracking.subscription is Subscription.ABORTED:
        return digest(tracking.encode(), received_at.date().isoformat(), size=8)
    return digest(tracking.encode(), size=8)


def join(one: History | None, other: History) -> History:
    """Join two histories of one source."""
    if one is None:
        return other
    scans = dict(one.scans)
    for scan_id, fact in other.scans.items():
        known = scans.get(scan_id)
        scans[scan_id] = _join_scan(known, fact) if known else fact
    reports = dict(one.reports)
    for content, report in other.reports.items():
        seen = reports.get(content)
        if seen is None or report.received_at < seen.received_at:
            reports[content] = report
    return History(
        source=one.source,
        account=min(one.account, other.account),
        carrier=min(filter(None, (one.carrier, other.carrier)), default=""),
        scans=dict(sorted(scans.items())),
        reports=dict(sorted(needed(scans, reports).items())),
        etas=join_etas(one.etas, other.etas),
    )


def _join_scan(one: ScanFact, other: ScanFact) -> ScanFact:
    if one == other:
        return one
    newest = max(one, other, key=lambda fact: (fact.rank, fact.content))
    reports = {content for fact in (one, other) if fact.rank == newest.rank for content in fact.reports}
    return msgspec.structs.replace(
        newest,
        received_at=min(one.received_at, other.received_at),
        reports=tuple(sorted(reports)),
        position=max(one.position, other.position),
    )


def needed(scans: dict[str, ScanFact], reports: dict[str, ReportFact]) -> dict[str, ReportFact]:
    """Keep the reports on which an answer rests: told scans, snapshots that may withdraw, and the highest rank.

    Also those that gave the subscription up on the latest day on which one did.

    One that is not needed never is again: a scan's highest rank and the snapshots that outrank another only grow.
    """
    told = {content for fact in scans.values() for content in fact.reports}
    highest = max(report.rank for report in reports.values())
    snapshots = [report for report in reports.values() if report.is_snapshot and report.oldest is not None]
    given_up = latest_given_up(reports)
    return {
        content: report
        for content, report in reports.items()
        if content in told or content in given_up or report.rank == highest or _may_withdraw(report, snapshots)
    }


def latest_given_up(reports: Mapping[str, ReportFact]) -> dict[str, ReportFact]:
    """Give the reports of the latest day on which the source said that it gave its subscription up."""
    given_up = {content: one for content, one in reports.items() if one.subscription is Subscription.ABORTED}
    latest = max((one.received_at.date() for one in given_up.values()), default=None)
    return {content: one for content, one in given_up.items() if one.received_at.date() == latest}


def _may_withdraw(report: ReportFact, snapshots: list[ReportFact]) -> bool:
    oldest = report.oldest
    if not report.is_snapshot or oldest is None:
        return False
    return not any(
        other.rank > report.rank and other.oldest is not None and other.oldest <= oldest for other in snapshots
    )
