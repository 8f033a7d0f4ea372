"""The partitions that this process owns: recovered when they are assigned, dropped whole when they are revoked."""

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import structlog
from aiokafka import TopicPartition
from faust.types import TP

from contracts.clock import WallClock
from contracts.errors import Fatal
from contracts.settings import KafkaSettings
from contracts.topics import changelog
from streams.engine.app import EngineApp
from streams.engine.core import PartitionCore
from streams.engine.partition import OwnedPartition
from streams.engine.recovery import recover
from streams.engine.sending import Sender
from streams.engine.stage import Policy, Stage
from streams.engine.timekeeping import HOUSE, TimeRoute
from streams.engine.unpacking import Fetched

_log = structlog.get_logger(__name__)

LEAVE_SECONDS = 20.0
"""How long the chunk under way may take to finish before a partition is let go by crashing instead."""


class Ownership:
    """Owns partitions for the application. `failed` is told the first error of any loop."""

    def __init__(
        self,
        stages: Mapping[str, Stage[Any, Any]],
        kafka: KafkaSettings,
        policy: Policy,
        clock: WallClock,
        *,
        failed: Callable[[BaseException], None],
        route: TimeRoute = HOUSE,
    ) -> None:
        """Own nothing yet. stages: by the broker's name of their source."""
        self._stages = stages
        self._kafka = kafka
        self._policy = policy
        self._clock = clock
        self._failed = failed
        self._route = route
        self._app: EngineApp | None = None
        self._ready: asyncio.Event | None = None
        self._sender: Sender | None = None
        self._owned: dict[TP, OwnedPartition] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, app: EngineApp, ready: asyncio.Event | None = None) -> None:
        """Take the application whose consumer and producer are used; set `ready` once its partitions are owned."""
        self._app = app
        self._ready = ready

    def put(self, place: TP, fetched: Fetched) -> None:
        """Take consecutive records of a partition that is owned."""
        self._owned[place].put(fetched)

    def full(self, place: TP) -> bool:
        """Whether enough of a partition waits."""
        owned = self._owned.get(place)
        return owned is None or owned.full

    async def own(self, places: set[TP], *, wanted: Callable[[], bool]) -> bool:
        """Recover the state of `places` and begin their loops; False once that is not `wanted` any more."""
        await self.leave()
        cores = {place: self._core(place) for place in places}
        changelogs = {
            TopicPartition(self._kafka.topic(changelog(core.stage.name).name), place.partition): core
            for place, core in cores.items()
            if core.stage.state is not None
        }
        if not await recover(self._kafka, changelogs, wanted=wanted) or not wanted():
            return False
        for place, core in cores.items():
            self._begin(place, core)
        _log.info("partitions owned", places=sorted(f"{place.topic}/{place.partition}" for place in places))
        if self._ready is not None:
            self._ready.set()
        return True

    async def leave(self) -> None:
        """Finish what is under way in all partitions, and own none any more; raises Fatal where that takes too long."""
        for owned in self._owned.values():
            owned.leave()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LEAVE_SECONDS)
            for task in late:
                task.cancel()
            if late:
                self._failed(Fatal(f"{len(late)} partitions did not finish their chunk", code="leave_timeout"))
        self._owned.clear()

    def abandon(self) -> None:
        """Stop at once, whatever is under way: this process ends, and the next owner reads it again."""
        for task in self._tasks:
            task.cancel()

    def _core(self, place: TP) -> PartitionCore[Any, Any]:
        return PartitionCore(
            self._stages[place.topic],
            self._policy,
            partition=place.partition,
            partitions=self._kafka.partitions,
            epoch=self._kafka.epoch,
            route=self._route,
        )

    def _begin(self, place: TP, core: PartitionCore[Any, Any]) -> None:
        if self._sender is None:
            self._sender = Sender(self._served.client, self._kafka.topic)
        owned = self._owned[place] = OwnedPartition(place, core, self._sender.load(), self._clock, self)
        task = asyncio.create_task(owned.run(), name=f"{place.topic}/{place.partition}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)

    def done(self, place: TP, offset: int) -> None:
        """Note that all before `offset` is finished and may be committed."""
        self._served.chunks.done(place, offset)

    def behind(self, place: TP) -> float:
        """Count the records that are not finished; not a number while that is not known."""
        return self._served.chunks.behind(place)

    def guard(self) -> None:
        """Raise Fatal where the group may have given our partitions away without our knowing."""
        silent = monotonic() - self._served.chunks.last_heartbeat
        if silent > self._kafka.session_timeout_seconds:
            raise Fatal(
                f"no heartbeat for {silent:.1f} s: another worker may own these partitions by now", code="zombie"
            )

    @property
    def _served(self) -> EngineApp:
        if self._app is None:
            raise Fatal("no application is served", code="engine_wrong")
        return self._app
