"""ERPNext's documents as its REST API gives them, with what our own poller nests in them.

Field names, states and statuses: ERPNext 14 to 16, doctypes Sales Order, Sales Order Item, Delivery Note, Delivery Note
Item, Shipment and Address (https://github.com/frappe/erpnext/tree/version-15/erpnext, `DOCTYPE/DOCTYPE.json`).
`docstatus` is 0 for a draft, 1 for what was submitted, 2 for what was cancelled
(https://docs.frappe.io/framework/user/en/basics/doctypes). Times are local in the site's zone and do not say it.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from contracts.model import Contract
from mappings.erp.readings import Amount, Told, of_our_time

_SHAPES = {
    "YYYY-MM-DD": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "YYYY-MM-DD HH:MM:SS": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII),
    "HH:MM:SS": re.compile(r"\d\d:\d\d:\d\d", re.ASCII),
}


def _empty(value: object) -> object:
    return None if value == "" else value


def _iso(read: Callable[[str], object], text: str, shape: str) -> object:
    """Read one of the shapes of ISO 8601 and no other; by a format it takes many times as long."""
    if _SHAPES[shape].fullmatch(text):
        with suppress(ValueError):
            return read(text)
    raise ValueError(f"expected {shape}")


def _day(value: object) -> object:
    if isinstance(value, str):
        return _iso(date.fromisoformat, value, "YYYY-MM-DD")
    return value


def _wall_clock(value: object) -> object:
    if isinstance(value, str):
        return _iso(datetime.fromisoformat, value.partition(".")[0], "YYYY-MM-DD HH:MM:SS")
    raise ValueError("expected YYYY-MM-DD HH:MM:SS")


def _time_of_day(value: object) -> object:
    """A time is a span since midnight over there, so that its hour may have one digit."""
    if isinstance(value, str):
        return _iso(time.fromisoformat, value.partition(".")[0].zfill(len("HH:MM:SS")), "HH:MM:SS")
    return value


Text = Annotated[str | None, BeforeValidator(_empty)]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(of_our_time)]
Wall = Annotated[datetime, BeforeValidator(_wall_clock), AfterValidator(of_our_time)]
Clock = Annotated[time, BeforeValidator(_time_of_day)]


class Address(Contract):
    """`Address`, its country by the code of `Country` (ISO 3166-1, in lower case there). `state` is free text."""

    city: Text = None
    pincode: Text = None
    country_code: Text = None


class Item(Contract):
    """What the rows of an order and of a delivery have in common. `name` is the row's own id."""

    name: str = Field(min_length=1)
    item_code: Text = None
    item_name: Text = None
    qty: Amount
    uom: str


class OrderItem(Item):
    """`Sales Order Item`."""

    delivery_date: Day | None = None


class SalesOrder(Contract):
    """`Sales Order`."""

    name: str = Field(min_length=1)
    docstatus: Literal[0, 1, 2]
    status: Literal[
        "Draft",
        "On Hold",
        "To Pay",
        "To Deliver and Bill",
        "To Bill",
        "To Deliver",
        "Completed",
        "Cancelled",
        "Closed",
    ]
    customer: Text = None
    customer_name: Text = None
    po_no: Text = None
    transaction_date: Day | None = None
    delivery_date: Day | None = None
    shipping_address: Address | None = None
    items: tuple[OrderItem, ...]


class DeliveryItem(Item):
    """`Delivery Note Item`, and the row of the order that it serves."""

    against_sales_order: Text = None
    so_detail: Text = None


class Shipment(Contract):
    """`Shipment`: under which number a carrier has what a delivery note says."""

    carrier: Text = None
    service_provider: Text = None
    awb_number: Text = None


class DeliveryNote(Contract):
    """`Delivery Note`. lr_no: the transporter's receipt; return_against: the one whose goods it takes back."""

    name: str = Field(min_length=1)
    docstatus: Literal[0, 1, 2]
    is_return: bool = False
    return_against: Text = None
    posting_date: Day
    posting_time: Clock | None = None
    modified: Wall
    transporter_name: Text = None
    lr_no: Text = None
    items: tuple[DeliveryItem, ...]
    shipments: tuple[Shipment, ...] = ()


OrderReading = Told[SalesOrder]
DeliveryReading = Told[DeliveryNote]
