"""The shape of a connector: frozen records and pure functions, listed in `connectors.registry`.

A source is pushed to us, a poller is read by us, a target is written to by us. A record holds all that differs
between systems; what does not is written once elsewhere.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from contracts.clock import WallClock
from contracts.errors import Rejected
from contracts.fields import OrderField, TaskField
from contracts.model import Contract
from contracts.raw import RawRequest
from contracts.settings import PollerAccount, SourceAccount, TargetAccount
from contracts.signature import Scheme
from contracts.snapshot import Notice, Task, TimelineEntry, View, WantedSubscription
from contracts.tracking import Coverage, TrackingStatus


@dataclass(frozen=True, slots=True)
class Context:
    """What a mapping is told beside the payload: whose it is, when it came, in what zone its local times are.

    options: the account's own, as the configuration gives them; each mapping's docstring says which it knows.
    """

    connector: str
    account: str
    received_at: datetime
    zone: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """`CONNECTOR/ACCOUNT`, as envelopes name it."""
        return f"{self.connector}/{self.account}"


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a payload says: canonical events, and the codes in it that the vendor's tables do not list."""

    events: tuple[Contract, ...] = ()
    unknown_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, byte for byte as a sender expects it."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def no_options(account: SourceAccount) -> None:
    """Refuse every option of a source's account; raises Rejected, naming the first."""
    for name in account.options:
        raise Rejected(f"the option `{name}` is unknown: {account.connector} has none", code="bad_option")


@dataclass(frozen=True, slots=True)
class Cut:
    """A file of many documents as requests, one a document, that say together what it says.

    mistakes: all that is wrong in the file, a sentence each; where there is one, nothing of the file is taken.
    """

    requests: tuple[RawRequest, ...] = ()
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A system that pushes to us.

    read: bytes to a JSON value; raises Rejected. verify: how the sender proves who it is. to_events: pure; raises
    Rejected with the JSON path. acknowledge, and refuse (the reason, the HTTP status): exactly what this sender
    expects; an acknowledgement that depends on the request is a function that raises nothing, whatever the body is.
    check: raises Rejected, in one sentence, where the account's options are wrong; the others rely on it. headers: the
    HTTP headers that are kept, in lower case. codes: the vendor's code table as the mapping uses it, for the reference
    page and the conformance suite. documentation: the vendor's pages; read_on: the day they were read. coverage: None
    where each report says its own. objection: the answer to a request that `to_events` would not take, for senders who
    can mend it at once; nothing of it is kept. Without one, what is signed is kept whatever it says. cut: how a file of
    many documents becomes a request for each; raises Rejected where it is no such file. Without one a file is one.
    """

    name: str
    title: str
    documentation: tuple[str, ...]
    read_on: date
    read: Callable[[RawRequest], object]
    verify: Scheme
    to_events: Callable[[object, Context], Mapped]
    acknowledge: Reply | Callable[[RawRequest, Context], Reply]
    refuse: Callable[[str, int], Reply]
    coverage: Coverage | None
    check: Callable[[SourceAccount], None] = no_options
    codes: Mapping[str, TrackingStatus] = field(default_factory=dict)
    headers: frozenset[str] = frozenset()
    objection: Callable[[RawRequest], Reply | None] | None = None
    cut: Callable[[RawRequest, Context], Cut] | None = None

    def acknowledgement(self, request: RawRequest, context: Context) -> Reply:
        """Give the answer that says that a request is durable."""
        return self.acknowledge if isinstance(self.acknowledge, Reply) else self.acknowledge(request, context)


class Document(NamedTuple):
    """A document at a polled system: its kind, the name that people and keys use, and its id there, which stays."""

    kind: str
    document: str
    remote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as a poll read it.

    body: the raw JSON that goes to `inbound`; `read_at` stands in it and becomes the version. digest: the same for
    the same content, whenever it was read. is_open: whether it may still change or vanish without our being told;
    open ones are read again now and then. withdrawn: it no longer exists.
    """

    document: Document
    body: bytes
    digest: str
    read_at: datetime
    is_open: bool = True
    withdrawn: bool = False


class PollSession(Protocol):
    """An open connection to a polled system. Its methods raise Retryable (away, overloaded) or Rejected (our fault)."""

    @property
    def mark(self) -> str:
        """How far `changed_since` has read, in the system's own time; true once its iteration has ended."""

    def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Read again every document that changed, itself or in a child, since `mark`; all of them at an empty one."""

    def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:
        """Read these, changed or not; one that no longer exists is a withdrawal.

        A hint may name any: of an unknown kind, or with an id that cannot be one, there is nothing to read.
        """

    def of_order(self, order: str) -> AsyncIterator[Reading]:
        """Read the order of this number and every document that names it, to be told afresh (`Document.afresh`).

        Changed or not. There is nothing where the system has no such order.
        """

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a document no longer exists under this name."""


@dataclass(frozen=True, slots=True)
class Poller:
    """A system that we read.

    documentation: its pages; read_on: the day they were read. check: raises Rejected, in one sentence, where the
    account's url or options are wrong; `open` and `to_events` rely on it. open(account, secret, clock): a session.
    to_events: as a source's. read: bytes to a JSON value. probe: as a target's.
    """

    name: str
    title: str
    documentation: tuple[str, ...]
    read_on: date
    check: Callable[[PollerAccount], None]
    open: Callable[[PollerAccount, str | None, WallClock], AbstractAsyncContextManager[PollSession]]
    read: Callable[[RawRequest], object]
    to_events: Callable[[object, Context], Mapped]
    probe: Callable[[PollerAccount, str | None], Awaitable[Sequence[str]]] | None = None


class Heard(NamedTuple):
    """What a tracker answered about a parcel, written as it would have pushed it. source: `CONNECTOR/ACCOUNT`."""

    source: str
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Record:
    """What a target has for a task: its id there, whether it is open, its version there, the fields that we own.

    key, idempotency_key: as they were written (`Writing`); a lost ledger is rebuilt from them. version: empty where a
    list of many does not tell it, and then an update reads the record first.
    fields: as they stand there now; a field that was written and kept reads exactly as it was written.
    closed_by: who else closed it; empty where we did. closed_at: by the target's own clock. refused: whether it was
    closed as not to be done, rather than as done. approved_by: who approved that, where somebody did. merged_into: the
    id of the record that it was merged into; such a one is closed. is_deleted: whether it was deleted, where what is
    deleted can still be read; such a one is closed, too. assigned_to: whose it is now, as the target names people or
    groups; empty where it is nobody's, or where the target does not tell. heard: what else it told, to be read like a
    push.
    """

    id: str
    is_open: bool
    version: str
    fields: Mapping[str, str]
    key: str
    idempotency_key: str
    closed_by: str = ""
    closed_at: datetime | None = None
    closed_reason: str = ""
    refused: bool = False
    approved_by: str = ""
    merged_into: str = ""
    is_deleted: bool = False
    assigned_to: str = ""
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be written for one episode of one task: its keys, and the fields that we own.

    key: the task's key, without the episode. idempotency_key: of this episode, the same at every try.
    comment: what is said beside an update or a close.
    """

    key: str
    idempotency_key: str
    fields: Mapping[str, str]
    comment: str = ""


class TargetSession(Protocol):
    """An open connection to a target. Its methods raise Retryable (try again) or Rejected (it never will)."""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find the records of every episode of a task, open or closed, by a strongly consistent read."""

    async def read(self, record_id: str) -> Record | None:
        """Read one record; None where it no longer exists."""

    async def create(self, writing: Writing) -> Record:
        """Create a record."""

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our fields to a record, no others; of it only `id` and `version` are looked at.

        Where somebody changed it since that version it is read again first, and one that they closed is given back
        closed, unwritten. Raises Rejected with the code `gone` where the record no longer exists.
        """

    async def close(self, record: Record, writing: Writing) -> Record:
        """Close a record with the reason in `writing.comment`; one that is closed already is left as it is.

        Raises Rejected with the code `gone` where the record no longer exists.
        """

    @property
    def mark(self) -> str:
        """How far `changed_since` has read, in the target's own terms; true once its iteration has ended."""

    def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our records that were closed or opened since `mark`, all of them at an empty one, some of them again.

        They come many at a time, so a closed one does not tell by whom, when and why: `read` does.
        """


class ReopeningSession(TargetSession, Protocol):
    """A session of a target that can open a closed record again (`Target.reopens`)."""

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Open a closed record, say `writing.comment`, and write our fields; one that is open already stays open.

        Raises Rejected with the code `gone` where the record no longer exists.
        """


@dataclass(frozen=True, slots=True)
class TaskInContext:
    """A task and the snapshot it stands in, as JSON-ready values: what a field mapping may use."""

    key: str
    account: str
    scope: str
    subject: str
    task: Task
    view: View | None


@dataclass(frozen=True, slots=True)
class NoticeInContext:
    """A notice to a customer and the snapshot it stands in."""

    key: str
    account: str
    scope: str
    subject: str
    notice: Notice
    view: View | None


@dataclass(frozen=True, slots=True)
class OrderInContext:
    """An order whose delivery's status is to stand at a target. tasks: what is wanted of people about it now."""

    key: str
    account: str
    scope: str
    subject: str
    view: View
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class StepInContext:
    """One thing that happened to an order, and the snapshot it stands in."""

    key: str
    account: str
    scope: str
    subject: str
    entry: TimelineEntry
    view: View


@dataclass(frozen=True, slots=True)
class Limit:
    """A target's published limit: at most so many `calls` in any `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """A system that we write tasks to.

    documentation: its pages; read_on: the day they were read.
    check: raises Rejected, in one sentence, where the account's options are wrong; `open` and `fields` rely on it.
    open: makes no call yet, so a target that is away is no reason not to start.
    fields: which canonical value goes to which field, in the account's language: pure; raises Rejected.
    keeps_idempotency_keys: whether sending the same key twice has one effect there; else only look-up protects.
    notice_fields: as `fields`, for notices to customers; None where the target carries none.
    subscription_fields: as `fields`, for parcels to be registered; a target that has it takes nothing else.
    status_fields: as `fields`, for the one record that stands beside each order; None where the target keeps no orders.
    step_fields: as `fields`, for what happened to an order, step by step; None where the target takes no steps.
    default_fields, default_status_fields: which canonical value goes to which field of this system, where the account
    does not say otherwise (`contracts.fields.in_effect`); empty where the fields are not to be chosen.
    limit: what its vendor publishes; None where nothing is published.
    reopens: whether its sessions can open a closed record again (`ReopeningSession`).
    is_told_only: whether it can be told and not read, as a mailbox: that a record is not found there says nothing.
    probe(account, secret): asks the running system what stands against the account, and gives it, a sentence each: a
    key that is refused, a queue or a field that is not there or cannot be written, a right that is missing. It writes
    nothing and costs nothing; it raises Retryable or Rejected where it got no answer to go on with, which is told as
    one problem more. None where the system has no way to tell without a write.
    """

    name: str
    title: str
    documentation: tuple[str, ...]
    read_on: date
    check: Callable[[TargetAccount], None]
    open: Callable[[TargetAccount, str | None], AbstractAsyncContextManager[TargetSession]]
    fields: Callable[[TaskInContext, TargetAccount], Mapping[str, str]]
    keeps_idempotency_keys: bool = False
    notice_fields: Callable[[NoticeInContext, TargetAccount], Mapping[str, str]] | None = None
    subscription_fields: Callable[[WantedSubscription, TargetAccount], Mapping[str, str]] | None = None
    status_fields: Callable[[OrderInContext, TargetAccount], Mapping[str, str]] | None = None
    step_fields: Callable[[StepInContext, TargetAccount], Mapping[str, str]] | None = None
    default_fields: Mapping[str, TaskField] = field(default_factory=dict)
    default_status_fields: Mapping[str, OrderField] = field(default_factory=dict)
    limit: Limit | None = None
    reopens: bool = False
    is_told_only: bool = False
    probe: Callable[[TargetAccount, str | None], Awaitable[Sequence[str]]] | None = None


@dataclass(frozen=True, slots=True)
class Tracker:
    """A source that pushes only what was registered with it.

    target: its registrations, each a record: creating one registers a parcel, updating one renews it, registers it
    again or asks for the parcel, as the fields say, and closing one ends it. source: the connector by which its pushes,
    and its answers, are read. renew_after: how long after one registration the next is due; None where it lasts.
    again_after: how long after it gave a parcel up it takes it again.
    """

    target: Target
    source: str
    renew_after: timedelta | None = None
    again_after: timedelta = timedelta(0)

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.target.name

    def check(self, account: TargetAccount) -> None:
        """Refuse an account that is wrong: as a target's own check."""
        self.target.check(account)
