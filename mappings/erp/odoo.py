"""Odoo: sales orders become orders, deliveries goods issues, returns return receipts.

The payload is one reading of our own poller (`connectors.pollers.odoo`):

    {"kind": "order" | "goods_issue" | "return_receipt", "document": NAME, "read_at": RFC 3339, "withdrawn": false,
     "afresh": whether it was read on purpose, for one order (false where it is left out),
     "record": the record with what belongs to it nested in it, null where withdrawn}

A document's name is Odoo's (`S00012`, `WH/OUT/00007`); the version is `read_at`; lines are named by Odoo's ids.

A line's promise is the day of the order's `commitment_date` ("Delivery Date"), in the account's zone: Odoo keeps an
instant there, of which people enter the day. Where nobody entered one, it is the day of the confirmation and the line's
`customer_lead` (days until shipping), and the account's `delivery_days` on top; a quotation then promises nothing. Odoo
keeps no word of a customer's agreement to a change, so no line is ever `agreed`.

Production is not read: nothing in Odoo's manufacturing orders names the line of a sale for which they are made.

Options of the account: `mappings.erp.options`.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from contracts.connector import Context, Mapped
from contracts.documents import Order, OrderLine, OrderState, Party, Place
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Moment, Window, zone
from mappings.erp import odoo_records as odoo
from mappings.erp.odoo_picking import goods_issue, return_receipt
from mappings.erp.odoo_values import product_of, quantity_of
from mappings.erp.options import delivery_time
from mappings.erp.readings import Kinds, mapped

ORDER_STATES: Mapping[str, OrderState] = {
    "draft": OrderState.DRAFT,
    "sent": OrderState.DRAFT,
    "sale": OrderState.CONFIRMED,
    "done": OrderState.CONFIRMED,
    "cancel": OrderState.CANCELLED,
}
"""A quotation, a quotation that was sent, a sales order, a locked one (Odoo 16), a cancelled one."""

GOODS = frozenset({"consu", "product"})
"""Types of products that are delivered. A combo is delivered as the lines of its items."""


def to_events(payload: object, context: Context) -> Mapped:
    """Map one reading to its document; raises Rejected with the JSON path of the first wrong value."""
    return mapped(payload, KINDS, context)


def order(reading: odoo.OrderReading, context: Context) -> Order:
    """Map the reading of a sales order. Left out are lines that move no goods, and those of negative quantity."""
    if reading.withdrawn:
        return Order(**reading.withdrawal(context))
    sale = reading.expect("a sales order")
    state = state_of(sale)
    is_confirmed = state in {OrderState.CONFIRMED, OrderState.COMPLETED}
    return build(
        Order,
        **reading.said(context),
        state=state,
        customer=None if sale.partner_id is None else party(sale.partner_id),
        reference=sale.client_order_ref or "",
        destination=place(sale.partner_shipping_id),
        ordered_at=None if sale.create_date is None else Moment(at=sale.create_date),
        confirmed_at=Moment(at=sale.date_order) if is_confirmed and sale.date_order else None,
        lines=tuple(
            order_line(sale, line, f"$.record.order_line[{index}]", context)
            for index, line in enumerate(sale.order_line)
            if is_goods(line)
        ),
    )


def state_of(sale: odoo.SaleOrder) -> OrderState:
    """Give how far an order is: all its deliveries are over where Odoo's `delivery_status` says so."""
    state = ORDER_STATES[sale.state]
    return OrderState.COMPLETED if state is OrderState.CONFIRMED and sale.delivery_status == "full" else state


def is_goods(line: odoo.OrderLine) -> bool:
    """Tell whether a line is of goods to be delivered; what comes back has returns of its own."""
    if line.display_type or line.is_downpayment or line.product_id is None:
        return False
    return line.product_id.type in GOODS and line.product_uom_qty >= 0


def order_line(sale: odoo.SaleOrder, line: odoo.OrderLine, path: str, context: Context) -> OrderLine:
    """Map one line of goods."""
    if line.product_id is None or line.product_uom is None:
        raise Rejected("found a line of goods without product or unit", code="invalid", path=path)
    last = promised_day(sale, line, context)
    return OrderLine(
        line=str(line.id),
        product=product_of(line.product_id),
        ordered=quantity_of(line.product_uom_qty, line.product_uom, context.options, path),
        promised=None if last is None else Window.of_days(None, last, context.zone or "UTC"),
    )


def promised_day(sale: odoo.SaleOrder, line: odoo.OrderLine, context: Context) -> date | None:
    """Give the day for which the arrival was promised, see above."""
    here = zone(context.zone or "UTC")
    if sale.commitment_date is not None:
        return sale.commitment_date.astimezone(here).date()
    if ORDER_STATES[sale.state] is OrderState.DRAFT or sale.date_order is None:
        return None
    ships = sale.date_order + timedelta(days=line.customer_lead)
    return ships.astimezone(here).date() + delivery_time(context.options)


def party(found: odoo.Partner) -> Party:
    """Name a partner by the company's own reference of it; else by its id."""
    return Party(id=found.ref or f"#{found.id}", name=found.name or "")


def place(address: odoo.Partner | None) -> Place:
    """Map an address, as far as deliveries need it: no street, no person."""
    if address is None:
        return Place()
    return build(
        Place,
        country=address.country_code or "",
        region=address.state_id.code if address.state_id else "",
        city=address.city or "",
        postal_code=address.zip or "",
    )


KINDS: Kinds = {
    "order": (odoo.OrderReading, order),
    "goods_issue": (odoo.PickingReading, goods_issue),
    "return_receipt": (odoo.PickingReading, return_receipt),
}
