"""Until when a task is to be done, who has it now, and who gets it next while it stays open."""

from datetime import datetime
from typing import NamedTuple

from contracts.policy import KindPolicy
from contracts.snapshot import Role


class Call(NamedTuple):
    """Who is called, until when, and at what instant the task goes to whom next, if it does."""

    role: Role
    due_at: datetime
    next_role: Role | None = None
    next_at: datetime | None = None


def call(settings: KindPolicy, since: datetime, now: datetime) -> Call:
    """Say who has a task of a finding that holds since `since`: the last step of the ladder that was reached has it."""
    role, due_at = settings.role, since + settings.due
    for step in settings.escalation:
        at = since + step.after
        if now < at:
            return Call(role, due_at, step.role, at)
        role = step.role
    return Call(role, due_at)
