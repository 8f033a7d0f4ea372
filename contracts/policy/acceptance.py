"""Acceptance: what the customer should have said, should have got with the goods, and did not take."""

from datetime import timedelta

from pydantic import Field

from contracts.policy.kind import KindPolicy, Ladder, Span, Step
from contracts.snapshot import Role, Severity


class AcceptanceOverduePolicy(KindPolicy):
    """No acceptance after delivery.

    within: how long after the delivery one is expected, where the order does not say. accounts: the ERP accounts whose
    every order is accepted. Of others one is expected where the order agrees on a time, or a partial one was told.
    """

    severity: Severity = Severity.ORDINARY
    role: Role = Role.SALES
    due: Span = timedelta(hours=24)
    escalation: Ladder = (Step(after=timedelta(days=3), role=Role.AFTER_SALES),)
    within: Span = timedelta(days=3)
    accounts: tuple[str, ...] = Field(default=())
    returns_after: Span | None = timedelta(days=3)


class DocumentsMissingPolicy(KindPolicy):
    """Documents that the order requires and that were not with the goods."""

    severity: Severity = Severity.ORDINARY
    role: Role = Role.QUALITY
    due: Span = timedelta(hours=24)
    returns_after: Span | None = timedelta(days=3)


class RejectedQualityPolicy(KindPolicy):
    """Rejected for quality."""

    role: Role = Role.QUALITY
    escalation: Ladder = (Step(after=timedelta(hours=24), role=Role.PRODUCTION),)
    returns_after: Span | None = timedelta(days=3)
