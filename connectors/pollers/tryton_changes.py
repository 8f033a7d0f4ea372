"""What was written in Tryton since a mark, and which documents that leads to.

A child's write leaves its parent's date alone, so lines, moves and packages are asked for as well.

The mark is the highest date of a write that was seen, in the server's own time, and never beyond the server's clock at
the poll's first answer: what is written while a poll reads is found by the next one. Source of `create_date` and
`write_date` (null until the first write): trytond 8.2, `model/modelsql.py`; both are the begin of their transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.pollers.tryton_fields import (
    COMPLAINT,
    LINE,
    MOVE,
    PACKAGE,
    PRODUCTION,
    RETURN,
    SALE,
    SHIPMENT,
    STAMPS,
    refuse_hidden,
)
from connectors.pollers.tryton_rest import Row, TrytonRest
from contracts.envelope import read_time, write_time
from mappings.tickets.tryton_complaint import beginning

Parents = Iterable[tuple[str, int]]
"""Kinds and ids of documents."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One model whose writes are asked for. company: the field that leads to its company.

    is_child: it stands in documents, so that it leads to none that reading all documents would not.
    """

    model: str
    parents: Callable[[Row], Parents]
    fields: tuple[str, ...] = ()
    company: str = "company"
    domain: tuple[object, ...] = ()
    is_child: bool = False

    def since(self, company: int, since: datetime | None) -> list[object]:
        """Give the domain of what was written at or after `since`."""
        written = [] if since is None else [["OR", *([stamp, ">=", _timestamp(since)] for stamp in STAMPS)]]
        return [[self.company, "=", company], *self.domain, *written]


def _sale(row: Row) -> Parents:
    return [("order", row["sale"])] if row["sale"] else []


_SHIPMENTS = {SHIPMENT: "goods_issue", RETURN: "return_receipt"}


def shipment_of(row: Row) -> Parents:
    """Give the customer shipment or return in which a move or package stands, if it stands in one."""
    model, _, number = (row["shipment"] or "").partition(",")
    return [(_SHIPMENTS[model], int(number))] if model in _SHIPMENTS else []


IN_SHIPMENT = ["OR", *(["shipment", "like", f"{model},%"] for model in _SHIPMENTS)]
"""The condition that a move stands in a shipment that is told."""

BY_PEOPLE = ["OR", ["reference", "=", None], ["reference", "not like", beginning()]]
"""The condition that a complaint is none that we made ourselves (`connectors.targets.tryton_complaint`).

Were those read, each would be a case, whose findings would become complaints.
"""

WATCHES = (
    Watch(SALE, lambda row: [("order", row["id"])]),
    Watch(SHIPMENT, lambda row: [("goods_issue", row["id"])]),
    Watch(RETURN, lambda row: [("return_receipt", row["id"])]),
    Watch(PRODUCTION, lambda row: [("goods_receipt", row["id"])], domain=(["origin", "like", f"{LINE},%"],)),
    Watch(COMPLAINT, lambda row: [("case", row["id"])], domain=(BY_PEOPLE,)),
    Watch(LINE, _sale, fields=("sale",), company="sale.company", is_child=True),
    Watch(
        MOVE,
        lambda row: [*_sale(row), *shipment_of(row)],
        fields=("sale", "shipment"),
        domain=([*IN_SHIPMENT, ["origin", "like", f"{LINE},%"]],),
        is_child=True,
    ),
    Watch(PACKAGE, shipment_of, fields=("shipment",), is_child=True),
)


@dataclass(slots=True)
class Changes:
    """The documents that changes lead to, by kind, and how far they were looked for."""

    mark: str
    documents: dict[str, set[int]] = field(default_factory=dict)


async def changes_since(rest: TrytonRest, watches: Iterable[Watch], company: int, since: datetime | None) -> Changes:
    """Ask for all that was written at or after `since`; ever, where that is None."""
    found = Changes("")
    highest = began = None
    for watch in watches:
        fields = (*watch.fields, *STAMPS)
        async for rows in rest.pages(watch.model, watch.since(company, since), fields):
            began = began or rest.answered_at
            for row in rows:
                refuse_hidden(watch.model, row, fields)
                for kind, number in watch.parents(row):
                    found.documents.setdefault(kind, set()).add(number)
                highest = max(filter(None, (highest, *(_instant(row[stamp]) for stamp in STAMPS))), default=None)
    if highest is not None:
        found.mark = write_time(min(highest, began or highest)).decode()
    return found


def begin(mark: str, first: datetime | None, overlap: timedelta) -> datetime | None:
    """Say from when on changes are asked for: the overlap before the mark; before there is one, what is configured."""
    if mark:
        return read_time(mark) - overlap
    return first


def _instant(value: dict[str, int] | None) -> datetime | None:
    if value is None:
        return None
    parts = (value[part] for part in ("year", "month", "day", "hour", "minute", "second", "microsecond"))
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def _timestamp(instant: datetime) -> dict[str, object]:
    at = instant.astimezone(UTC)
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime"} | {part: getattr(at, part) for part in parts}
