"""Where an account's readings, what was sent of them, and its ticks become durable."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer

from connectors import kafka
from connectors.ingress.trace import traceparent_of
from connectors.polling.letter import dead_letter
from connectors.polling.memory import MARK_TYPE, Memory
from connectors.polling.ticking import write_tick
from connectors.scanning import places, reading, scan
from contracts.clock import WallClock
from contracts.connector import Reading
from contracts.envelope import Headers
from contracts.raw import RawRequest
from contracts.settings import KafkaSettings, PollerAccount
from contracts.ticks import Tick
from contracts.topics import DEAD_LETTERS, INBOUND, MARKS, Topic

PATIENCE = 30.0

_MARK_HEADERS = [("ce_type", MARK_TYPE.encode()), ("content-type", b"application/json")]


@dataclass(frozen=True, slots=True)
class Inbox:
    """What anybody may write of an account, whosever turn it is.

    Each method returns when what it wrote is durable (acks=all). They raise KafkaError where it is not, TimeoutError
    where that cannot be said within `PATIENCE` seconds.
    """

    account: PollerAccount
    settings: KafkaSettings
    clock: WallClock
    inbound: AIOKafkaProducer

    async def store(self, readings: Sequence[Reading]) -> None:
        """Write readings to `inbound`."""
        await self._write(INBOUND, [self._request(found).record(traceparent_of(None)) for found in readings])

    async def bury(self, readings: Sequence[Reading]) -> None:
        """Write readings that no record of `inbound` can hold to the dead letters."""
        topic, now = self.settings.topic(INBOUND.name), self.clock.now()
        await self._write(
            DEAD_LETTERS, [dead_letter(self._request(found), topic, now, traceparent_of(None)) for found in readings]
        )

    async def tick(self, tick: Tick) -> None:
        """Write a tick into each partition of `inbound`."""
        await write_tick(tick, self.inbound, self.settings)

    async def _write(self, topic: Topic, records: Iterable[tuple[bytes, bytes, Headers]]) -> None:
        name = self.settings.topic(topic.name)
        async with asyncio.timeout(PATIENCE):
            sent = [await self.inbound.send(name, value, key, headers=headers) for key, value, headers in records]
            await asyncio.gather(*sent)

    def _request(self, found: Reading) -> RawRequest:
        return RawRequest(
            connector=self.account.connector,
            account=self.account.name,
            body=found.body,
            received_at=found.read_at,
            content_type="application/json",
        )


@dataclass(frozen=True, slots=True)
class Journal(Inbox):
    """What whoever has the account's turn writes.

    marks: the account's own producer, in transactions, which shuts out the account's earlier ones. After an error the
    journal is of no more use: its next holder begins anew.
    """

    marks: AIOKafkaProducer

    async def remember(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write records to `marks`, all of them or none."""
        topic = self.settings.topic(MARKS.name)
        async with asyncio.timeout(PATIENCE):
            await self.marks.begin_transaction()
            sent = [await self.marks.send(topic, value, key, headers=_MARK_HEADERS) for key, value in records]
            await asyncio.gather(*sent)
            await self.marks.commit_transaction()


async def recall(account: str, settings: KafkaSettings) -> Memory:
    """Read what is remembered of an account; raises Fatal where the broker is away, Rejected at what is not ours."""
    memory = Memory(account)
    async with reading(settings, committed=True) as consumer:
        async for record in scan(consumer, places(settings, MARKS)):
            if record.key is not None and memory.is_mine(record.key):
                memory.load(record.key, record.value)
    return memory


@asynccontextmanager
async def inbox_of(account: PollerAccount, settings: KafkaSettings, clock: WallClock) -> AsyncIterator[Inbox]:
    """Open an account's inbox; whoever has its turn goes on undisturbed."""
    async with kafka.producer(settings, f"reopen-{account.name}") as inbound:
        yield Inbox(account, settings, clock, inbound)


@asynccontextmanager
async def journal_of(account: PollerAccount, settings: KafkaSettings, clock: WallClock) -> AsyncIterator[Journal]:
    """Open an account's journal; from here on, earlier holders of it can no longer write to `marks`."""
    inbound = kafka.producer(settings, f"poll-{account.name}")
    marks = kafka.producer(
        settings, f"poll-{account.name}-marks", transactional_id=f"{settings.prefix}.poll.{account.name}"
    )
    try:
        await marks.start()
        await inbound.start()
        yield Journal(account, settings, clock, inbound, marks)
    finally:
        await asyncio.gather(kafka.close(inbound), kafka.close(marks))
