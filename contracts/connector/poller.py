"""A system that we read."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from contracts.clock import WallClock
from contracts.connector.mapping import Context, Mapped
from contracts.raw import RawRequest
from contracts.settings import PollerAccount


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
