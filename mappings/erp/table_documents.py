"""What the rows of a table tell of a document, as the document. A wrong value is noted with its row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from contracts.connector import Context
from contracts.documents import (
    Document,
    GoodsIssue,
    IssueLine,
    IssueState,
    Order,
    OrderLine,
    OrderState,
    Package,
    Place,
)
from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.model import Contract, build
from contracts.moment import Moment, Precision, Window
from contracts.receipts import GoodsReceipt, ReceiptLine, ReturnLine, ReturnReceipt
from mappings.erp.table_cells import Value, When, moment
from mappings.erp.table_fields import WITHDRAWN
from mappings.erp.table_rows import Line, Mistakes, Told, Values

C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes documents of one table. version: of those that say none of their own."""

    kind: str
    context: Context
    version: datetime
    mistakes: Mistakes

    def document(self, told: Told) -> Document | None:
        """Make a document; None, with its mistakes noted, where that cannot be."""
        before = self.mistakes.count
        try:
            made = self._document(told)
        except Rejected as error:
            self.mistakes.add(told.rows[0].number, "", f"{told.name}: {error.sentence}", "")
            return None
        return made if self.mistakes.count == before and told.is_whole else None

    def _document(self, told: Told) -> Document:
        said = told.head.get("version")
        version = self.version if said is None else self._moment(said).at
        whole = {"account": self.context.account, "document": told.name, "version": version}
        model = _MODELS[self.kind]
        if told.head.get("state") == WITHDRAWN:
            return build(model, **whole, withdrawn=True)
        return build(model, **whole, **_HEADS[self.kind](self, told.head, told))

    def order(self, head: Values, told: Told) -> dict[str, object]:
        """Say what an order says besides its name and version."""
        zone = str(head.get("zone", self.zone))
        customer = {"id": head["customer"], "name": head.get("customer_name", "")} if "customer" in head else None
        return {
            **_given(head, "reference", "method"),
            "state": head.get("state", OrderState.CONFIRMED),
            "customer": customer,
            "destination": build(Place, **_given(head, "country", "region", "city", "postal_code", "zone")),
            "ordered_at": self._at(head, "ordered_at"),
            "confirmed_at": self._at(head, "confirmed_at"),
            "lines": self._lines(told, OrderLine, lambda line: _ordered(line, zone)),
        }

    def goods_issue(self, head: Values, told: Told) -> dict[str, object]:
        """Say what a goods issue says."""
        closed = self._at(head, "closed_at")
        origin = {name.removeprefix("origin_"): value for name, value in head.items() if name.startswith("origin_")}
        return {
            "state": head.get("state", IssueState.DESPATCHED if "despatched_at" in head else IssueState.PLANNED),
            "planned_for": self._at(head, "planned_for"),
            "despatched_at": self._at(head, "despatched_at"),
            "closed_at": None if closed is None else closed.at,
            "origin": build(Place, **origin),
            "transport": _given(head, "vehicle", "container") or None,
            "packages": tuple(dict.fromkeys(_packages(told.lines))),
            "lines": self._lines(told, IssueLine, lambda line: {**_goods(line, "quantity"), **_serves(line)}),
        }

    def goods_receipt(self, head: Values, told: Told) -> dict[str, object]:
        """Say what a receipt of finished goods says."""
        lines = self._lines(told, ReceiptLine, lambda line: {**_goods(line, "quantity"), **_serves(line)})
        return {"received_at": self._at(head, "received_at"), "lines": lines}

    def return_receipt(self, head: Values, told: Told) -> dict[str, object]:
        """Say what a receipt of returned goods says."""

        def line(values: Values) -> dict[str, object]:
            return {**_goods(values, "quantity"), **_serves(values), **_given(values, "reason", "condition")}

        return {
            "received_at": self._at(head, "received_at"),
            **_given(head, "goods_issue"),
            "lines": self._lines(told, ReturnLine, line),
        }

    @property
    def zone(self) -> str:
        """The zone of dates and times that name none."""
        return self.context.zone or "UTC"

    def _at(self, head: Values, name: str) -> Moment | None:
        return self._moment(head[name]) if name in head else None

    def _moment(self, value: Value) -> Moment:
        return moment(_when(value), self.zone)

    def _lines(self, told: Told, model: type[C], say: Callable[[Values], Mapping[str, object]]) -> tuple[C, ...]:
        """Make the lines; where one cannot be, that is noted with its row."""
        made: list[C] = []
        named: dict[str, int] = {}
        for number, line in enumerate(told.lines, 1):
            name = str(line.values.get("line", number))
            if (first := named.setdefault(name, line.row)) != line.row:
                self.mistakes.add(line.row, "", f"line {name} of {told.name} again", f"one only; it is in row {first}")
            if not told.is_whole:
                continue
            try:
                made.append(build(model, line=name, **say(line.values)))
            except Rejected as error:
                self.mistakes.add(line.row, "", error.sentence, "")
        return tuple(made)


def version_of(said: str, context: Context) -> datetime:
    """Give the version of documents that say none: when the file was written, else when it came."""
    return read_time(said) if said else context.received_at


def _goods(values: Values, quantity: str) -> dict[str, object]:
    return {
        "product": {"code": values["product"], "name": values.get("product_name", "")},
        quantity: {"value": values["quantity"], "unit": values["unit"]},
    }


def _serves(values: Values) -> dict[str, object]:
    return _given(values, "order", "order_line")


def _given(values: Values, *names: str) -> dict[str, object]:
    return {name: values[name] for name in names if name in values}


def _ordered(values: Values, zone: str) -> dict[str, object]:
    return {**_goods(values, "ordered"), "promised": _window(values, zone)}


def _window(values: Values, zone: str) -> Window | None:
    """Make the promised window: whole days where dates are given, else until that instant."""
    if "promised" not in values:
        if "promised_from" in values:
            raise Rejected("a window that opens and never closes: `promised` is missing", code="invalid")
        return None
    first = _when(values["promised_from"]) if "promised_from" in values else None
    last = _when(values["promised"])
    is_of_days = not isinstance(first, datetime) and not isinstance(last, datetime)
    if is_of_days:
        return Window.of_days(first, last, zone)
    closes = moment(last, zone).at if isinstance(last, datetime) else Window.of_days(None, last, zone).closes
    opens = None if first is None else moment(first, zone).at
    return build(Window, opens=opens, closes=closes, precision=Precision.LOCAL, zone=zone)


def _when(value: Value) -> When:
    if not isinstance(value, date):
        raise Rejected(f"found {value!r}; expected a date", code="invalid")
    return value


def _packages(lines: list[Line]) -> Iterator[Package]:
    for line in lines:
        said = _given(line.values, "carrier", "service", "tracking_number")
        if mark := line.values.get("package"):
            said["mark"] = mark
        if "mark" in said or "tracking_number" in said:
            yield build(Package, **said)


_MODELS: Mapping[str, type[Document]] = {
    model.kind: model for model in (Order, GoodsIssue, GoodsReceipt, ReturnReceipt)
}
_HEADS: Mapping[str, Callable[[Maker, Values, Told], dict[str, object]]] = {
    "order": Maker.order,
    "goods_issue": Maker.goods_issue,
    "goods_receipt": Maker.goods_receipt,
    "return_receipt": Maker.return_receipt,
}
