"""The policy section, whole."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.clock import INGRESS, poller_source
from contracts.identity import digest
from contracts.policy.acceptance import AcceptanceOverduePolicy, DocumentsMissingPolicy, RejectedQualityPolicy
from contracts.policy.confirmation import ChangedPolicy, RefusedPolicy, UnconfirmedPolicy
from contracts.policy.data import LateInformationPolicy, OrphanPolicy, QuarantinePolicy
from contracts.policy.delay import StalledPolicy
from contracts.policy.follow_up import ClosingPolicy, FollowUpPolicy, TrainingDuePolicy, WarrantyExpiringPolicy
from contracts.policy.kind import KindPolicy, Span
from contracts.policy.quantity import (
    DiscrepancyPolicy,
    IssueNotOrderedPolicy,
    IssueWithoutReceiptPolicy,
    OverDespatchedPolicy,
    OverReceivedPolicy,
    RecordedPolicy,
    RemedyOverduePolicy,
    SealPolicy,
    UnderDespatchedPolicy,
)
from contracts.policy.tolerance import TolerancePolicy
from contracts.policy.transport import ClaimPolicy, ExceptionPolicy, ExpiredPolicy, ReturningPolicy, SlippedPolicy
from contracts.snapshot import Kind


class Policy(BaseModel):
    """The policy section.

    returns_after: how long a task that somebody closed rests before it comes back while its cause still holds.
    carriers: for each carrier, the other names under which it is known. pollers: the ERP accounts whose silence counts
    (filled from the configured accounts).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: Annotated[int, Field(ge=1)] = 1
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
    tolerance: TolerancePolicy = TolerancePolicy()
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
    package_mismatch: KindPolicy = KindPolicy()
    seal_mismatch: SealPolicy = SealPolicy()
    acceptance_overdue: AcceptanceOverduePolicy = AcceptanceOverduePolicy()
    documents_missing: DocumentsMissingPolicy = DocumentsMissingPolicy()
    rejected_quality: RejectedQualityPolicy = RejectedQualityPolicy()
    orphan_tracking: OrphanPolicy = OrphanPolicy()
    quarantined: QuarantinePolicy = QuarantinePolicy()
    visit_due: FollowUpPolicy = FollowUpPolicy()
    survey_due: FollowUpPolicy = FollowUpPolicy()
    training_due: TrainingDuePolicy = TrainingDuePolicy()
    warranty_expiring: WarrantyExpiringPolicy = WarrantyExpiringPolicy()
    late_information: LateInformationPolicy = LateInformationPolicy()
    closing: ClosingPolicy = ClosingPolicy()
    returns_after: Span = timedelta(hours=24)
    carriers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    pollers: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """A hash of everything in it that can change an answer."""
        values = self.model_dump(mode="json", exclude={"revision"})
        return digest(json.dumps(values, sort_keys=True, ensure_ascii=False), size=8)

    def kind(self, kind: Kind) -> KindPolicy:
        """Give the settings of one kind."""
        found: KindPolicy = getattr(self, kind.value)
        return found

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """From each name of a carrier, folded, to the one it is known by here."""
        return {other.casefold(): name for name, others in self.carriers.items() for other in (name, *others)}

    def carrier(self, name: str) -> str:
        """Give the name by which a carrier is known here; one that no alias names stays as it is, folded."""
        return self.aliases.get(name.strip().casefold(), name.strip().casefold())

    def same_carrier(self, one: str, other: str) -> bool:
        """Whether two names may mean one carrier: only two names that are known and differ do not."""
        names = [self.aliases.get(name.strip().casefold()) for name in (one, other)]
        return None in names or names[0] == names[1]

    def longest_silence(self, carrier: str) -> timedelta:
        """How long a parcel of this carrier may be without a scan."""
        return self._silences.get(self.carrier(carrier), self.stalled.silence)

    @cached_property
    def _silences(self) -> Mapping[str, timedelta]:
        return {self.carrier(name): silence for name, silence in self.stalled.carriers.items()}

    def heard_from_account(self, account: str) -> str:
        """The source on whose silence "the ERP has not told" rests: its poll, or ingress where it pushes."""
        return poller_source(account) if account in self.pollers else INGRESS

    @property
    def heard_from_erp(self) -> tuple[str, ...]:
        """The sources on whose silence "no document names it" rests: the polls, or ingress where nothing is polled."""
        return tuple(poller_source(account) for account in self.pollers) or (INGRESS,)

    @staticmethod
    def heard_from_carriers() -> tuple[str, ...]:
        """The sources on whose silence "no scan" rests."""
        return (INGRESS,)
