"""Many lanes of one target side by side. A failing one is parked and blocks only itself."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from streams.dispatch.intake import LaneKey
from streams.dispatch.lane import LaneRunner
from streams.store.wanted import WantedStore

LOOK_EVERY = 0.5
"""Seconds after which due lanes are looked for though nobody called: parked ones, and what an operator replayed."""
DRAIN_SECONDS = 10.0
"""How long running actions may take to end when the process stops, or a partition goes to another one."""


class Lanes:
    """Runs due lanes of the partitions that are owned, at most `concurrency` at once."""

    def __init__(self, runner: LaneRunner, wanted: WantedStore, concurrency: int, now: Callable[[], datetime]) -> None:
        """Begin owning nothing."""
        self._runner = runner
        self._wanted = wanted
        self._concurrency = concurrency
        self._now = now
        self._owned: set[int] = set()
        self._busy: dict[LaneKey, tuple[int, asyncio.Task[None]]] = {}
        self._called = asyncio.Event()

    def owns(self, partitions: Iterable[int]) -> bool:
        """Whether it acts on all of these."""
        return self._owned.issuperset(partitions)

    def own(self, partition: int) -> None:
        """Begin to act on a partition's lanes."""
        if partition not in self._owned:
            self._owned.add(partition)
            self.call()

    def call(self) -> None:
        """Look for due lanes now."""
        self._called.set()

    async def release(self, partitions: Iterable[int]) -> None:
        """Stop acting on partitions; the actions under way are waited for, and cut where they take too long."""
        leaving = set(partitions)
        self._owned -= leaving
        await self._drain([task for partition, task in self._busy.values() if partition in leaving])

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop`, then drain. Raises what a lane could not handle: the database's failures."""
        try:
            while not stop.is_set():
                self._called.clear()
                await self._start_due()
                await self._wait(stop)
                self._collect()
        finally:
            self._owned.clear()
            await self._drain([task for _, task in self._busy.values()])
        self._collect()

    async def _start_due(self) -> None:
        endpoint = self._runner.performer.endpoint
        free = (1 if endpoint.is_on_trial else self._concurrency) - len(self._busy)
        if free <= 0 or not self._owned or endpoint.is_resting():
            return
        due = await self._wanted.due(self._now(), self._owned, self._busy.keys(), free)
        for key, partition in due.items():
            work = self._runner.run(key, lambda partition=partition: self._goes_on(partition))  # type: ignore[misc]
            self._busy[key] = (partition, asyncio.create_task(work, name=f"lane-{key.subject}"))

    def _goes_on(self, partition: int) -> bool:
        return partition in self._owned and not self._runner.performer.endpoint.is_resting()

    async def _wait(self, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(self._called.wait())]
        tasks = [task for _, task in self._busy.values()]
        try:
            await asyncio.wait([*waits, *tasks], timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _collect(self) -> None:
        for key in [key for key, (_, task) in self._busy.items() if task.done()]:
            _, task = self._busy.pop(key)
            if not task.cancelled():
                task.result()

    async def _drain(self, tasks: list[asyncio.Task[None]]) -> None:
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
