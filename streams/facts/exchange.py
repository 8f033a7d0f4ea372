"""Between a history as it is stored and as it crosses a topic."""

from contracts.clock import BEFORE_TIME
from contracts.errors import Rejected
from contracts.exchange import EtaSeen, ReportSeen, ScanSeen, SourceHistory
from contracts.moment import Moment
from contracts.tracking import Coverage
from streams.facts.etas import EtaFact, Rank
from streams.facts.history import History, ReportFact, ScanFact


def to_contract(history: History) -> SourceHistory:
    """Write a history as its contract."""
    return SourceHistory(
        source=history.source,
        account=history.account,
        carrier=history.carrier,
        scans=tuple(
            ScanSeen(scan=fact.scan(scan_id), received_at=fact.received_at, reports=fact.reports)
            for scan_id, fact in history.scans.items()
        ),
        reports=tuple(
            ReportSeen(
                hash=content,
                received_at=report.received_at,
                sent_version=report.rank[0],
                latest=None if report.rank[1] == BEFORE_TIME else report.rank[1],
                count=report.rank[2],
                oldest=report.oldest,
                coverage=Coverage.SNAPSHOT if report.is_snapshot else Coverage.INCREMENT,
                eta=Moment(at=report.eta) if report.eta else None,
                subscription=report.subscription,
            )
            for content, report in history.reports.items()
        ),
        etas=tuple(
            EtaSeen(
                received_at=told.received_at,
                sent_version=told.rank[0],
                latest=None if told.rank[1] == BEFORE_TIME else told.rank[1],
                count=told.rank[2],
                eta=told.eta,
            )
            for told in history.etas
        ),
    )


def from_contract(told: SourceHistory) -> History:
    """Read a history from its contract; raises Rejected where a scan names a report that is not there."""
    reports = {report.hash: _report(report) for report in told.reports}
    return History(
        source=told.source,
        account=told.account,
        carrier=told.carrier,
        scans={seen.scan.id: _scan(seen, reports) for seen in told.scans},
        reports=reports,
        etas=tuple(
            EtaFact((seen.sent_version, seen.latest or BEFORE_TIME, seen.count), seen.eta, seen.received_at)
            for seen in told.etas
        ),
    )


def _report(report: ReportSeen) -> ReportFact:
    rank: Rank = (report.sent_version, report.latest or BEFORE_TIME, report.count)
    return ReportFact(
        rank=rank,
        received_at=report.received_at,
        oldest=report.oldest,
        is_snapshot=report.coverage is Coverage.SNAPSHOT,
        eta=report.eta.at if report.eta else None,
        subscription=report.subscription,
    )


def _scan(seen: ScanSeen, reports: dict[str, ReportFact]) -> ScanFact:
    missing = [content for content in seen.reports if content not in reports]
    if missing or not seen.reports:
        raise Rejected(f"scan {seen.scan.id} names reports that are not told: {missing}", code="bad_history")
    return ScanFact.of(
        seen.scan,
        position=seen.scan.position,
        received_at=seen.received_at,
        rank=reports[seen.reports[0]].rank,
        reports=seen.reports,
    )
