"""Odoo's records as its APIs give them, with what belongs to them nested in them by our own poller.

Only the fields that a mapping uses; the poller asks for exactly these (`connectors.pollers.odoo_fields`). Field names,
states and types are those of Odoo 17 to 19, modules `sale`, `sale_stock`, `stock` and `stock_delivery` (in 17
`delivery`): https://github.com/odoo/odoo/tree/18.0/addons, `sale/models/sale_order.py` and `sale_order_line.py`,
`stock/models/stock_picking.py`, `stock/models/stock_move.py`. An empty field is `false`; an instant is in UTC
(https://www.odoo.com/documentation/18.0/developer/reference/backend/orm.html, "Date(time) Fields").
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contracts.model import Contract
from mappings.erp.readings import OUR_TIME, Amount, Told


def _empty(value: object) -> object:
    """Odoo writes an empty field as `false`, whatever its type."""
    return None if value is False else value


def _instant(value: object) -> object:
    if value is False or value is None:
        return None
    if isinstance(value, str):
        try:
            at = datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError as error:
            raise ValueError("expected YYYY-MM-DD HH:MM:SS") from error
        if at.year in OUR_TIME:
            return at
        raise ValueError("expected a year of our time")
    raise ValueError("expected YYYY-MM-DD HH:MM:SS")


Text = Annotated[str | None, BeforeValidator(_empty)]
At = Annotated[datetime | None, BeforeValidator(_instant)]


class Unit(Contract):
    """`uom.uom`, by its name in English."""

    name: str


class Product(Contract):
    """`product.product`; its internal reference may be empty. type: `product` is Odoo 17's storable good."""

    id: int
    default_code: Text = None
    name: str = ""
    type: Literal["consu", "service", "combo", "product"]


class Region(Contract):
    """`res.country.state`: its code is the part of ISO 3166-2 behind the country, where the country has such."""

    code: str


class Partner(Contract):
    """`res.partner`. ref: the company's own reference of it."""

    id: int
    name: Text = None
    ref: Text = None
    city: Text = None
    zip: Text = None
    country_code: Text = None
    state_id: Annotated[Region | None, BeforeValidator(_empty)] = None


class OrderLine(Contract):
    """`sale.order.line`. Sections and notes are lines too, and have a `display_type`."""

    id: int
    display_type: Text = None
    product_id: Annotated[Product | None, BeforeValidator(_empty)] = None
    product_uom: Annotated[Unit | None, BeforeValidator(_empty)] = None
    product_uom_qty: Amount = Decimal(0)
    customer_lead: float = Field(default=0.0, ge=-36500, le=36500)
    is_downpayment: bool = False


class SaleOrder(Contract):
    """`sale.order`. `done` is the locked order of Odoo 16 and earlier, which a database may still hold.

    delivery_status: of module `sale_stock`; empty where nothing is to be delivered.
    """

    id: int
    name: str = Field(min_length=1)
    state: Literal["draft", "sent", "sale", "done", "cancel"]
    client_order_ref: Text = None
    date_order: At = None
    create_date: At = None
    commitment_date: At = None
    partner_id: Annotated[Partner | None, BeforeValidator(_empty)] = None
    partner_shipping_id: Annotated[Partner | None, BeforeValidator(_empty)] = None
    delivery_status: Annotated[Literal["pending", "started", "partial", "full"] | None, BeforeValidator(_empty)] = None
    order_line: tuple[OrderLine, ...]


class ServedLine(Contract):
    """The sale's line that a move serves, and its order by its number."""

    id: int
    order: str = Field(min_length=1)


class Move(Contract):
    """`stock.move`. product_uom_qty: the demand; quantity: what was moved, or is reserved until it is done."""

    id: int
    state: Literal["draft", "waiting", "confirmed", "partially_available", "assigned", "done", "cancel"]
    product_id: Product
    product_uom: Unit
    product_uom_qty: Amount
    quantity: Amount = Decimal(0)
    sale_line_id: Annotated[ServedLine | None, BeforeValidator(_empty)] = None


class Named(Contract):
    """A record of which only the name matters."""

    id: int
    name: str


class Picking(Contract):
    """`stock.picking`. return_id: the one whose goods it takes back."""

    id: int
    name: str = Field(min_length=1)
    state: Literal["draft", "waiting", "confirmed", "assigned", "done", "cancel"]
    scheduled_date: At = None
    date_done: At = None
    write_date: At = None
    create_date: At = None
    carrier_id: Annotated[Named | None, BeforeValidator(_empty)] = None
    carrier_tracking_ref: Text = None
    return_id: Annotated[Named | None, BeforeValidator(_empty)] = None
    move_ids: tuple[Move, ...]


OrderReading = Told[SaleOrder]
PickingReading = Told[Picking]
