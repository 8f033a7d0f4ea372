"""Sources that die or are refused, as they really tick, at 600 times speed: only what rests on the deaf one waits."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from connectors.hinting.waiting import Waiting
from connectors.ingress.durable import Durable
from connectors.ingress.ticking import keep_ticking
from connectors.kafka import create_topics
from connectors.pollers.tryton import TRYTON
from connectors.polling.journal import journal_of, recall
from connectors.polling.polls import Polling
from contracts.clock import WallClock
from contracts.connector import Poller, PollSession
from contracts.errors import Rejected
from contracts.settings import PollerAccount
from contracts.ticks import SETTLE, Tick
from contracts.topics import INBOUND, MARKS, TRACKING
from desk.broker import Broker
from tests.connectors.polling.doubles import System
from tests.faults.arena import Arena, arena, until
from tests.faults.test_time import raised
from tests.streams.engine.toys import LIMIT, NOON

SPEED = 600.0
EVERY = 60.0
"""Seconds between two ticks, of the fast clock: a tenth of a second, so that a busy machine makes no gaps."""
ACCOUNT = PollerAccount(name="erp", connector="tryton", url="https://erp.example/db", every_seconds=EVERY)
HOUR = timedelta(hours=1)


@dataclass
class Erp:
    """A system that can be told to refuse; it has nothing to say but that it was read."""

    refuses: bool = False
    refused: int = 0
    poller: Poller = field(init=False)

    def __post_init__(self) -> None:
        self.poller = replace(TRYTON, open=self._open)

    @asynccontextmanager
    async def _open(
        self, _account: PollerAccount, _secret: str | None, _clock: WallClock
    ) -> AsyncIterator[PollSession]:
        if self.refuses:
            self.refused += 1
            raise Rejected("the key is wrong", code="unauthorised")
        yield System()


@contextmanager
def running(*tasks: "asyncio.Task[None]") -> Iterator[None]:
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


@asynccontextmanager
async def ingress(on: Arena, clock: WallClock) -> AsyncIterator[None]:
    """One instance of ingress, as far as it tells the time."""
    durable = Durable(on.kafka, clock)
    connecting = asyncio.create_task(durable.keep_connected())
    await until(lambda: durable.unready() is None, "ingress to connect")
    with running(asyncio.create_task(keep_ticking(durable, clock, EVERY)), connecting):
        yield


@asynccontextmanager
async def polling(on: Arena, clock: WallClock, erp: Erp) -> AsyncIterator[None]:
    async with journal_of(ACCOUNT, on.kafka, clock) as journal:
        memory = await recall(ACCOUNT.name, on.kafka)
        polls = Polling(ACCOUNT, erp.poller, memory, journal, clock, Waiting())
        with running(asyncio.create_task(polls.keep())):
            yield


async def passed_on(on: Arena) -> datetime:
    """The time that the alarm has passed on, with all that was due by then written."""
    return max((Tick.decode(record.value).now for record in await on.read(TRACKING)), default=NOON)


async def test_one_of_two_ingress_dies_for_good_and_a_poller_is_refused_for_three_hours(
    broker: Broker, tmp_path: Path
) -> None:
    clock, erp = WallClock(NOON, time.time(), SPEED), Erp()

    async def time_is(at: datetime) -> bool:
        return await passed_on(on) >= at

    async with arena(broker, tmp_path, partitions=2) as on, AsyncExitStack() as sources:
        await create_topics(on.kafka, [MARKS])
        worker = on.start("normalise", "alarm")
        await sources.enter_async_context(ingress(on, clock))
        await sources.enter_async_context(polling(on, clock, erp))
        async with ingress(on, clock):
            began = clock.now()
            await on.scan(INBOUND, b"silent", began)
            await until(lambda: time_is(began), "both instances and the poller to be heard")
        erp.refuses, refused_at = True, clock.now()
        # Told only now: on a slow machine an hour had passed before the poller was refused, and it was silent rightly.
        await on.scan(INBOUND, b"polled-parcel", refused_at)
        await on.scan(INBOUND, b"silent-later", refused_at + HOUR)
        await until(lambda: time_is(refused_at + 3 * HOUR), "time to go on by the instance that is left")
        found = await raised(on)
        assert set(found) == {b"silent", b"silent-later"}
        assert found[b"silent-later"] >= refused_at + HOUR + LIMIT
        assert erp.refused > 1
        assert (await on.latest())[b"polled-parcel"] == b'{"number":1,"raised":false}'
        erp.refuses, back_at = False, clock.now()

        async def is_raised() -> bool:
            return b"polled-parcel" in await raised(on)

        await until(is_raised, "what rests on the poller to be judged")
        assert (await raised(on))[b"polled-parcel"] >= back_at + SETTLE
        assert worker.code is None, worker.log.read_text()
