"""What was written in Odoo since a mark, and which documents that leads to.

A line's or a move's write leaves its parent's date alone, and `delivery_status` is reckoned without one, so lines and
moves are asked for as well. `write_date` is the begin of the transaction that wrote, by the database's clock in UTC
(https://www.odoo.com/documentation/18.0/developer/reference/backend/orm.html, "Access Log fields"); it is told to the
second. The mark is the highest that was seen, and never beyond the server's clock at the poll's first answer: what is
written while a poll reads is found by the next one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.pollers.odoo_api import OdooApi, Row, by_ids, pages
from connectors.pollers.odoo_fields import KIND_OF_TYPE, MOVE, ORDER, PICKING, SALE, SALE_LINE, SERVES_A_SALE
from contracts.envelope import read_time, write_time

Parents = Iterable[tuple[str, int]]
"""Kinds and ids of documents."""
_STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Watch:
    """One model whose writes are asked for."""

    model: str
    parents: Callable[[Row], Parents]
    fields: tuple[str, ...] = ()
    domain: tuple[object, ...] = ()


def _of_picking(row: Row) -> Parents:
    kind = KIND_OF_TYPE.get(row["picking_type_code"])
    return [(kind, row["id"])] if kind else []


def _of_line(row: Row) -> Parents:
    return [(ORDER.name, row["order_id"][0])] if row["order_id"] else []


WATCHES = (
    Watch(SALE, lambda row: [(ORDER.name, row["id"])]),
    Watch(SALE_LINE, _of_line, ("order_id",)),
    Watch(PICKING, _of_picking, ("picking_type_code",), (SERVES_A_SALE,)),
    Watch(MOVE, lambda _: (), ("picking_id", "sale_line_id"), (["sale_line_id", "!=", False],)),
)


@dataclass(slots=True)
class Changes:
    """The documents that changes lead to, by kind; moves lead to pickings and sales' lines, to be looked up."""

    mark: str = ""
    documents: dict[str, set[int]] = field(default_factory=dict)
    pickings: set[int] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)

    def add(self, parents: Parents) -> None:
        """Take documents."""
        for kind, number in parents:
            self.documents.setdefault(kind, set()).add(number)


async def changes_since(api: OdooApi, company: tuple[object, ...], since: datetime | None) -> Changes:
    """Ask for all that was written at or after `since`; ever, where that is None. company: a condition, or none."""
    found = Changes()
    highest = began = None
    written = [] if since is None else [["write_date", ">=", since.astimezone(UTC).strftime(_STAMP)]]
    # Where everything is read, lines and moves lead nowhere new.
    for watch in WATCHES if since else (WATCHES[0], WATCHES[2]):
        async for rows in pages(api, watch.model, [*company, *watch.domain, *written], ("write_date", *watch.fields)):
            began = began or api.answered_at
            for row in rows:
                found.add(watch.parents(row))
                if watch.model == MOVE:
                    found.lines.add(row["sale_line_id"][0])
                    found.pickings.update([row["picking_id"][0]] if row["picking_id"] else [])
            stamps = [instant(row["write_date"]) for row in rows if row["write_date"]]
            highest = max(filter(None, (highest, *stamps)), default=None)
    await _look_up_parents(api, found)
    if highest is not None:
        found.mark = write_time(min(highest, began or highest)).decode()
    return found


async def _look_up_parents(api: OdooApi, found: Changes) -> None:
    async for row in by_ids(api, PICKING, found.pickings, ("picking_type_code",)):
        found.add(_of_picking(row))
    async for row in by_ids(api, SALE_LINE, found.lines, ("order_id",)):
        found.add(_of_line(row))


def begin(mark: str, first: datetime | None, overlap: timedelta) -> datetime | None:
    """Say from when on changes are asked for: the overlap before the mark; before there is one, what is configured."""
    return read_time(mark) - overlap if mark else first


def instant(stamp: str) -> datetime:
    """Read an instant as Odoo writes it."""
    return datetime.strptime(stamp[:19], _STAMP).replace(tzinfo=UTC)
