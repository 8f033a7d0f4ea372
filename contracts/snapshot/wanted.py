"""What should be so outside: open tasks, status fields, notices, subscriptions, and the keys of each."""

from pydantic import Field

from contracts.answer import TaskAnswer
from contracts.identity import Scope, key
from contracts.model import Contract
from contracts.moment import Instant
from contracts.snapshot.finding import Finding, Kind, Role, Severity, SubjectType


class Text(Contract):
    """A title and a body in one language."""

    title: str
    body: str


class Task(Contract):
    """A task that should be open at a target, as long as a snapshot wants it.

    Its key is (account, scope, subject, kind), `task_key`; `since` is its finding's. feedback: the ids of the feedback
    that this wish has seen, so that a new episode begins only when the closing of the last one was understood.
    texts: by language (BCP 47). answer: of one that is asked again, what people answered before; of one that needs a
    reason and an approval, what is missing.
    """

    kind: Kind
    subject_type: SubjectType
    subject: str
    since: Instant
    severity: Severity
    role: Role
    due_at: Instant
    escalates_to: Role | None = None
    escalates_at: Instant | None = None
    texts: dict[str, Text]
    details: dict[str, str] = Field(default_factory=dict)
    feedback: tuple[str, ...] = ()
    answer: TaskAnswer | None = None


def task_key(account: str, scope: Scope, subject: str, task: Task | Finding) -> str:
    """The key of a task: account, scope and what its snapshot is about, what it is about itself, and its kind."""
    return task_key_of(account, scope, subject, (task.subject_type, task.subject), task.kind)


def task_key_of(account: str, scope: Scope, subject: str, about: tuple[SubjectType, str], kind: Kind) -> str:
    """The key of a task of this kind about this, whether or not there is one."""
    return key(account, scope, subject, f"{about[0]}:{about[1]}", kind).decode()


class Notice(Contract):
    """A message that should reach a customer at most once per key, and not at all when it is overtaken.

    key: unique within its snapshot. audience: the customer's id in the ERP. since: from when it is to be sent;
    expires_at: from when it is too late.
    """

    key: str
    audience: str
    since: Instant
    expires_at: Instant | None = None
    texts: dict[str, Text]


def notice_key(account: str, scope: Scope, subject: str, notice: Notice) -> str:
    """The key of a notice at its target, never a task's: account, scope and what its snapshot is about, and its own."""
    return key(account, scope, subject, "notice", notice.key).decode()


class WantedSubscription(Contract):
    """A parcel that should be registered at a tracker, so that its carrier's news are pushed to us.

    tracker: the account (`trackers`) that registers it. number: normalised. carrier: as that account names it, or `*`
    where it takes all that nobody else does. since: since when it is wanted. until: when the registration is to be
    renewed; absent where it lasts. again: since when it is to be registered again, because the source had given it up.
    ask_at: since when the parcel has been silent for so long that the source is to be asked.
    """

    tracker: str
    number: str
    carrier: str
    since: Instant
    until: Instant | None = None
    again: Instant | None = None
    ask_at: Instant | None = None


def subscription_key(account: str, scope: Scope, subject: str, subscription: WantedSubscription) -> str:
    """The key of a registration at its tracker, never a task's: as a notice's, with the parcel's number."""
    return key(account, scope, subject, "subscription", subscription.number).decode()


class Wanted(Contract):
    """What should be so outside: open tasks, status fields, notices, subscriptions."""

    tasks: tuple[Task, ...] = ()
    fields: dict[str, str] = Field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    subscriptions: tuple[WantedSubscription, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is wanted that somebody would have to do."""
        return not (self.tasks or self.notices or self.subscriptions)
