"""An order's view, whole, and the snapshot that carries it."""

from enum import StrEnum

from pydantic import Field

from contracts.identity import Scope
from contracts.model import Contract
from contracts.moment import Instant, Window
from contracts.snapshot.case import CaseView, TimelineEntry
from contracts.snapshot.finding import Finding
from contracts.snapshot.goods import ConditionView, LineView, ParcelView, ShipmentView
from contracts.snapshot.wanted import Wanted


class DeliveryStatus(StrEnum):
    """How far an order's delivery is, all its lines and parcels together."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    PARTIALLY_DESPATCHED = "partially_despatched"
    DESPATCHED = "despatched"
    IN_TRANSIT = "in_transit"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"
    PARTIALLY_ACCEPTED = "partially_accepted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class View(Contract):
    """An order, or a parcel that nobody claims, as people look at it."""

    status: DeliveryStatus
    customer: str = ""
    customer_name: str = ""
    reference: str = ""
    promised: Window | None = None
    lines: tuple[LineView, ...] = ()
    parcels: tuple[ParcelView, ...] = ()
    cases: tuple[CaseView, ...] = ()
    conditions: tuple[ConditionView, ...] = ()
    shipments: tuple[ShipmentView, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    thinned: int = Field(default=0, ge=0)


class Snapshot(Contract):
    """One snapshot. subject: the order, the parcel's number, the case, or the resting key, by scope.

    closed_at: since when a delivery is closed; what is told of it later stands in scope `after`.
    """

    account: str
    scope: Scope
    subject: str
    view: View | None = None
    case: CaseView | None = None
    findings: tuple[Finding, ...] = ()
    wanted: Wanted = Wanted()
    policy: str = ""
    policy_revision: int = 0
    fold_version: int = 0
    closed_at: Instant | None = None
