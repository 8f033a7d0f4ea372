"""Measures by month, customer or carrier, over the newest snapshots of all orders."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.snapshot import LineView, Snapshot, View
from streams.measures.definitions import Outcome, Rate, failures, line_outcome, on_time, order_outcome, otif


class By(StrEnum):
    """What a report's rows are."""

    MONTH = "month"
    CUSTOMER = "customer"
    CARRIER = "carrier"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: OTIF by order and by line, lines on time, orders that failed; how many lines came too early."""

    name: str
    orders: Rate
    lines: Rate
    on_time: Rate
    failed: Rate
    early: int


def delivery_report(snapshots: Iterable[Snapshot], by: By, now: datetime, month: str = "") -> list[Row]:
    """Report on orders' deliveries; month: `2026-03`, of the promised day in its zone, or all."""
    grouped: dict[str, list[View]] = defaultdict(list)
    for snapshot in snapshots:
        view = snapshot.view
        if snapshot.scope != "order" or view is None or (month and month_of(view) != month):
            continue
        for name in _names(snapshot, view, by):
            grouped[name].append(view)
    return [_row(name, views, now) for name, views in sorted(grouped.items())]


def month_of(view: View) -> str:
    """The month of the promised day; empty where nothing is promised."""
    return f"{view.promised.last_day():%Y-%m}" if view.promised else ""


def _names(snapshot: Snapshot, view: View, by: By) -> Sequence[str]:
    match by:
        case By.MONTH:
            return (month_of(view) or "–",)
        case By.CUSTOMER:
            return (view.customer_name or view.customer or "–",)
        case By.CARRIER:
            return sorted({parcel.carrier for parcel in view.parcels if parcel.carrier}) or ("–",)
        case By.ORDER:
            return (f"{snapshot.account}/{snapshot.subject}",)


def _row(name: str, views: Sequence[View], now: datetime) -> Row:
    lines: list[LineView] = [line for view in views for line in view.lines]
    outcomes = [line_outcome(line, now) for line in lines]
    return Row(
        name=name,
        orders=otif(order_outcome(view, now) for view in views),
        lines=otif(outcomes),
        on_time=on_time(lines, now),
        failed=failures(views),
        early=outcomes.count(Outcome.EARLY),
    )
