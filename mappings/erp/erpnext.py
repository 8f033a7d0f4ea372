"""ERPNext: sales orders become orders, delivery notes goods issues, and those that are returns return receipts.

The payload is one reading of our own poller (`connectors.pollers.erpnext`):

    {"kind": "order" | "goods_issue" | "return_receipt", "document": NAME, "read_at": RFC 3339, "withdrawn": false,
     "afresh": whether it was read on purpose, for one order (false where it is left out),
     "record": the document with what belongs to it nested in it, null where withdrawn}

A document's name is ERPNext's; the version is `read_at`; lines are named by the ids of their rows. An amended document
is another one, of another name, and the one it amends is cancelled.

A line's promise is its `delivery_date`, else the order's, in the account's zone, which is the site's. ERPNext keeps
no word of a customer's agreement to a change, so no line is ever `agreed`. All rows of an order are its lines: ERPNext
itself counts services as delivered by a delivery note too.

Options of the account: `unit.NAME` (`mappings.erp.options`).
"""

from collections.abc import Mapping

from contracts.connector import Context, Mapped
from contracts.documents import Order, OrderLine, OrderState, Party, Place
from contracts.model import build
from contracts.moment import Moment, Window, ZoneSource
from mappings.erp import erpnext_records as erpnext
from mappings.erp.erpnext_delivery import goods_issue, return_receipt
from mappings.erp.erpnext_values import product_of, quantity_of
from mappings.erp.readings import Kinds, mapped

ORDER_STATES: Mapping[str, OrderState] = {
    "Draft": OrderState.DRAFT,
    "On Hold": OrderState.CONFIRMED,
    "To Pay": OrderState.CONFIRMED,
    "To Deliver and Bill": OrderState.CONFIRMED,
    "To Deliver": OrderState.CONFIRMED,
    "To Bill": OrderState.COMPLETED,
    "Completed": OrderState.COMPLETED,
    "Closed": OrderState.COMPLETED,
    "Cancelled": OrderState.CANCELLED,
}
"""By its status. What is still to be billed is delivered; what somebody closed will not be delivered any more."""


def to_events(payload: object, context: Context) -> Mapped:
    """Map one reading to its document; raises Rejected with the JSON path of the first wrong value."""
    return mapped(payload, KINDS, context)


def order(reading: erpnext.OrderReading, context: Context) -> Order:
    """Map the reading of a sales order."""
    if reading.withdrawn:
        return Order(**reading.withdrawal(context))
    sale = reading.expect("a sales order")
    zone = context.zone or "UTC"
    address = sale.shipping_address or erpnext.Address()
    return build(
        Order,
        **reading.said(context),
        state=state_of(sale),
        customer=Party(id=sale.customer, name=sale.customer_name or "") if sale.customer else None,
        reference=sale.po_no or "",
        destination=build(
            Place,
            country=(address.country_code or "").upper(),
            city=address.city or "",
            postal_code=address.pincode or "",
        ),
        ordered_at=Moment.on(sale.transaction_date, zone, ZoneSource.ACCOUNT) if sale.transaction_date else None,
        lines=tuple(
            order_line(sale, item, f"$.record.items[{index}]", zone, context)
            for index, item in enumerate(sale.items)
            if item.qty >= 0
        ),
    )


def state_of(sale: erpnext.SalesOrder) -> OrderState:
    """Give how far an order is; `docstatus` outweighs the status that people may set."""
    by_docstatus = {0: OrderState.DRAFT, 2: OrderState.CANCELLED}
    return by_docstatus.get(sale.docstatus, ORDER_STATES[sale.status])


def order_line(sale: erpnext.SalesOrder, item: erpnext.OrderItem, path: str, zone: str, context: Context) -> OrderLine:
    """Map one row."""
    last = item.delivery_date or sale.delivery_date
    return OrderLine(
        line=item.name,
        product=product_of(item, path),
        ordered=quantity_of(item.qty, item, context.options, path),
        promised=None if last is None else Window.of_days(None, last, zone),
    )


KINDS: Kinds = {
    "order": (erpnext.OrderReading, order),
    "goods_issue": (erpnext.DeliveryReading, goods_issue),
    "return_receipt": (erpnext.DeliveryReading, return_receipt),
}
