"""One poll of one account: what is news is sent and remembered, then the mark moves, then the account was heard.

The order is the guarantee: whatever a crash leaves undone is read and sent again, and a tick stands behind every
record that it speaks for.
"""

from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from connectors.polling.letter import STAGE
from connectors.polling.memory import Memory, Progress
from contracts.clock import WallClock, poller_source
from contracts.connector import PollSession, Reading
from contracts.errors import QuaysideError
from contracts.hint import Named
from contracts.metrics import DEAD_LETTERS, INBOUND
from contracts.settings import PollerAccount
from contracts.ticks import Tick
from contracts.topics import BODY_LIMIT

BATCH = 200
BATCH_BYTES = 8 * 1024 * 1024
"""How many readings are written, awaited and remembered together: so many, and little more than so many bytes."""

Place = tuple[str, str]
"""A document's kind and its id at the system."""

log = structlog.get_logger(__name__)


class Durable(Protocol):
    """Where it all goes; every method returns when what it wrote is durable (`journal.Journal`)."""

    async def store(self, readings: list[Reading]) -> None:
        """Write readings to `inbound`."""

    async def bury(self, readings: list[Reading]) -> None:
        """Write readings that no record of `inbound` can hold to the dead letters."""

    async def remember(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write records to `marks`."""

    async def tick(self, tick: Tick) -> None:
        """Write a tick to each partition of `inbound`."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll needs. Its methods raise what the session raises, and KafkaError."""

    account: PollerAccount
    session: PollSession
    memory: Memory
    journal: Durable
    clock: WallClock

    async def once(self) -> bool:
        """Read what changed, now and then what is open too; the tick carries the instant at which this began.

        Gives whether anything was news.
        """
        began = self.clock.now()
        before = self.memory.progress
        told = await self._tell(self.session.changed_since(before.mark), began)
        mark, records = self.session.mark, list[tuple[bytes, bytes | None]]()
        reconciled_at = before.reconciled_at or began
        if self._reconcile_due(reconciled_at, began):
            told |= await self._tell(self.session.read_again(self.memory.open_documents()), began)
            records.extend(self.memory.forget(began))
            reconciled_at = began
        after = Progress(mark, reconciled_at)
        if after != before:
            await self.journal.remember([*records, self.memory.proceed(after)])
        await self.journal.tick(Tick.of_source(poller_source(self.account.name), began, self.account.every_seconds))
        return bool(told)

    async def look(self, hinted: Collection[Named]) -> frozenset[Named]:
        """Read what was hinted at, and all that changed where a hint names nothing that could be read by itself.

        Gives the hints that led to news.
        """
        documents = self.memory.documents(hinted)
        told = await self._tell(self.session.read_again(list(documents.values())), self.clock.now())
        news = {named for named, found in documents.items() if (found.kind, found.remote) in told}
        if (others := {named for named in hinted if named not in documents}) and await self.once():
            news |= others
        return frozenset(news)

    def _reconcile_due(self, last: datetime, now: datetime) -> bool:
        return now - last >= timedelta(seconds=self.account.reconcile_every_seconds)

    async def _tell(self, readings: AsyncIterator[Reading], began: datetime) -> set[Place]:
        """Send the news among readings; gives of which documents. What was read before a failure is sent before it."""
        told = _Told(self, began)
        try:
            async for reading in readings:
                await told.add(reading)
        except QuaysideError:
            await told.write()
            raise
        await told.write()
        return told.places


class _Told:
    """News that is not durable yet."""

    def __init__(self, poll: Poll, began: datetime) -> None:
        self._poll = poll
        self._began = began
        self._bytes = 0
        self.places = set[Place]()
        self._readings: list[Reading] = []
        self._records: list[tuple[bytes, bytes | None]] = []

    async def add(self, reading: Reading) -> None:
        memory = self._poll.memory
        if not memory.news(reading, self._began):
            return
        if former := memory.former_name(reading.document):
            self._readings.append(self._poll.session.withdrawal(former, reading.read_at))
        self._readings.append(reading)
        self._records.append(memory.remember(reading))
        self.places.add((reading.document.kind, reading.document.remote))
        self._bytes += len(reading.body)
        if len(self._readings) >= BATCH or self._bytes >= BATCH_BYTES:
            await self.write()

    async def write(self) -> None:
        if not self._readings:
            return
        readings, self._readings = self._readings, []
        records, self._records = self._records, []
        self._bytes = 0
        stored = [reading for reading in readings if len(reading.body) <= BODY_LIMIT]
        buried = [reading for reading in readings if len(reading.body) > BODY_LIMIT]
        await self._poll.journal.store(stored)
        await self._poll.journal.bury(buried)
        await self._poll.journal.remember(records)
        self._count("stored", len(stored))
        self._count("too_large", len(buried))
        DEAD_LETTERS.labels(STAGE).inc(len(buried))
        for reading in buried:
            log.error("reading is too large", account=self._poll.account.name, document=reading.document.document)

    def _count(self, outcome: str, times: int) -> None:
        INBOUND.labels(self._poll.account.connector, outcome).inc(times)
