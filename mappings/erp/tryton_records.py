"""Tryton's records as its REST interface gives them, with their children nested in them.

Only the fields that a mapping uses; the poller asks for exactly these (`connectors.pollers.tryton_fields`). A wrong
value is told with its path. Field names, states and types: Tryton 8.2, modules `sale`, `stock`, `carrier`,
`stock_package` and `stock_package_shipping` (https://docs.tryton.org/latest/modules-sale/design.html and
.../modules-stock/design.html); dates and instants: trytond's `protocols/jsonrpc.py`.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from contracts.model import Contract
from contracts.moment import Zone
from mappings.erp.readings import Amount, Told, of_our_time

_DAY = ("year", "month", "day")
_INSTANT = (*_DAY, "hour", "minute", "second", "microsecond")
_LONGEST = 999_999
"""Of microseconds; Python holds no number of a date that is much longer."""


def _numbers(value: object, kind: str, names: Sequence[str]) -> Sequence[int]:
    if isinstance(value, dict) and value.get("__class__") == kind:
        told = [value.get(name) for name in names]
        numbers = [number for number in told if isinstance(number, int) and 0 <= number <= _LONGEST]
        if len(numbers) == len(names):
            return numbers
    raise ValueError(f'expected {{"__class__": "{kind}", ' + ", ".join(f'"{name}": …' for name in names) + "}")


def _date(value: object) -> object:
    return None if value is None else date(*_numbers(value, "date", _DAY))


def _instant(value: object) -> object:
    if value is None:
        return None
    year, month, day, hour, minute, second, microsecond = _numbers(value, "datetime", _INSTANT)
    return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)


Day = Annotated[date, BeforeValidator(_date), AfterValidator(of_our_time)]
Written = Annotated[datetime, BeforeValidator(_instant), AfterValidator(of_our_time)]
"""Tryton keeps `create_date` and `write_date` in UTC, by the clock of its own server."""


class Company(Contract):
    """The company whose document it is; its zone is the one in which Tryton says "today"."""

    timezone: Zone | None = None


class Unit(Contract):
    """`product.uom`."""

    symbol: str


class Template(Contract):
    """`product.template`."""

    name: str = ""


class Variant(Contract):
    """`product.product`; its code may be empty."""

    id: int
    code: str | None = None
    template: Template


class Party(Contract):
    """`party.party`."""

    id: int
    code: str | None = None
    name: str | None = None


class Coded(Contract):
    """A country (ISO 3166-1) or a subdivision (ISO 3166-2)."""

    code: str


class Address(Contract):
    """`party.address`."""

    city: str | None = None
    postal_code: str | None = None
    country: Coded | None = None
    subdivision: Coded | None = None


class PlannedMove(Contract):
    """A move of a sale's line: when it was first planned to leave."""

    origin_planned_date: Day | None = None


class SaleLine(Contract):
    """`sale.line`. Titles, comments and subtotals are lines too; `movable` tells goods from services."""

    id: int
    type: str
    movable: bool | None = None
    quantity: Amount | None = None
    unit: Unit | None = None
    product: Variant | None = None
    shipping_date: Day | None = None
    moves: tuple[PlannedMove, ...] = ()


class Sale(Contract):
    """`sale.sale`."""

    id: int
    number: str = Field(min_length=1)
    state: Literal["draft", "quotation", "confirmed", "processing", "done", "cancelled"]
    reference: str | None = None
    sale_date: Day | None = None
    shipping_date: Day | None = None
    company: Company = Company()
    party: Party | None = None
    shipment_address: Address | None = None
    lines: tuple[SaleLine, ...]


class SaleOfMove(Contract):
    """The sale that a move serves."""

    number: str | None = None


class Move(Contract):
    """`stock.move` that leaves the warehouse. `origin` is `MODEL,ID`."""

    id: int
    state: Literal["staging", "draft", "assigned", "done", "cancelled"]
    quantity: Amount
    unit: Unit
    product: Variant
    origin: str | None = None
    sale: SaleOfMove | None = None
    write_date: Written | None = None


class Carrier(Contract):
    """`carrier`: a party, and the product by which its service is charged."""

    party: Party
    carrier_product: Variant | None = None


class Warehouse(Contract):
    """`stock.location` of the type warehouse."""

    address: Address | None = None


class Package(Contract):
    """`stock.package`; `shipping_reference` is the carrier's tracking number (module stock_package_shipping)."""

    number: str
    shipping_reference: str | None = None


class Shipment(Contract):
    """`stock.shipment.out`."""

    id: int
    number: str = Field(min_length=1)
    state: Literal["draft", "waiting", "assigned", "picked", "packed", "shipped", "done", "cancelled"]
    planned_date: Day | None = None
    effective_date: Day | None = None
    write_date: Written | None = None
    create_date: Written
    company: Company = Company()
    warehouse: Warehouse | None = None
    carrier: Carrier | None = None
    shipping_reference: str | None = None
    packages: tuple[Package, ...] = ()
    outgoing_moves: tuple[Move, ...]


class Origin(Contract):
    """The sale from which goods come back, or the line of a sale for which they were produced: its id, its sale."""

    id: int
    number: str | None = None


class ComplaintOrigin(Origin):
    """What a complaint is about: a sale, or with `model` sale.line a line of it."""

    model: Literal["sale.sale", "sale.line"]


class ReturnSale(SaleOfMove):
    """The sale by which goods come back; its origin is the sale with which they had left."""

    origin: Origin | str | None = None


class ReturningMove(Move):
    """`stock.move` that comes back into the warehouse."""

    sale: ReturnSale | None = None
    effective_date: Day | None = None


class CustomerReturn(Contract):
    """`stock.shipment.out.return`."""

    id: int
    number: str = Field(min_length=1)
    state: Literal["draft", "received", "done", "cancelled"]
    company: Company = Company()
    incoming_moves: tuple[ReturningMove, ...]


class Output(Contract):
    """`stock.move` that leaves production."""

    id: int
    state: Literal["staging", "draft", "assigned", "done", "cancelled"]
    quantity: Amount
    unit: Unit
    product: Variant
    write_date: Written | None = None


class Production(Contract):
    """`production` that was asked for by the line of a sale (module sale_supply_production)."""

    id: int
    number: str = Field(min_length=1)
    state: Literal["request", "draft", "waiting", "assigned", "running", "done", "cancelled"]
    effective_date: Day | None = None
    company: Company = Company()
    origin: Origin | str | None = None
    outputs: tuple[Output, ...]


class ComplaintType(Contract):
    """`sale.complaint.type` (module sale_complaint); its origin is the model of what is complained about."""

    name: str


class Employee(Contract):
    """`company.employee`."""

    party: Party


class Complaint(Contract):
    """`sale.complaint`. `origin` is the sale, or the line of one; `MODEL,ID` where it is something else."""

    id: int
    number: str = Field(min_length=1)
    state: Literal["draft", "waiting", "approved", "rejected", "done", "cancelled"]
    date: Day | None = None
    create_date: Written
    write_date: Written | None = None
    company: Company = Company()
    customer: Party
    type: ComplaintType
    origin: ComplaintOrigin | str | None = None
    submitted_by: Employee | None = None


SaleReading = Told[Sale]
ShipmentReading = Told[Shipment]
ReturnReading = Told[CustomerReturn]
ProductionReading = Told[Production]
ComplaintReading = Told[Complaint]
