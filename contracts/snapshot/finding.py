"""What was found: a kind, its gravity, whom it calls, and what it is about."""

from enum import StrEnum

from pydantic import Field

from contracts.answer import TaskAnswer
from contracts.model import Contract
from contracts.moment import Instant


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
    UNSUBSCRIBED = "unsubscribed"


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
