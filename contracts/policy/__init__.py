"""The policy: what is looked for, with what grace, whom it calls and when. A section of the configuration.

It is an input of every decision. `revision` grows with each change: open deliveries are then judged again by it.
Spans are ISO 8601 durations (`PT36H`, `P2D`). The defaults are what a small factory would accept.
"""

from contracts.policy.calendar import Counting, WorkingCalendar
from contracts.policy.carriers import AtLeast, AtMost, CarrierEvaluationPolicy
from contracts.policy.data import LateInformationPolicy, OrphanPolicy, QuarantinePolicy
from contracts.policy.delay import StalledPolicy
from contracts.policy.follow_up import ClosingPolicy, FollowUpPolicy, TrainingDuePolicy, WarrantyExpiringPolicy
from contracts.policy.kind import KindPolicy, Ladder, Span, Step
from contracts.policy.lanes import LanePolicy
from contracts.policy.matter import Matter
from contracts.policy.notices import NoticePolicy
from contracts.policy.override import Override, When
from contracts.policy.quantity import UnderDespatchedPolicy
from contracts.policy.service import (
    CasePolicy,
    CaseUnmatchedPolicy,
    ResponsePolicy,
    SurveyLowPolicy,
    VerificationPolicy,
)
from contracts.policy.trackers import TrackerRule
from contracts.policy.whole import Policy

__all__ = [
    "AtLeast",
    "AtMost",
    "CarrierEvaluationPolicy",
    "CasePolicy",
    "CaseUnmatchedPolicy",
    "ClosingPolicy",
    "Counting",
    "FollowUpPolicy",
    "KindPolicy",
    "Ladder",
    "LanePolicy",
    "LateInformationPolicy",
    "Matter",
    "NoticePolicy",
    "OrphanPolicy",
    "Override",
    "Policy",
    "QuarantinePolicy",
    "ResponsePolicy",
    "Span",
    "StalledPolicy",
    "Step",
    "SurveyLowPolicy",
    "TrackerRule",
    "TrainingDuePolicy",
    "UnderDespatchedPolicy",
    "VerificationPolicy",
    "WarrantyExpiringPolicy",
    "When",
    "WorkingCalendar",
]
