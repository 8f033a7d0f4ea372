"""An order of an IDoc of basic type ORDERS05.

Its number is the supplier's (E1EDK02 with QUALF 002), else the sender's own (E1EDK01-BELNR); its reference the
customer's (QUALF 001). ACTION 003 deletes: the whole order at its head, which withdraws it, or an item, which is then
cancelled, as is one with a reason for rejection (ABGRU); an order all of whose items are cancelled is. The other
actions (000 to 002 and 004: new, added, changed, as it was) change nothing in a document that is whole; one that is
none of these is told as unknown.

An item is promised by its schedule lines (E1EDP20) that have a quantity; where it has none, by its requested delivery
date (E1EDP03 with IDDAT 002), else by the order's (E1EDK03). It was ordered on IDDAT 022, else 012, the document's
date.

Incoterms (E1EDK17, QUALF 001): with EXW the customer fetches the goods; who carries them under the others they do not
say. Terms of payment, prices and texts are not read.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from contracts.connector import Context
from contracts.documents import (
    DeliveryMethod,
    Order,
    OrderLine,
    OrderState,
    Party,
    Place,
    Product,
)
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Moment, ZoneSource
from mappings.erp.sap_idoc_segments import Dated, Idoc, OrderItem
from mappings.erp.sap_values import plain, promise, quantity_of

CONFIRMED_BY, CHANGED_BY = "ORDRSP", "ORDCHG"
DELETED = "003"
ACTIONS = frozenset({"", "000", "001", "002", DELETED, "004"})
"""What may become of an order or an item."""
CUSTOMER_S, SUPPLIER_S = "001", "002"
REQUESTED, ORDERED_ON = "002", ("022", "012")
SOLD_TO, SHIP_TO = "AG", "WE"
EX_WORKS = "EXW"


def order(idoc: Idoc, version: datetime, context: Context, path: str) -> tuple[Order, tuple[str, ...]]:
    """Map an order; gives the actions, too, that no table lists."""
    if not idoc.E1EDK01:
        raise Rejected("found none; expected an order's head", code="invalid", path=f"{path}.E1EDK01")
    head = idoc.E1EDK01[0]
    numbers = {reference.QUALF: reference.BELNR for reference in idoc.E1EDK02}
    number = plain(numbers.get(SUPPLIER_S) or head.BELNR)
    unknown = tuple(
        f"ACTION/{action}" for action in (head.ACTION, *(item.ACTION for item in idoc.E1EDP01)) if action not in ACTIONS
    )
    if head.ACTION == DELETED:
        return build(Order, account=context.account, document=number, version=version, withdrawn=True), unknown
    if idoc.control.MESTYP == CHANGED_BY:
        reason = "found a change, which may hold only what changed; expected the whole order, as ORDRSP has it"
        raise Rejected(reason, code="partial", path=f"{path}.EDI_DC40[0].MESTYP")
    zone = context.zone or "UTC"
    lines = tuple(
        _line(item, _requested(idoc, item), f"{path}.E1EDP01[{at}]", zone, context)
        for at, item in enumerate(idoc.E1EDP01)
    )
    found = build(
        Order,
        account=context.account,
        document=number,
        version=version,
        state=_state(idoc, lines),
        customer=_customer(idoc),
        reference=numbers.get(CUSTOMER_S, ""),
        destination=_destination(idoc),
        method=_method(idoc),
        ordered_at=_ordered_at(idoc, zone),
        lines=lines,
    )
    return found, unknown


def _state(idoc: Idoc, lines: tuple[OrderLine, ...]) -> OrderState:
    if lines and all(line.cancelled for line in lines):
        return OrderState.CANCELLED
    return OrderState.CONFIRMED if idoc.control.MESTYP == CONFIRMED_BY else OrderState.DRAFT


def _line(item: OrderItem, requested: date | None, path: str, zone: str, context: Context) -> OrderLine:
    ordered = quantity_of(item.MENGE, item.MENEE, "", context.options, f"{path}.MENEE")
    parts = [
        (part.EDATU, quantity_of(part.WMENG, item.MENEE, "", context.options, f"{path}.MENEE"))
        for part in sorted(item.E1EDP20, key=lambda part: part.EDATU or date.min)
        if Decimal(0) < part.WMENG and part.EDATU
    ]
    promised, schedule = promise(parts, requested, zone)
    return build(
        OrderLine,
        line=plain(item.POSEX),
        product=_product(item, path),
        ordered=ordered,
        promised=promised,
        cancelled=item.ACTION == DELETED or bool(item.ABGRU),
        schedule=schedule,
    )


def _product(item: OrderItem, path: str) -> Product:
    """Name a product as the supplier does, who wrote the delivery as well; else as anybody does."""
    called = {name.QUALF: name for name in reversed(item.E1EDP19) if name.IDTNR}
    name = called.get(SUPPLIER_S) or next(iter(called.values()), None)
    code = name.IDTNR if name else item.MATNR
    if not code:
        raise Rejected("found an item that names no product", code="invalid", path=f"{path}.E1EDP19")
    text = next((one.KTEXT for one in item.E1EDP19 if one.KTEXT), "")
    return Product(code=plain(code), name=text)


def _requested(idoc: Idoc, item: OrderItem) -> date | None:
    return _dated(item.E1EDP03, REQUESTED) or _dated(idoc.E1EDK03, REQUESTED)


def _dated(dates: Iterable[Dated], what: str) -> date | None:
    return next((one.DATUM for one in dates if what == one.IDDAT and one.DATUM), None)


def _ordered_at(idoc: Idoc, zone: str) -> Moment | None:
    days = [found for what in ORDERED_ON if (found := _dated(idoc.E1EDK03, what))]
    return Moment.on(days[0], zone, ZoneSource.ACCOUNT) if days else None


def _customer(idoc: Idoc) -> Party | None:
    found = [partner for partner in idoc.E1EDKA1 if partner.PARVW == SOLD_TO and partner.PARTN]
    return Party(id=plain(found[0].PARTN), name=found[0].NAME1) if found else None


def _destination(idoc: Idoc) -> Place:
    for partner in idoc.E1EDKA1:
        if partner.PARVW == SHIP_TO:
            country = partner.ISOAL or partner.LAND1
            return build(Place, country=country, city=partner.ORT01, postal_code=partner.PSTLZ)
    return Place()


def _method(idoc: Idoc) -> DeliveryMethod:
    terms = {one.QUALF: one.LKOND for one in idoc.E1EDK17}
    return DeliveryMethod.SELF_PICKUP if terms.get("001") == EX_WORKS else DeliveryMethod.THIRD_PARTY
