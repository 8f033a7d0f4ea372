"""Until when a task is to be done, who has it now, and who gets it next while it stays open."""

from datetime import datetime
from typing import NamedTuple

from contracts.policy import Policy
from contracts.snapshot import Kind, Role, Severity
from streams.calendars import later


class Call(NamedTuple):
    """Who is called, until when, and at what instant the task goes to whom next, if it does."""

    role: Role
    due_at: datetime
    next_role: Role | None = None
    next_at: datetime | None = None


def call(
    policy: Policy,
    kind: Kind,
    since: datetime,
    now: datetime,
    first: Role | None = None,
    severity: Severity | None = None,
) -> Call:
    """Say who has a task of a finding that holds since `since`: the last step of the ladder that was reached has it.

    first: whom what was found calls, where that is not the role of its kind. severity: its own, where it has one. Spans
    count as the kind says where the policy applies: as they pass, or by its working calendar.
    """
    settings = policy.kind(kind).graded(severity)
    role, due_at = first or settings.role, later(policy, settings, since, settings.due)
    for step in settings.escalation:
        at = later(policy, settings, since, step.after)
        if now < at:
            return Call(role, due_at, step.role, at)
        role = step.role
    return Call(role, due_at)
