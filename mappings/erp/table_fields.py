"""What a table may say of each kind of document: its fields, what they hold, and to what they belong.

A row is a line of a document; the fields of the document itself stand in each of its rows, or in its first alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from contracts.documents import DeliveryMethod, IssueState, OrderState
from contracts.receipts import ReturnedCondition

WITHDRAWN = "withdrawn"
"""The state by which a table takes a document back."""


class Holds(StrEnum):
    """What the cells of a field hold."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    CODE = "code"


class Field(NamedTuple):
    """One field. of_line: it belongs to the row's line (or package), not to the document.

    codes: the meanings that a cell of codes may have.
    """

    name: str
    holds: Holds = Holds.TEXT
    of_line: bool = False
    required: bool = False
    codes: frozenset[str] = frozenset()


def _date(name: str, *, of_line: bool = False) -> Field:
    return Field(name, Holds.DATE, of_line)


def _codes(name: str, kinds: type[StrEnum], *others: str, of_line: bool = False) -> Field:
    return Field(name, Holds.CODE, of_line, codes=frozenset({*(kind.value for kind in kinds), *others}))


def _line(name: str, *, required: bool = False) -> Field:
    return Field(name, of_line=True, required=required)


_DOCUMENT = (Field("document", required=True), _date("version"))
_GOODS = (
    _line("line"),
    _line("product", required=True),
    _line("product_name"),
    Field("quantity", Holds.NUMBER, of_line=True, required=True),
    Field("unit", Holds.UNIT, of_line=True, required=True),
)
_SERVES = (_line("order", required=True), _line("order_line"))

ORDER = (
    *_DOCUMENT,
    _codes("state", OrderState, WITHDRAWN),
    Field("customer"),
    Field("customer_name"),
    Field("reference"),
    Field("country"),
    Field("region"),
    Field("city"),
    Field("postal_code"),
    Field("zone"),
    _codes("method", DeliveryMethod),
    _date("ordered_at"),
    _date("confirmed_at"),
    *_GOODS,
    _date("promised_from", of_line=True),
    _date("promised", of_line=True),
)
GOODS_ISSUE = (
    *_DOCUMENT,
    _codes("state", IssueState, WITHDRAWN),
    _date("planned_for"),
    _date("despatched_at"),
    _date("closed_at"),
    Field("origin_country"),
    Field("origin_region"),
    Field("origin_city"),
    Field("vehicle"),
    Field("container"),
    *_SERVES,
    *_GOODS,
    _line("package"),
    _line("carrier"),
    _line("service"),
    _line("tracking_number"),
)
GOODS_RECEIPT = (
    *_DOCUMENT,
    Field("state", Holds.CODE, codes=frozenset({WITHDRAWN, "valid"})),
    _date("received_at"),
    *_SERVES,
    *_GOODS,
)
RETURN_RECEIPT = (
    *GOODS_RECEIPT,
    Field("goods_issue"),
    _line("reason"),
    _codes("condition", ReturnedCondition, of_line=True),
)

KINDS: Mapping[str, Mapping[str, Field]] = {
    kind: {field.name: field for field in fields}
    for kind, fields in (
        ("order", ORDER),
        ("goods_issue", GOODS_ISSUE),
        ("goods_receipt", GOODS_RECEIPT),
        ("return_receipt", RETURN_RECEIPT),
    )
}
