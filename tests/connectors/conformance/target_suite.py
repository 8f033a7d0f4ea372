"""What all parts of a target's suite stand on: a real or faked system to write to, its people, and a proxy between."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import ClassVar, Literal, Protocol
from urllib.parse import urlsplit

import pytest

from contracts.connector import Record, Target, TargetSession, Writing
from contracts.errors import QuaysideError
from contracts.identity import digest
from contracts.settings import TargetAccount
from tests.connectors.conformance.clauses import Test, leave_out, marked
from tests.connectors.misbehaving import Answer, Misbehaving, misbehaving
from tests.connectors.sample_tasks import late_task

Clause = Literal[
    "fields",  # what a ticket tells
    "reading",  # a record reads as it was written, and one that is gone is told as gone
    "updating",  # our fields and no others are written
    "comments",  # an update says something
    "closing",
    "look_up",  # by a task's key, by a strongly consistent read
    "people",  # what people close comes back, and is not written over
    "approvals",
    "http",  # it is reached over HTTP, so answers, redirects and addresses can be wrong
    "answers",  # a success says what was done
    "secret",  # it refuses a wrong one
    "documented_failures",
    "choice",  # an account chooses what is written to which field
    "orders",  # the delivery's status beside each order
    "steps",  # each step of a delivery
    "reopening",  # a closed record is opened again
    "probe",  # it tells without a write what is missing there
    "probed_secret",  # and that the secret is refused
]
_numbers = count(1)


def clause(name: Clause) -> Callable[[Test], Test]:
    """Say of which clause a test is a part."""
    return marked(name)


class Person(Protocol):
    """Somebody who works at the target, with its own means."""

    name: str

    def close(self, record: Record, reason: str) -> None: ...

    def refuse(self, record: Record, reason: str) -> None: ...

    def close_approved(self, record: Record, reason: str) -> str:
        """Close a record with an approval; tell whose."""

    def edit_what_is_not_ours(self, record: Record) -> None:
        """Change the record where Quayside writes nothing."""

    def is_edit_kept(self, record: Record) -> bool: ...

    def said_on(self, record: Record) -> list[str]:
        """All that was said on the record, by anybody."""


UNHURRIED = 30.0
"""Seconds that an answer may take where its time is not what is tested: other tests may have the processor."""


@dataclass(frozen=True)
class System:
    """A target. patience: after how many seconds a test of silence gives up. not_ours: an id that no record has."""

    account: TargetAccount
    secret: str
    wrong_secret: str
    person: Person
    patience: float
    not_ours: str = "99999999"


def next_order(system: System) -> str:
    """The number of an order that no other test writes about."""
    return f"SO-{next(_numbers)}-{digest(system.account.url, size=4)}"


@dataclass(frozen=True)
class Failure:
    """A failure that the vendor documents, and what must become of it.

    page: where it stands. answer: what comes instead of the target's. error, code: what is raised. wait: how long the
    target asks us to. during: what is tried; request: at which request it comes, where that is not the usual one.
    """

    page: str
    answer: Answer
    error: type[QuaysideError]
    code: str
    wait: timedelta | None = None
    during: Literal["create", "update", "close", "look_up"] = "create"
    request: str = ""


class TargetSuite:
    """A part of the suite; its test module provides the fixture `system`.

    not_applicable: clauses that do not apply, each with the reason. creates, updates, closes, looks_up: the requests
    that do so, each `METHOD`, or `METHOD PATTERN` where others use that method too: a regular expression found in the
    path. false_success: a body with which the target answers 200 to an update that it did not do. documented: the
    failures that its pages tell of. peculiar: statuses of a create that mean something of their own among these.
    """

    target: ClassVar[Target]
    not_applicable: ClassVar[Mapping[Clause, str]] = {}
    creates: ClassVar[str] = "POST"
    updates: ClassVar[tuple[str, ...]] = ("PUT", "PATCH")
    closes: ClassVar[str] = "POST"
    looks_up: ClassVar[str] = "GET"
    false_success: ClassVar[bytes] = b"{}"
    documented: ClassVar[tuple[Failure, ...]] = ()
    peculiar: ClassVar[frozenset[int]] = frozenset()

    def __init_subclass__(cls) -> None:
        """Leave out the tests of clauses that do not apply; the suite says so itself (`test_what_is_left_out…`)."""
        super().__init_subclass__()
        leave_out(cls, cls.not_applicable)

    @pytest.fixture
    async def proxy(self, system: System) -> AsyncIterator[Misbehaving]:
        async with misbehaving(system.account.url) as running:
            yield running

    @pytest.fixture
    async def session(self, system: System, proxy: Misbehaving) -> AsyncIterator[TargetSession]:
        async with self.open(system, url=self.through(system, proxy)) as opened:
            yield opened

    def through(self, system: System, proxy: Misbehaving) -> str:
        """The account's url by way of the proxy, which stands for scheme, host and port."""
        return proxy.url + urlsplit(system.account.url).path

    def open(
        self, system: System, *, waits: float = UNHURRIED, **changes: object
    ) -> AbstractAsyncContextManager[TargetSession]:
        options = {**system.account.options, "timeout_seconds": str(waits)}
        account = system.account.model_copy(update={"options": options, **changes})
        self.target.check(account)
        return self.target.open(account, system.secret)

    def writing(self, system: System, order: str = "", episode: int = 1) -> Writing:
        context = late_task(order or next_order(system))
        fields = self.target.fields(context, system.account)
        return Writing(context.key, f"{digest(context.key)}-{episode}", fields)

    @staticmethod
    def with_other_scan(writing: Writing) -> Writing:
        """The same task after one more scan: every field that mentions it changes."""
        return replace(writing, fields={k: v.replace("到达", "离开") for k, v in writing.fields.items()})
