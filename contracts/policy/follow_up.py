"""Follow-up: what was agreed for the time after delivery, and when a delivery is closed."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from contracts.policy.kind import KindPolicy, Ladder, Span, Step
from contracts.snapshot import Role, Severity


class FollowUpPolicy(KindPolicy):
    """A follow-up that the order's service terms ask for."""

    severity: Severity = Severity.ORDINARY
    role: Role = Role.AFTER_SALES
    due: Span = timedelta(days=5)
    escalation: Ladder = (Step(after=timedelta(days=10), role=Role.SALES),)
    returns_after: Span | None = timedelta(days=7)


class TrainingDuePolicy(FollowUpPolicy):
    """Training, where the order asks for it. after: how long after acceptance it is due to be arranged."""

    after: Span = timedelta(days=7)


class WarrantyExpiringPolicy(FollowUpPolicy):
    """The end of the warranty. lead: how long before it the customer is to be told."""

    lead: Span = timedelta(days=30)
    due: Span = timedelta(days=15)


class ClosingPolicy(BaseModel):
    """When a delivery is closed. after: how long nothing has happened, once it is finished and nothing is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Span = timedelta(days=3)
