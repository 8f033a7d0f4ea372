"""A target that fails for everybody gets one order's calls at a time, and a lane under way stops where it is."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from contracts.errors import Retryable
from contracts.settings import TargetAccount
from streams.dispatch.breaker import OPENS_AFTER, SHORTEST
from streams.dispatch.intake import LaneKey, read_record
from streams.dispatch.lanes import Lanes
from streams.store.wanted import WantedStore
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.dispatch.running import until
from tests.streams.dispatch.samples import START, record, snapshot, task

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", concurrency=16, tries=99)


@dataclass
class DueStore(MemoryStore):
    """A store that also tells which lanes are due, as the one in SQL does."""

    shown: list[set[LaneKey]] = field(default_factory=list)

    async def due(
        self, now: datetime, _partitions: Collection[int], busy: Collection[LaneKey], limit: int
    ) -> dict[LaneKey, int]:
        due = [key for key, lane in self.lanes.items() if lane.due_at and lane.due_at <= now and key not in busy]
        return dict.fromkeys(due[:limit], 0)


@dataclass
class Running:
    """Lanes at work on many orders, at a time that the test moves."""

    orders: int
    store: DueStore = field(default_factory=DueStore)
    fake: FakeTarget = field(default_factory=FakeTarget)
    now: datetime = START
    at_once: int = 0
    most: int = 0

    async def run(self, meanwhile: Callable[[Lanes], Awaitable[None]]) -> None:
        for number in range(self.orders):
            self.store.take(read_record(record(snapshot(task(), order=f"SO-{number}"), number)), self.now)
        lanes_runner = runner(self.store, self.fake, ACCOUNT, lambda: self.now)
        lanes = Lanes(lanes_runner, cast("WantedStore", self.store), ACCOUNT.concurrency, lambda: self.now)
        lanes.own(0)
        stop = asyncio.Event()
        running = asyncio.create_task(lanes.run(stop))
        await meanwhile(lanes)
        stop.set()
        await running


async def test_a_target_that_is_away_is_tried_by_one_order_until_it_is_back() -> None:
    running = Running(orders=40)

    async def away() -> None:
        running.at_once += 1
        running.most = max(running.most, running.at_once)
        await asyncio.sleep(0)
        running.at_once -= 1
        raise Retryable("away", code="unreachable")

    async def back() -> None:
        """It works again."""

    async def meanwhile(lanes: Lanes) -> None:
        running.fake.before = away
        await until(lambda: len(running.fake.calls) >= OPENS_AFTER, "calls fail")
        await until(lambda: running.at_once == 0, "those under way end")
        went = len(running.fake.calls)
        assert went <= ACCOUNT.concurrency, "the others were not even begun"
        running.most = 0
        running.now += SHORTEST
        lanes.call()
        await until(lambda: len(running.fake.calls) > went and running.at_once == 0, "it is tried")
        assert (len(running.fake.calls), running.most) == (went + 1, 1)
        running.fake.before = back
        running.now += timedelta(hours=1)
        lanes.call()
        await until(lambda: len(running.fake.open_records()) == 40, "all orders are there")

    await running.run(meanwhile)
