"""Reports as people read them, and as programs do."""

from collections.abc import Iterable
from decimal import Decimal

from rich.table import Table

from streams.measures.definitions import Rate
from streams.measures.report import By, Row

COLUMNS = ("orders OTIF", "lines OTIF", "lines on time", "orders gone wrong", "lines early")


def table(rows: Iterable[Row], by: By) -> Table:
    """Show rows, one a line."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column(by.value)
    for column in COLUMNS:
        shown.add_column(column, justify="right")
    for row in rows:
        rates = (row.orders, row.lines, row.on_time, row.failed)
        shown.add_row(row.name, *(percent(rate) for rate in rates), str(row.early))
    return shown


def as_object(row: Row) -> dict[str, object]:
    """Write a row for programs: each rate as its hits and total."""
    rates = {"orders_otif": row.orders, "lines_otif": row.lines, "on_time": row.on_time, "failed": row.failed}
    written = {name: {"hits": rate.hits, "total": rate.total} for name, rate in rates.items()}
    return {"name": row.name, **written, "early": row.early}


def percent(rate: Rate) -> str:
    """Show a share with what it is of."""
    share: Decimal | None = rate.percent
    return "–" if share is None else f"{share} % ({rate.hits}/{rate.total})"
