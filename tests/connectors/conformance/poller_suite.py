"""What all parts of a poller's suite stand on: a real or faked system, its clerk, a proxy between, and its polls."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import ClassVar, Literal, Protocol
from urllib.parse import urlsplit

import pytest

from connectors.polling.afresh import tell_afresh
from connectors.polling.memory import Memory
from connectors.polling.polls import poll_once
from contracts.clock import WallClock
from contracts.connector import Context, Poller, Reading
from contracts.documents import Document
from contracts.errors import QuaysideError
from contracts.raw import RawRequest
from contracts.settings import PollerAccount, SecretFrom
from tests.connectors.conformance.clauses import Test, leave_out, marked
from tests.connectors.misbehaving import Misbehaving, misbehaving
from tests.connectors.polling.doubles import Durable

Clause = Literal[
    "watermark",  # what was read is not asked for again; its time can be moved (`Clerk.wait`)
    "overlap",  # what shows late, dated before the mark, is told (`Clerk.order_late`)
    "paging",  # there are pages, and they can be made small (`page`)
    "deletion",
    "afresh",  # an order is read again, changed or not
    "secret",  # it refuses a wrong one
    "throttling",  # it asks us to wait
    "http",  # it is reached over HTTP, so it can be away, and answer nonsense
]
SECRET = "POLLED_SECRET"


def clause(name: Clause) -> Callable[[Test], Test]:
    """Say of which clause a test is a part."""
    return marked(name)


class Clerk(Protocol):
    """Somebody who works in the polled system, with its own means."""

    def order(self) -> str:
        """Write an order that is told; give its number."""

    def change(self, number: str) -> None:
        """Change something of it that is told."""

    def delete(self, number: str) -> None:
        """Delete it, or what stands for that there."""

    def order_late(self, ago: timedelta) -> str:
        """Write an order that shows only now and is dated so long ago; give its number."""

    def wait(self, span: timedelta) -> None:
        """Let the system's own time pass."""


@dataclass(frozen=True)
class Polled:
    """A system to poll. clock: as of now, standing still where the system's own time does."""

    account: PollerAccount
    secret: str
    clerk: Clerk
    wrong_secret: str = "not the secret"
    clock: WallClock = field(default_factory=WallClock)


@dataclass
class Polls:
    """Polls of one account, process after process: each recalls what the one before remembered."""

    poller: Poller
    account: PollerAccount
    clock: WallClock
    durable: Durable = field(default_factory=Durable)

    async def poll(self) -> QuaysideError | None:
        memory = Memory(self.account.name)
        for key, value in self.durable.marks:
            memory.load(key, value)
        return await poll_once(self.account, self.poller, memory, self.durable, self.clock)

    async def polled(self) -> "Polls":
        error = await self.poll()
        assert error is None, error
        return self

    async def afresh(self, number: str) -> list[Document]:
        """What is told of an order when it is read afresh."""
        told = Durable()
        await tell_afresh(self.account, self.poller, number, self.clock, told)
        return _documents(self, told)

    def told(self, number: str) -> list[Document]:
        """All that was told of the document of this number, in the order in which it was told."""
        return [found for found in _documents(self, self.durable) if found.document == number]

    def wait(self, span: timedelta) -> None:
        self.clock = replace(self.clock, epoch=self.clock.epoch + span)


def _documents(polls: Polls, durable: Durable) -> list[Document]:
    readings = [reading for reading in durable.inbound if isinstance(reading, Reading)]
    return [event for reading in readings for event in _events(polls, reading) if isinstance(event, Document)]


def _events(polls: Polls, reading: Reading) -> tuple[object, ...]:
    account, poller = polls.account, polls.poller
    raw = RawRequest(poller.name, account.name, reading.body, reading.read_at)
    context = Context(poller.name, account.name, reading.read_at, account.zone, account.options)
    return poller.to_events(poller.read(raw), context).events


class PollerSuite:
    """A part of the suite; its test module provides the fixture `polled`.

    not_applicable: clauses that do not apply, each with the reason. asks: the requests by which it is read, `METHOD` or
    `METHOD PATTERN`. page: module and name of how many records a page has at most.
    """

    poller: ClassVar[Poller]
    not_applicable: ClassVar[Mapping[Clause, str]] = {}
    asks: ClassVar[str] = "GET"
    page: ClassVar[tuple[object, str] | None] = None

    def __init_subclass__(cls) -> None:
        """Leave out the tests of clauses that do not apply; `test_what_is_left_out…` sees to their reasons."""
        super().__init_subclass__()
        leave_out(cls, cls.not_applicable)

    @pytest.fixture
    async def proxy(self, polled: Polled) -> AsyncIterator[Misbehaving]:
        address = urlsplit(polled.account.url)
        async with misbehaving(f"{address.scheme}://{address.netloc}") as running:
            yield running

    @pytest.fixture
    def polls(self, polled: Polled, monkeypatch: pytest.MonkeyPatch) -> Polls:
        """Polls of the system itself."""
        return self.polls_of(polled, monkeypatch)

    @pytest.fixture
    def proxied(self, polled: Polled, proxy: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> Polls:
        """Polls by way of the proxy."""
        return self.polls_of(polled, monkeypatch, url=proxy.url + urlsplit(polled.account.url).path)

    def polls_of(self, polled: Polled, monkeypatch: pytest.MonkeyPatch, **changes: object) -> Polls:
        monkeypatch.setenv(SECRET, polled.secret)
        account = polled.account.model_copy(update={"secret": SecretFrom(env=SECRET), **changes})
        self.poller.check(account)
        return Polls(self.poller, account, polled.clock)
