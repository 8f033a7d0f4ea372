"""What people answered to a task, as a snapshot shows it: on the task that is asked again, or on the finding alone."""

from enum import StrEnum

from contracts.model import Contract
from contracts.moment import Instant


class AnswerOutcome(StrEnum):
    """What was answered: done, refused or approved at a target; the others by an operator (`quayside act`)."""

    DONE = "done"
    REFUSED = "refused"
    APPROVED = "approved"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    REOPENED = "reopened"


class Missing(StrEnum):
    """What a task that needs both still lacks."""

    REASON = "reason"
    APPROVAL = "approval"


class TaskAnswer(Contract):
    """The newest answer that counts. by: who gave it, as the target or the operator names them; empty where unknown.

    reason and approved_by: the newest ones that were given, perhaps by an earlier answer. until: of a snooze. missing:
    what the task still needs before it stays closed.
    """

    outcome: AnswerOutcome
    at: Instant
    by: str = ""
    reason: str = ""
    approved_by: str = ""
    until: Instant | None = None
    missing: tuple[Missing, ...] = ()
