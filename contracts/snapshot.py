"""The snapshot: what is so, and what should therefore be so outside.

A snapshot says a state, not a step: only the newest of a key counts, and whoever acts on it compares before it acts.
Its stamp (`ce_through`, `ce_asof`) tells a reader which of two is newer.
"""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from contracts.answer import TaskAnswer
from contracts.condition import MeasuredQuantity
from contracts.identity import Scope, key
from contracts.lane import Leg, TransitEstimate
from contracts.model import Contract
from contracts.moment import Instant, Window
from contracts.quantity import Quantity
from contracts.tracking import TrackingStatus


class Kind(StrEnum):
    """What can be found. `streams.detection.registry` says of each what it means and whom it calls."""

    LATE = "late"
    STALLED = "stalled"
    ORDER_UNCONFIRMED = "order_unconfirmed"
    REVIEW_REFUSED = "review_refused"
    CHANGED_AFTER_CONFIRMATION = "changed_after_confirmation"
    ETA_SLIPPED = "eta_slipped"
    EXPIRED = "expired"
    CLAIM_DUE = "claim_due"
    CARRIER_EXCEPTION = "carrier_exception"
    RETURNING = "returning"
    RELEASE_LATE = "release_late"
    DEPARTURE_LATE = "departure_late"
    PICKUP_LATE = "pickup_late"
    APPOINTMENT_MISSED = "appointment_missed"
    AT_RISK = "at_risk"
    UNDER_DESPATCHED = "under_despatched"
    OVER_DESPATCHED = "over_despatched"
    ISSUE_NOT_ORDERED = "issue_not_ordered"
    ISSUE_WITHOUT_RECEIPT = "issue_without_receipt"
    UNDER_RECEIVED = "under_received"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    OVER_RECEIVED = "over_received"
    RECEIPT_DISCREPANCY = "receipt_discrepancy"
    REMEDY_OVERDUE = "remedy_overdue"
    PACKAGE_MISMATCH = "package_mismatch"
    SEAL_MISMATCH = "seal_mismatch"
    ACCEPTANCE_OVERDUE = "acceptance_overdue"
    DOCUMENTS_MISSING = "documents_missing"
    REJECTED_QUALITY = "rejected_quality"
    CONDITION_BREACH = "condition_breach"
    CONDITION_GAP = "condition_gap"
    ORPHAN_TRACKING = "orphan_tracking"
    QUARANTINED = "quarantined"
    RESPONSE_OVERDUE = "response_overdue"
    RESOLUTION_OVERDUE = "resolution_overdue"
    VERIFICATION_OVERDUE = "verification_overdue"
    CASE_UNMATCHED = "case_unmatched"
    SURVEY_LOW = "survey_low"
    VISIT_DUE = "visit_due"
    SURVEY_DUE = "survey_due"
    TRAINING_DUE = "training_due"
    WARRANTY_EXPIRING = "warranty_expiring"
    LATE_INFORMATION = "late_information"
    UNKNOWN_STATUS = "unknown_status"
    CONTRADICTION = "contradiction"


class Severity(StrEnum):
    """How grave a finding is; a case's severity 1, 2 and 3 are grave, major and ordinary."""

    GRAVE = "grave"
    MAJOR = "major"
    ORDINARY = "ordinary"
    RECORDED = "recorded"


class Role(StrEnum):
    """Who is called."""

    SALES = "sales"
    LOGISTICS = "logistics"
    PRODUCTION = "production"
    QUALITY = "quality"
    AFTER_SALES = "after_sales"
    OPERATIONS = "operations"
    MANAGEMENT = "management"


class SubjectType(StrEnum):
    """What a task is about."""

    ORDER = "order"
    LINE = "line"
    PARCEL = "parcel"
    DOCUMENT = "document"
    CASE = "case"


class Finding(Contract):
    """Something that holds since an instant, of one subject.

    details: the numbers and names behind it, as text, for people and for field mappings. answer: what people answered
    to its task, where nobody is asked because of that.
    """

    kind: Kind
    subject_type: SubjectType
    subject: str
    since: Instant
    severity: Severity
    details: dict[str, str] = Field(default_factory=dict)
    answer: TaskAnswer | None = None


class Text(Contract):
    """A title and a body in one language."""

    title: str
    body: str


class Task(Contract):
    """A task that should be open at a target, as long as a snapshot wants it.

    Its key is (account, scope, subject, kind), `task_key`; `since` is its finding's. feedback: the ids of the feedback
    that this wish has seen, so that a new episode begins only when the closing of the last one was understood.
    texts: by language (BCP 47). answer: of one that is asked again, what people answered before; of one that needs a
    reason and an approval, what is missing.
    """

    kind: Kind
    subject_type: SubjectType
    subject: str
    since: Instant
    severity: Severity
    role: Role
    due_at: Instant
    escalates_to: Role | None = None
    escalates_at: Instant | None = None
    texts: dict[str, Text]
    details: dict[str, str] = Field(default_factory=dict)
    feedback: tuple[str, ...] = ()
    answer: TaskAnswer | None = None


def task_key(account: str, scope: Scope, subject: str, task: Task | Finding) -> str:
    """The key of a task: account, scope and what its snapshot is about, what it is about itself, and its kind."""
    return task_key_of(account, scope, subject, (task.subject_type, task.subject), task.kind)


def task_key_of(account: str, scope: Scope, subject: str, about: tuple[SubjectType, str], kind: Kind) -> str:
    """The key of a task of this kind about this, whether or not there is one."""
    return key(account, scope, subject, f"{about[0]}:{about[1]}", kind).decode()


class Notice(Contract):
    """A message that should reach a customer at most once per key, and not at all when it is overtaken.

    key: unique within its snapshot. audience: the customer's id in the ERP. since: from when it is to be sent;
    expires_at: from when it is too late.
    """

    key: str
    audience: str
    since: Instant
    expires_at: Instant | None = None
    texts: dict[str, Text]


def notice_key(account: str, scope: Scope, subject: str, notice: Notice) -> str:
    """The key of a notice at its target, never a task's: account, scope and what its snapshot is about, and its own."""
    return key(account, scope, subject, "notice", notice.key).decode()


class WantedSubscription(Contract):
    """A parcel that should be registered at a tracking source."""

    source_account: str
    number: str
    carrier: str = ""
    until: Instant | None = None


class Wanted(Contract):
    """What should be so outside: open tasks, status fields, notices, subscriptions."""

    tasks: tuple[Task, ...] = ()
    fields: dict[str, str] = Field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    subscriptions: tuple[WantedSubscription, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is wanted that somebody would have to do."""
        return not (self.tasks or self.notices or self.subscriptions)


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


class PartView(Contract):
    """A part of a line that is promised in several. done_at: when it and the earlier ones had arrived."""

    quantity: Quantity
    promised: Window
    ship_by: Instant | None = None
    done_at: Instant | None = None


class LineView(Contract):
    """One line: how much was ordered, has left, is still to come (open goods issues), and is short or over.

    short, over: despatched against what was ordered and is to be made good. stocked: what came into stock for it,
    returned: what the customer gave back; absent where nothing was told. received, rejected, accepted, damaged: what
    the customer told; accepted is received less rejected. The rest is received against what was despatched or ordered,
    each once it can be judged: nothing is short before a final acceptance.
    promised: the window that counts: that of the confirmation, or of a change to which the customer agreed.
    first_promised: that of the first confirmation. promised_now: what the ERP says. confirmed: how much was confirmed,
    or agreed since; `ordered` is what the ERP says. ship_by: by when what is missing must leave to arrive in time.
    parts: those in which it is promised, where there are several. uncounted: documents that tell of it in another unit;
    they are not reckoned, and nothing is judged short. delivered_at: when all that left of it had arrived. in_full:
    whether what was despatched and accepted deviates from what was ordered by no more than its tolerance, whatever was
    agreed since; absent until that can be judged.
    """

    line: str
    product: str
    product_name: str = ""
    ordered: Quantity
    despatched: Quantity
    open: Quantity
    short: Quantity
    promised: Window | None = None
    cancelled: bool = False
    uncounted: tuple[str, ...] = ()
    first_promised: Window | None = None
    promised_now: Window | None = None
    confirmed: Quantity | None = None
    ship_by: Instant | None = None
    parts: tuple[PartView, ...] = ()
    over: Quantity | None = None
    stocked: Quantity | None = None
    returned: Quantity | None = None
    received: Quantity | None = None
    rejected: Quantity | None = None
    accepted: Quantity | None = None
    damaged: Quantity | None = None
    short_against_despatch: Quantity | None = None
    over_against_despatch: Quantity | None = None
    short_against_order: Quantity | None = None
    over_against_order: Quantity | None = None
    delivered_at: Instant | None = None
    in_full: bool | None = None


class ParcelView(Contract):
    """One parcel of the order. status is absent until its first scan.

    signed_by and proof: who signed for it, and the references of the proof of delivery. estimate: while it is under
    way, how long its lane takes; leg: once it has come to an end, how that went.
    """

    number: str
    carrier: str = ""
    status: TrackingStatus | None = None
    reason: str = ""
    last_scan_at: Instant | None = None
    last_scan_text: str = ""
    last_location: str = ""
    despatched_at: Instant | None = None
    delivered_at: Instant | None = None
    eta: Instant | None = None
    document: str = ""
    estimate: TransitEstimate | None = None
    leg: Leg | None = None
    signed_by: str = ""
    proof: str = ""


class CaseState(StrEnum):
    """How far an after-sales case is, in the order in which it goes on."""

    REPORTED = "reported"
    REOPENED = "reopened"
    CLASSIFIED = "classified"
    ASSIGNED = "assigned"
    RESPONDED = "responded"
    SOLVED = "solved"
    VERIFIED = "verified"
    CLOSED = "closed"


class TimelineEntry(Contract):
    """One thing that happened, oldest first. what: a status, a document's state, an answer or an operator's action.

    text: the sender's own words. by: who did it, where a person did. id: an operator's action's, which undoes it.
    """

    at: Instant
    what: str
    subject: str = ""
    text: str = ""
    location: str = ""
    by: str = ""
    id: str = ""


class CaseView(Contract):
    """One after-sales case, each step with its latest instant; those before it was reopened last no longer count.

    timeline: in the case's own snapshot alone; an order's timeline tells of its cases.
    """

    account: str
    case: str
    state: CaseState
    withdrawn: bool = False
    order: str = ""
    line: str = ""
    product: str = ""
    title: str = ""
    severity: Severity | None = None
    assigned_to: str = ""
    reported: Instant
    classified: Instant | None = None
    assigned: Instant | None = None
    responded: Instant | None = None
    solved: Instant | None = None
    verified: Instant | None = None
    closed: Instant | None = None
    reopened: tuple[Instant, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()


class ConditionView(Contract):
    """What was measured of goods that require it: of a parcel, or (no parcel) of the order's goods in storage.

    quantity: temperature in degrees Celsius, or relative humidity in percent. required_low, required_high: absent where
    that end is open. since, until: the first and the last reading that count.
    """

    quantity: MeasuredQuantity
    parcel: str = ""
    required_low: Decimal | None = None
    required_high: Decimal | None = None
    lowest: Decimal
    highest: Decimal
    since: Instant
    until: Instant


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
