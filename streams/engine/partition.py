"""One owned partition at work: its chunks one after another, each durable before the next is begun."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Any, Protocol

import structlog
from faust.types import TP

from contracts import metrics
from contracts.clock import WallClock
from streams.engine.core import PartitionCore
from streams.engine.writes import Batches, SourceRecord, Writes, Written
from streams.failpoints import failpoint

CHUNK = 2000
"""Records at most that are worked on, written and acknowledged together."""
CHUNK_SECONDS = 0.25
"""How long a chunk may take: where a step is slow, chunks become smaller, since all loops share the process."""
BACKLOG = 2 * CHUNK
"""Records that wait in a partition before no more are fetched for it."""
BACKLOG_BYTES = 8 * 1024 * 1024
REFOLD = 50
"""Keys folded again under a newer policy after each chunk, or each second without one."""
IDLE_SECONDS = 1.0


class Sends(Protocol):
    """Writes durably (`streams.engine.sending.Sender`)."""

    async def send(self, batches: Batches) -> None:
        """Return when all of it is durable; raise Fatal where it is not."""


_log = structlog.get_logger(__name__)


class OwnedPartition:
    """The loop of one partition. `done(offset)` is told how far the source may be committed."""

    def __init__(
        self,
        place: TP,
        core: PartitionCore[Any, Any],
        sender: Sends,
        clock: WallClock,
        *,
        guard: Callable[[], None],
        done: Callable[[TP, int], None],
    ) -> None:
        """Begin with no chunk. guard: raises where this process may not write any more."""
        self.place = place
        self.core = core
        self._sender = sender
        self._clock = clock
        self._guard = guard
        self._done = done
        self._changelog = f"{core.stage.name}.changelog"
        self._waiting: deque[SourceRecord] = deque()
        self._waiting_bytes = 0
        self._size = CHUNK
        self._arrived = asyncio.Event()
        self._leaving = False

    @property
    def full(self) -> bool:
        """Whether enough records wait."""
        return len(self._waiting) >= BACKLOG or self._waiting_bytes >= BACKLOG_BYTES

    def put(self, records: Sequence[SourceRecord]) -> None:
        """Take consecutive records, to be worked on in their turn."""
        self._waiting.extend(records)
        self._waiting_bytes += _bytes(records)
        self._arrived.set()

    def leave(self) -> None:
        """Finish the chunk that is under way and begin no other: what waits, the next owner reads again."""
        self._leaving = True
        self._arrived.set()

    async def run(self) -> None:
        """Work until told to leave."""
        await self._write_all(self.core.resume(self._clock.now()))
        while not self._leaving:
            if self._waiting:
                await self._take()
            else:
                await self._wait()
            if self.core.to_refold and not self._leaving:
                await self._write_all(self.core.refold(REFOLD, self._clock.now()))

    async def _take(self) -> None:
        began = monotonic()
        chunk = [self._waiting.popleft() for _ in range(min(self._size, len(self._waiting)))]
        self._waiting_bytes -= _bytes(chunk)
        await self._write_all(self.core.take(chunk, self._clock.now()))
        self._done(self.place, chunk[-1].offset + 1)
        failpoint("engine.after_ack")
        seconds = monotonic() - began
        self._size = max(1, min(CHUNK, int(len(chunk) * CHUNK_SECONDS / seconds)))
        metrics.STAGE_SECONDS.labels(self.core.stage.name).observe(seconds)

    async def _wait(self) -> None:
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), IDLE_SECONDS if self.core.to_refold else None)
        except TimeoutError:
            return

    async def _write_all(self, all_writes: Iterable[Writes]) -> None:
        for writes in all_writes:
            await self._write(writes)
            self._count(writes)

    async def _write(self, writes: Writes) -> None:
        """Make a `Writes` durable in its order: what is repeated is harmless, what is missing is not."""
        kind = ".deadline" if "deadline" in writes.counts else ""
        self._guard()
        failpoint(f"engine.before_outputs{kind}")
        if writes.outputs:
            await self._sender.send(writes.outputs)
            self._guard()
        failpoint(f"engine.after_outputs{kind}")
        if writes.changelog:
            records = [Written(key, value, []) for key, value in writes.changelog]
            await self._sender.send({(self._changelog, self.place.partition): records})
        failpoint(f"engine.after_changelog{kind}")
        if writes.ticks:
            self._guard()
            await self._sender.send(writes.ticks)
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
        if self.core.stage.state is not None:
            lag = (self._clock.now() - self.core.time.clock.now).total_seconds()
            metrics.TIME_LAG.labels(stage, str(self.place.partition)).set(lag)


def _bytes(records: Iterable[SourceRecord]) -> int:
    return sum(len(record.value) for record in records if record.value is not None)
