"""What happened to a task at its target, as a fact: who closed it, who changed it, under which number it is known.

A record that somebody closed while its cause still holds first becomes feedback. It applies only to the interval of
the finding that contains its `since`.
"""

from enum import StrEnum

from contracts.envelope import write_time
from contracts.identity import Scope, digest
from contracts.model import Contract
from contracts.moment import Instant


class FeedbackOutcome(StrEnum):
    """What happened at the target. approved: closed as done, with the name of whoever approved that.

    reassigned: it is somebody's, or somebody else's, and still open.
    """

    OPENED = "opened"
    DONE = "done"
    REFUSED = "refused"
    APPROVED = "approved"
    REASSIGNED = "reassigned"


class TaskFeedback(Contract):
    """One such fact. task: its key; since: that of the wish it answered; record: the target's own id of it.

    by: who closed it, and with which reason. approved_by: who approved it, where the outcome is approved. assigned_to:
    whose it is now, where the outcome is reassigned.
    """

    account: str
    scope: Scope
    subject: str
    task: str
    since: Instant
    target: str
    episode: int
    outcome: FeedbackOutcome
    record: str
    at: Instant
    by: str = ""
    reason: str = ""
    approved_by: str = ""
    assigned_to: str = ""

    @property
    def id(self) -> str:
        """The same for the same outcome of the same episode at the same target, told once or five times.

        A record may be reassigned again and again, also back: each time is another fact.
        """
        if self.outcome is FeedbackOutcome.REASSIGNED:
            told = (self.outcome, self.assigned_to, write_time(self.at).decode())
            return digest(self.target, self.task, str(self.episode), *told)
        return digest(self.target, self.task, str(self.episode), self.outcome)
