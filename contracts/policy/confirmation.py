"""Confirmation: orders that wait for it, that were refused, and what changed after it."""

from datetime import timedelta

from contracts.policy.kind import KindPolicy, Ladder, Span
from contracts.snapshot import Role, Severity


class UnconfirmedPolicy(KindPolicy):
    """An order that nobody confirms. within: how long after it was ordered it should be."""

    within: Span = timedelta(hours=24)
    severity: Severity = Severity.ORDINARY
    role: Role = Role.SALES
    due: Span = timedelta(hours=8)
    escalation: Ladder = ()
    returns_after: Span | None = timedelta(days=2)


class RefusedPolicy(KindPolicy):
    """An order that its review refused, and that still stands."""

    role: Role = Role.SALES
    escalation: Ladder = ()
    returns_after: Span | None = timedelta(days=3)


class ChangedPolicy(KindPolicy):
    """A quantity or a promised date that changed after confirmation, without the customer."""

    role: Role = Role.SALES
    due: Span = timedelta(hours=8)
    escalation: Ladder = ()
    returns_after: Span | None = timedelta(days=3)
