"""Every kind of finding with its settings: a field a kind, named as it is."""

from pydantic import BaseModel, ConfigDict

from contracts.policy.acceptance import AcceptanceOverduePolicy, DocumentsMissingPolicy, RejectedQualityPolicy
from contracts.policy.condition import ConditionBreachPolicy, ConditionGapPolicy
from contracts.policy.confirmation import ChangedPolicy, RefusedPolicy, UnconfirmedPolicy
from contracts.policy.data import (
    ContradictionPolicy,
    LateInformationPolicy,
    OrphanPolicy,
    QuarantinePolicy,
    UnknownStatusPolicy,
    UnsubscribedPolicy,
)
from contracts.policy.delay import StalledPolicy
from contracts.policy.departure import AppointmentPolicy, DeparturePolicy, PickupPolicy, ReleasePolicy
from contracts.policy.follow_up import FollowUpPolicy, TrainingDuePolicy, WarrantyExpiringPolicy
from contracts.policy.kind import KindPolicy
from contracts.policy.quantity import (
    DiscrepancyPolicy,
    IssueNotOrderedPolicy,
    IssueWithoutReceiptPolicy,
    OverDespatchedPolicy,
    OverReceivedPolicy,
    PackagePolicy,
    RecordedPolicy,
    RemedyOverduePolicy,
    SealPolicy,
    UnderDespatchedPolicy,
)
from contracts.policy.service import (
    CasePolicy,
    CaseUnmatchedPolicy,
    ResponsePolicy,
    SurveyLowPolicy,
    VerificationPolicy,
)
from contracts.policy.transport import ClaimPolicy, ExceptionPolicy, ExpiredPolicy, ReturningPolicy, SlippedPolicy


class Kinds(BaseModel):
    """The settings of every kind of finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    late: KindPolicy = KindPolicy()
    stalled: StalledPolicy = StalledPolicy()
    order_unconfirmed: UnconfirmedPolicy = UnconfirmedPolicy()
    review_refused: RefusedPolicy = RefusedPolicy()
    changed_after_confirmation: ChangedPolicy = ChangedPolicy()
    eta_slipped: SlippedPolicy = SlippedPolicy()
    expired: ExpiredPolicy = ExpiredPolicy()
    claim_due: ClaimPolicy = ClaimPolicy()
    carrier_exception: ExceptionPolicy = ExceptionPolicy()
    returning: ReturningPolicy = ReturningPolicy()
    release_late: ReleasePolicy = ReleasePolicy()
    departure_late: DeparturePolicy = DeparturePolicy()
    pickup_late: PickupPolicy = PickupPolicy()
    appointment_missed: AppointmentPolicy = AppointmentPolicy()
    at_risk: KindPolicy = KindPolicy()
    under_despatched: UnderDespatchedPolicy = UnderDespatchedPolicy()
    over_despatched: OverDespatchedPolicy = OverDespatchedPolicy()
    issue_not_ordered: IssueNotOrderedPolicy = IssueNotOrderedPolicy()
    issue_without_receipt: IssueWithoutReceiptPolicy = IssueWithoutReceiptPolicy()
    under_received: RecordedPolicy = RecordedPolicy()
    damaged: RecordedPolicy = RecordedPolicy()
    wrong_item: RecordedPolicy = RecordedPolicy()
    over_received: OverReceivedPolicy = OverReceivedPolicy()
    receipt_discrepancy: DiscrepancyPolicy = DiscrepancyPolicy()
    remedy_overdue: RemedyOverduePolicy = RemedyOverduePolicy()
    package_mismatch: PackagePolicy = PackagePolicy()
    seal_mismatch: SealPolicy = SealPolicy()
    acceptance_overdue: AcceptanceOverduePolicy = AcceptanceOverduePolicy()
    documents_missing: DocumentsMissingPolicy = DocumentsMissingPolicy()
    rejected_quality: RejectedQualityPolicy = RejectedQualityPolicy()
    condition_breach: ConditionBreachPolicy = ConditionBreachPolicy()
    condition_gap: ConditionGapPolicy = ConditionGapPolicy()
    orphan_tracking: OrphanPolicy = OrphanPolicy()
    quarantined: QuarantinePolicy = QuarantinePolicy()
    response_overdue: ResponsePolicy = ResponsePolicy()
    resolution_overdue: CasePolicy = CasePolicy()
    verification_overdue: VerificationPolicy = VerificationPolicy()
    case_unmatched: CaseUnmatchedPolicy = CaseUnmatchedPolicy()
    survey_low: SurveyLowPolicy = SurveyLowPolicy()
    visit_due: FollowUpPolicy = FollowUpPolicy()
    survey_due: FollowUpPolicy = FollowUpPolicy()
    training_due: TrainingDuePolicy = TrainingDuePolicy()
    warranty_expiring: WarrantyExpiringPolicy = WarrantyExpiringPolicy()
    late_information: LateInformationPolicy = LateInformationPolicy()
    unknown_status: UnknownStatusPolicy = UnknownStatusPolicy()
    contradiction: ContradictionPolicy = ContradictionPolicy()
    unsubscribed: UnsubscribedPolicy = UnsubscribedPolicy()
