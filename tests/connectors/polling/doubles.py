"""A polled system and a journal, both in memory, for tests of what a poll tells and remembers."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from connectors.polling.memory import Memory
from connectors.polling.poll import Poll
from contracts.clock import WallClock
from contracts.connector import Document, Reading
from contracts.errors import QuaysideError
from contracts.settings import PollerAccount
from contracts.ticks import Tick

ACCOUNT = PollerAccount(name="erp", connector="tryton", url="https://erp.example/db", reconcile_every_seconds=3600)
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


STANDING = WallClock(MORNING, 0.0, 0.0)
"""A clock that shows `MORNING` until it is set anew."""


@dataclass
class System:
    """What stands in the system, by kind and id: name, content, whether it may still change; and how it fails.

    changed: what the next poll is told. read: what was read by itself. fails_after: so many readings, with which error.
    """

    clock: WallClock = STANDING
    documents: dict[tuple[str, str], tuple[str, str, bool]] = field(default_factory=dict)
    changed: list[tuple[str, str]] = field(default_factory=list)
    fails_after: tuple[int, QuaysideError] | None = None
    mark: str = ""
    asked: list[str] = field(default_factory=list)
    read: list[list[Document]] = field(default_factory=list)

    def wait(self, span: timedelta) -> None:
        self.clock = replace(self.clock, epoch=self.clock.epoch + span)

    def write(self, remote: str, content: str, *, name: str = "", is_open: bool = True, kind: str = "order") -> None:
        self.documents[kind, remote] = (name or f"SO{remote}", content, is_open)
        self.changed.append((kind, remote))

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        self.asked.append(mark)
        for count, place in enumerate(self.changed):
            if self.fails_after is not None and count == self.fails_after[0]:
                raise self.fails_after[1]
            yield self._reading(*place)
        self.mark = f"after-{len(self.changed)}"

    async def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:
        self.read.append(list(documents))
        for document in documents:
            if (document.kind, document.remote) in self.documents:
                yield self._reading(document.kind, document.remote)
            else:
                yield self.withdrawal(document, self.clock.now())

    async def of_order(self, order: str) -> AsyncIterator[Reading]:
        if any(kind == "order" and name == order for (kind, _), (name, _, _) in self.documents.items()):
            for kind, remote in self.documents:
                yield self._reading(kind, remote)

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        body = json.dumps({"document": document.document, "withdrawn": True}).encode()
        return Reading(document, body, "withdrawn", read_at, is_open=False, withdrawn=True)

    def _reading(self, kind: str, remote: str) -> Reading:
        name, content, is_open = self.documents[kind, remote]
        body = json.dumps({"document": name, "content": content}).encode()
        return Reading(Document(kind, name, remote), body, content, self.clock.now(), is_open)


@dataclass
class Durable:
    """What is durable, in the order in which it became so; `fails_at` names the write that the broker does not take."""

    inbound: list[Reading | Tick] = field(default_factory=list)
    dead: list[Reading] = field(default_factory=list)
    marks: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    fails_at: str = ""

    async def store(self, readings: list[Reading]) -> None:
        self._written("store")
        self.inbound.extend(readings)

    async def bury(self, readings: list[Reading]) -> None:
        self._written("bury")
        self.dead.extend(readings)

    async def remember(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        written = list(records)
        self._written("mark" if any(b"progress" in key for key, _ in written) else "sent")
        self.marks.extend(written)

    async def tick(self, tick: Tick) -> None:
        self._written("tick")
        self.inbound.append(tick)

    def _written(self, what: str) -> None:
        if what == self.fails_at:
            raise ConnectionError(what)
        self.order.append(what)

    def told(self) -> list[dict[str, object]]:
        """What the readings in `inbound` say."""
        return [json.loads(found.body) for found in self.inbound if isinstance(found, Reading)]

    def ticks(self) -> list[Tick]:
        return [found for found in self.inbound if isinstance(found, Tick)]

    def recalled(self) -> Memory:
        """What the next process remembers."""
        memory = Memory(ACCOUNT.name)
        for key, value in self.marks:
            memory.load(key, value)
        return memory


def poll_of(system: System, durable: Durable, memory: Memory | None = None) -> Poll:
    """A poll of the account; without a memory it is that of a process that has just started."""
    return Poll(ACCOUNT, system, memory or durable.recalled(), durable, system.clock)
