"""What an ERP tells: full, versioned documents.

The newest version wins and arrival order never matters. The version of a polled document is the instant at which its
reading began, since a poll reads the present. A deletion is a withdrawal at its own reading instant.

Names follow UBL 2.3 (Order, DespatchAdvice) and GS1 usage: ordered, confirmed, despatched, received.
"""

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pydantic import Field, model_validator

from contracts.model import Contract
from contracts.moment import Instant, Moment, Window, Zone
from contracts.quantity import Quantity


class Document(Contract):
    """What every ERP document has. `document` is its number, unique within its account and kind.

    afresh: it was read on purpose, to be told whole to everybody whom it names, whether or not it has changed.
    """

    kind: ClassVar[str]

    account: str = Field(min_length=1)
    document: str = Field(min_length=1)
    version: Instant
    withdrawn: bool = False
    afresh: bool = False


class Product(Contract):
    """A product as the ERP names it."""

    code: str = Field(min_length=1)
    name: str = ""
    specification: str = ""


class Party(Contract):
    """A business partner as the ERP names it."""

    id: str = Field(min_length=1)
    name: str = ""


class Place(Contract):
    """Where something is delivered to. country: ISO 3166-1 alpha-2; region: ISO 3166-2 without the country."""

    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    region: str = ""
    city: str = ""
    postal_code: str = ""
    zone: Zone | None = None


class DeliveryMethod(StrEnum):
    """Who moves the goods."""

    SELF_PICKUP = "self_pickup"
    THIRD_PARTY = "third_party"
    OWN_FLEET = "own_fleet"


class Tolerance(Contract):
    """A deviation that is recorded and asks nothing: percent of the ordered quantity, or absolute, the larger."""

    under_percent: Decimal = Field(default=Decimal(0), ge=0, le=100)
    over_percent: Decimal = Field(default=Decimal(0), ge=0, le=100)
    under: Decimal = Field(default=Decimal(0), ge=0)
    over: Decimal = Field(default=Decimal(0), ge=0)


class OrderState(StrEnum):
    """How far an order is in its ERP."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Review(Contract):
    """The outcome of the order's review: accepted or refused, by whom, when, why."""

    accepted: bool
    at: Moment | None = None
    by: str = ""
    reason: str = ""


class ServiceTerms(Contract):
    """What was agreed for the time after delivery. acceptance_days: within how many the customer accepts."""

    acceptance_days: int | None = Field(default=None, ge=0, le=3650)
    warranty_months: int | None = Field(default=None, ge=0)
    training: bool = False
    visit_after_days: int | None = Field(default=None, ge=0)
    survey_after_days: int | None = Field(default=None, ge=0)


class ScheduledDelivery(Contract):
    """A part of a line that is promised for a window of its own (UBL 2.3 LineItem/Delivery)."""

    quantity: Quantity
    promised: Window


class OrderLine(Contract):
    """One line. `promised` is the window that was promised for it; of one in parts it is the last part's.

    schedule: its parts, where it is promised in several; in the unit of `ordered`. agreed: the customer agreed to the
    quantity and promise as they stand, though the order was confirmed before; False also where the ERP cannot tell.
    """

    line: str = Field(min_length=1)
    product: Product
    ordered: Quantity
    promised: Window | None = None
    tolerance: Tolerance | None = None
    cancelled: bool = False
    schedule: tuple[ScheduledDelivery, ...] = ()
    agreed: bool = False

    @model_validator(mode="after")
    def _is_scheduled_in_its_unit(self) -> "OrderLine":
        if any(part.quantity.unit != self.ordered.unit for part in self.schedule):
            raise ValueError("a scheduled delivery is in the unit of its line")
        return self


class Order(Document):
    """A sales order (UBL 2.3 Order), whole. tolerance: of each line that has none of its own."""

    kind: ClassVar[str] = "order"

    state: OrderState = OrderState.DRAFT
    customer: Party | None = None
    reference: str = ""
    destination: Place = Place()
    method: DeliveryMethod = DeliveryMethod.THIRD_PARTY
    ordered_at: Moment | None = None
    confirmed_at: Moment | None = None
    lines: tuple[OrderLine, ...] = ()
    tolerance: Tolerance | None = None
    required_documents: tuple[str, ...] = ()
    service: ServiceTerms | None = None
    review: Review | None = None


class IssueState(StrEnum):
    """How far a goods issue is. Planned and picked ones are open: their quantities are still to come."""

    PLANNED = "planned"
    PICKED = "picked"
    DESPATCHED = "despatched"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether its quantities are still to come."""
        return self in {IssueState.PLANNED, IssueState.PICKED}


class IssueLine(Contract):
    """One line of a goods issue, and which line of which order it serves."""

    line: str = Field(min_length=1)
    order: str = Field(min_length=1)
    order_line: str = ""
    product: Product
    quantity: Quantity


class Package(Contract):
    """A package: its mark and, where a carrier has it, under which number."""

    mark: str = ""
    carrier: str = ""
    service: str = ""
    tracking_number: str = ""


class Transport(Contract):
    """How the goods travel: mode (UN/ECE Recommendation 19 code), vehicle, container, seals, gate pass.

    departed_at, arrived_at: the stations of a vehicle of our own, which nobody scans; where it tells of neither, the
    goods have arrived when they were despatched.
    """

    mode: str = ""
    vehicle: str = ""
    driver: str = ""
    container: str = ""
    seals: tuple[str, ...] = ()
    gate_pass: str = ""
    departed_at: Moment | None = None
    arrived_at: Moment | None = None


class Range(Contract):
    """A closed range; either end may be open. Degrees Celsius, or percent of relative humidity."""

    low: Decimal | None = None
    high: Decimal | None = None


class Conditions(Contract):
    """What the goods need on their way."""

    temperature: Range | None = None
    humidity: Range | None = None


class GoodsIssue(Document):
    """A goods issue with its despatch note (UBL 2.3 DespatchAdvice), whole; it may serve several orders.

    closed_at: since when a cancelled one is; required there, as despatched_at is of a despatched one. shared_with: in
    what an order is told of it, the other orders that it serves; an ERP leaves it empty. origin: from where it leaves
    (UBL: DespatchAddress).
    """

    kind: ClassVar[str] = "goods_issue"

    state: IssueState = IssueState.PLANNED
    planned_for: Moment | None = None
    despatched_at: Moment | None = None
    closed_at: Instant | None = None
    lines: tuple[IssueLine, ...] = ()
    packages: tuple[Package, ...] = ()
    transport: Transport | None = None
    shared_with: tuple[str, ...] = ()
    conditions: Conditions | None = None
    origin: Place = Place()

    @model_validator(mode="after")
    def _says_since_when(self) -> "GoodsIssue":
        if self.state is IssueState.DESPATCHED and self.despatched_at is None:
            raise ValueError("a despatched goods issue says when it left (despatched_at)")
        if self.state is IssueState.CANCELLED and self.closed_at is None:
            raise ValueError("a cancelled goods issue says since when it is (closed_at)")
        return self

    def orders(self) -> tuple[str, ...]:
        """The orders that it names, each once, sorted."""
        return tuple(sorted({line.order for line in self.lines}))


DOCUMENTS: dict[str, type[Document]] = {model.kind: model for model in (Order, GoodsIssue)}
