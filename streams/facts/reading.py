"""What a history says: the visible scans, the order in which they happened, what counts that is said once, and when."""

from collections.abc import Iterable
from datetime import datetime

from contracts.moment import Precision
from contracts.tracking import TrackingStatus
from streams.facts.history import History, ReportFact, ScanFact, latest_given_up


def visible(history: History) -> list[tuple[str, ScanFact]]:
    """Give the scans that no later snapshot of this source withdrew, in the order in which they happened.

    A snapshot withdraws what it does not tell, but nothing older than its own oldest scan: it may be truncated.
    """
    orders = {content: (report.rank, report.received_at, content) for content, report in history.reports.items()}
    cuts = [
        (orders[content], report.oldest)
        for content, report in history.reports.items()
        if report.is_snapshot and report.oldest is not None
    ]
    found = []
    for scan_id, fact in history.scans.items():
        told = max(orders[content] for content in fact.reports)
        if not any(order > told and fact.at >= oldest for order, oldest in cuts):
            found.append((scan_id, fact))
    return found


def newest_report(history: History) -> ReportFact:
    """Give the report that counts for what is said once: the ETA and the subscription."""
    return max(history.reports.items(), key=lambda item: (item[1].rank, item[1].received_at, item[0]))[1]


def given_up_at(history: History) -> datetime | None:
    """When the source last said that it gave its subscription up; None where it never did."""
    return min((report.received_at for report in latest_given_up(history.reports).values()), default=None)


def in_order(scans: Iterable[tuple[str, ScanFact]]) -> list[tuple[str, ScanFact]]:
    """Order scans by when they happened; equal instants by precision, status, position, id."""
    return sorted(scans, key=lambda item: _place(*item))


def first_received(history: History) -> datetime:
    """When this parcel was first heard of from this source."""
    return min(
        [report.received_at for report in history.reports.values()]
        + [scan.received_at for scan in history.scans.values()]
    )


def last_received(history: History) -> datetime:
    """The latest first receipt of anything that this source told."""
    return max(
        [report.received_at for report in history.reports.values()]
        + [scan.received_at for scan in history.scans.values()]
    )


_STATUS_ORDER = {status: place for place, status in enumerate(TrackingStatus)}
_PRECISION_ORDER = {Precision.DATE: 0, Precision.LOCAL: 1, Precision.INSTANT: 2}


def _place(scan_id: str, fact: ScanFact) -> tuple[datetime, int, int, int, str]:
    return (
        fact.placed_at,
        _PRECISION_ORDER[fact.precision],
        _STATUS_ORDER[fact.status],
        fact.position,
        scan_id,
    )
