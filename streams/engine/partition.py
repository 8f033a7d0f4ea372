"""One owned partition at work: its chunks one after another, each durable before the next is begun."""

import asyncio
import math
from collections.abc import Iterable
from time import monotonic
from typing import Any, Protocol

import structlog
from faust.types import TP

from contracts import metrics
from contracts.clock import BEFORE_TIME, WallClock
from contracts.envelope import Headers
from streams.engine.backlog import Backlog, Unread
from streams.engine.core import PartitionCore
from streams.engine.writes import Batches, Writes, Written
from streams.failpoints import failpoint

CHUNK = 2000
"""Records at most that are worked on, written and acknowledged together."""
FIRST_CHUNK = 250
"""How many they are at first, while nothing is known of how slow a step is."""
CHUNK_SECONDS = 0.25
"""How long a chunk may take: where a step is slow, chunks become smaller, since all loops share the process."""
REFOLD = 50
"""Keys folded again under a newer policy after each chunk, or each second without one."""
IDLE_SECONDS = 1.0
LINGER_SECONDS = 0.01
"""How long a partition that was idle waits for more to come: a trickle that is written together costs half."""


class Loads(Protocol):
    """What one loop writes together (`streams.engine.sending.Load`)."""

    def add(self, batches: Batches, *, more: bool = False) -> None:
        """Take records, behind those that were taken before. more: whether others follow at once."""

    async def send(self) -> None:
        """Return when all that was taken is durable; raise Fatal where it is not."""


class Group(Protocol):
    """The consumer group, as a partition sees it."""

    def guard(self) -> None:
        """Raise Fatal where this process may not write any more."""

    def done(self, place: TP, offset: int) -> None:
        """Note that all before `offset` is finished and may be committed."""

    def behind(self, place: TP) -> float:
        """Count the records that are not finished; not a number while that is not known."""


NO_HEADERS: Headers = []

_log = structlog.get_logger(__name__)


class OwnedPartition:
    """The loop of one partition."""

    def __init__(self, place: TP, core: PartitionCore[Any, Any], load: Loads, clock: WallClock, group: Group) -> None:
        """Begin with no chunk."""
        self.place = place
        self.core = core
        self._load = load
        self._clock = clock
        self._group = group
        self._changelog = f"{core.stage.name}.changelog"
        self._backlog = Backlog()
        self._size = FIRST_CHUNK
        self._arrived = asyncio.Event()
        self._leaving = False

    @property
    def full(self) -> bool:
        """Whether enough records wait."""
        return self._backlog.full

    def put(self, fetched: Unread) -> None:
        """Take consecutive records, to be worked on in their turn."""
        self._backlog.put(fetched)
        self._arrived.set()

    def leave(self) -> None:
        """Finish the `Writes` under way and begin no other chunk: what waits, the next owner reads again."""
        self._leaving = True
        self._arrived.set()

    async def run(self) -> None:
        """Work until told to leave."""
        labels = self.core.stage.name, str(self.place.partition)
        metrics.CONSUMER_LAG.labels(*labels).set_function(lambda: self._group.behind(self.place))
        metrics.TIME_LAG.labels(*labels).set_function(self._time_lag)
        try:
            await self._work()
        finally:
            metrics.CONSUMER_LAG.remove(*labels)
            metrics.TIME_LAG.remove(*labels)

    def _time_lag(self) -> float:
        """Seconds that the partition's time is behind the clock; not a number where no time was heard."""
        now = self.core.time.clock.now
        return math.nan if now == BEFORE_TIME else (self._clock.now() - now).total_seconds()

    async def _work(self) -> None:
        await self._write_all(self.core.resume(self._clock.now()))
        while not self._leaving:
            if self._backlog:
                await self._take()
            else:
                await self._wait()
            if self.core.to_refold and not self._leaving:
                await self._write_all(self.core.refold(REFOLD, self._clock.now()))

    async def _take(self) -> None:
        began, before = monotonic(), self._backlog.taken
        if not await self._write_all(self.core.take(self._backlog.take(self._size), self._clock.now())):
            return
        # A chunk of which nothing was to be written has waited for nothing: the others get their turn here.
        await asyncio.sleep(0)
        number = self._backlog.taken - before
        if not number:
            return
        self._group.done(self.place, self._backlog.next_offset)
        failpoint("engine.after_ack")
        seconds = monotonic() - began
        self._size = max(1, min(CHUNK, 4 * self._size, int(number * CHUNK_SECONDS / seconds)))
        metrics.STAGE_SECONDS.labels(self.core.stage.name).observe(seconds)

    async def _wait(self) -> None:
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), IDLE_SECONDS if self.core.to_refold else None)
        except TimeoutError:
            return
        if self._backlog.unopened < FIRST_CHUNK and not self._leaving:
            await asyncio.sleep(LINGER_SECONDS)

    async def _write_all(self, all_writes: Iterable[Writes]) -> bool:
        """Write one after another; False where the partition is left before the last, so that no chunk holds it up."""
        for number, writes in enumerate(all_writes):
            if number and self._leaving:
                return False
            await self._write(writes)
            self._count(writes)
        return True

    async def _write(self, writes: Writes) -> None:
        """Make a `Writes` durable in its order: what is repeated is harmless, what is missing is not."""
        self._load.add(writes.outputs, more=writes.more)
        if writes.more:
            return
        kind = ".deadline" if "deadline" in writes.counts else ""
        self._group.guard()
        failpoint(f"engine.before_outputs{kind}")
        await self._load.send()
        self._group.guard()
        failpoint(f"engine.after_outputs{kind}")
        if writes.changelog:
            self._load.add({(self._changelog, self.place.partition): _changed(writes.changelog)})
            await self._load.send()
        failpoint(f"engine.after_changelog{kind}")
        if writes.ticks:
            self._group.guard()
            self._load.add(writes.ticks)
            await self._load.send()
        failpoint(f"engine.after_ticks{kind}")

    def _count(self, writes: Writes) -> None:
        stage = self.core.stage.name
        for outcome, number in writes.counts.items():
            metrics.EVENTS.labels(stage, outcome).inc(number)
            if outcome == "dead_lettered":
                metrics.DEAD_LETTERS.labels(stage).inc(number)
                _log.warning("dead-lettered", stage=stage, partition=self.place.partition, number=number)
            elif outcome == "quarantined":
                _log.error("quarantined", stage=stage, partition=self.place.partition, number=number)


def _changed(changelog: Iterable[tuple[bytes, bytes | None]]) -> list[Written]:
    return [Written(key, value, NO_HEADERS) for key, value in changelog]
