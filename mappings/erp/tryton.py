"""Tryton: sales become orders, shipments goods issues, returns return receipts, productions receipts, complaints cases.

The payload is one reading of our own poller (`connectors.pollers.tryton`):

    {"kind": "order" | "goods_issue" | "return_receipt" | "goods_receipt" | "case",
     "document": NUMBER, "read_at": RFC 3339, "withdrawn": false,
     "afresh": whether it was read on purpose, for one order (false where it is left out),
     "record": the REST record with its children nested in it, null where withdrawn}

A document's name is its number, which is what people and every other document use; the poller sends nothing of a
document that has none yet. The version is `read_at`. Lines are named by Tryton's ids, which stay when lines move.

The promise of a line, in the company's zone, is the sale's shipping date, which people enter for the customer; where
there is none, the earliest date for which a move of the line was first planned; before there are moves, the date that
Tryton reckons from the product's lead time. The dates of moves themselves are no promise: they follow a delay.
Tryton keeps no word of a customer's agreement (nor do its amendments, module `sale_amendment`), so that no line is ever
`agreed`: what changes after confirmation is asked about. A sale that goes back to a draft is promised anew.

Options of the account: `options`; `severity.TYPE`, see `tryton_complaint`.
"""

from collections.abc import Mapping
from datetime import date

from contracts.connector import Context, Mapped
from contracts.documents import Order, OrderLine, OrderState, Party
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Window
from mappings.erp import tryton_records as tryton
from mappings.erp.options import delivery_time
from mappings.erp.readings import Kinds, mapped
from mappings.erp.tryton_complaint import case
from mappings.erp.tryton_receipts import goods_receipt, return_receipt
from mappings.erp.tryton_shipment import goods_issue
from mappings.erp.tryton_values import dates_of, moment_on, place, product_of, quantity_of

ORDER_STATES: Mapping[str, OrderState] = {
    "draft": OrderState.DRAFT,
    "quotation": OrderState.DRAFT,
    "confirmed": OrderState.CONFIRMED,
    "processing": OrderState.CONFIRMED,
    "done": OrderState.COMPLETED,
    "cancelled": OrderState.CANCELLED,
}


def to_events(payload: object, context: Context) -> Mapped:
    """Map one reading to its document; raises Rejected with the JSON path of the first wrong value."""
    return mapped(payload, KINDS, context)


def order(reading: tryton.SaleReading, context: Context) -> Order:
    """Map the reading of a sale. Left out are lines that move no goods, and returns (negative quantities)."""
    if reading.withdrawn:
        return Order(**reading.withdrawal(context))
    sale = reading.expect("a sale")
    dates = dates_of(sale.company, context)
    return build(
        Order,
        **reading.said(context),
        state=ORDER_STATES[sale.state],
        customer=None if sale.party is None else party(sale.party),
        reference=sale.reference or "",
        destination=place(sale.shipment_address),
        ordered_at=moment_on(sale.sale_date, dates),
        lines=tuple(
            order_line(sale, line, f"$.record.lines[{index}]", dates.zone, context.options)
            for index, line in enumerate(sale.lines)
            if line.type == "line" and line.movable and (line.quantity is None or line.quantity >= 0)
        ),
    )


def order_line(sale: tryton.Sale, line: tryton.SaleLine, path: str, zone: str, options: Mapping[str, str]) -> OrderLine:
    """Map one line."""
    if line.product is None or line.unit is None or line.quantity is None:
        raise Rejected("found a line of goods without product, unit or quantity", code="invalid", path=path)
    last = promised_day(sale, line)
    return OrderLine(
        line=str(line.id),
        product=product_of(line.product),
        ordered=quantity_of(line.quantity, line.unit, options, path),
        promised=None if last is None else Window.of_days(None, last + delivery_time(options), zone),
    )


def promised_day(sale: tryton.Sale, line: tryton.SaleLine) -> date | None:
    """Give the day for which shipping was promised, see above; a draft promises nothing but what it says itself."""
    if sale.shipping_date or ORDER_STATES[sale.state] is OrderState.DRAFT:
        return sale.shipping_date
    first_planned = [move.origin_planned_date for move in line.moves if move.origin_planned_date]
    return min(first_planned) if first_planned else line.shipping_date


def party(found: tryton.Party) -> Party:
    """Name a party by its code, which Tryton gives out and people know; else by its id."""
    return Party(id=found.code or f"#{found.id}", name=found.name or "")


KINDS: Kinds = {
    "order": (tryton.SaleReading, order),
    "goods_issue": (tryton.ShipmentReading, goods_issue),
    "return_receipt": (tryton.ReturnReading, return_receipt),
    "goods_receipt": (tryton.ProductionReading, goods_receipt),
    "case": (tryton.ComplaintReading, case),
}
