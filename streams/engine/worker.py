"""The worker: runs stages on Kafka until it is told to stop, or can not go on.

    asyncio.run(run_worker([NORMALISE, DOCUMENTS, RESOLVE, DELIVER], settings.kafka, policy, stop=stop))

Any subset of the stages may run in a process; all processes of a deployment are one consumer group, so that stages can
be moved between them without losing their place.
"""

import asyncio
import gc
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from connectors.kafka import expect_topics
from contracts.clock import WallClock
from contracts.errors import Fatal, QuaysideError
from contracts.settings import KafkaSettings
from contracts.topics import changelog
from streams.engine.app import EngineApp
from streams.engine.ownership import Ownership
from streams.engine.stage import Policy, Stage
from streams.engine.timekeeping import HOUSE, TimeRoute
from streams.engine.writes import describe

FINISH_SECONDS = 10.0
"""How long finishing the chunks under way and committing them may take."""
STOP_SECONDS = 5.0
"""How long closing connections may take once all chunks are finished and committed."""

_log = structlog.get_logger(__name__)


async def run_worker(
    stages: Sequence[Stage[Any, Any]],
    kafka: KafkaSettings,
    policy: Policy,
    *,
    stop: asyncio.Event,
    ready: asyncio.Event | None = None,
    clock: WallClock | None = None,
    route: TimeRoute = HOUSE,
) -> None:
    """Run `stages` until `stop` is set; then finish the chunks under way, commit and return, in bounded time.

    ready: set once partitions were assigned and recovered for the first time. Raises Rejected where the topics are
    not as declared, Fatal where they are missing or the process cannot go on: its supervisor starts it anew.
    """
    _calm_garbage_collection()
    needed = [stage.source for stage in stages] + [changelog(stage.name) for stage in stages if stage.state is not None]
    await expect_topics(kafka, needed)
    failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def failed(error: BaseException) -> None:
        if not failure.done():
            failure.set_exception(error)

    ownership = Ownership(
        {kafka.topic(stage.source.name): stage for stage in stages},
        kafka,
        policy,
        clock or WallClock(),
        failed=failed,
        route=route,
    )
    app = EngineApp(kafka, [kafka.topic(stage.source.name) for stage in stages], ownership)
    ownership.serve(app, ready)
    try:
        await app.start()
        await _until(stop, failure, app)
        if not await _within(FINISH_SECONDS, _finish(app, ownership)):
            raise Fatal("the broker takes no commit; what is not committed is read again", code="stop_timeout")
    except KafkaError as error:
        raise Fatal(f"Kafka refuses: {type(error).__name__}", code="kafka") from error
    finally:
        ownership.abandon()
        if not await _within(STOP_SECONDS, app.stop()):
            _log.warning("connections were not closed in time", seconds=STOP_SECONDS)
    if failure.done():
        failure.result()


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> bool:
    """Tell whether `work` ended in time. Faust swallows a cancellation here and there, so that is not waited for."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=seconds)
    if task.done():
        task.result()
        return True
    task.cancel()
    return False


async def _finish(app: EngineApp, ownership: Ownership) -> None:
    app.chunks.stop_flow()
    await ownership.leave()
    await app.chunks.commit_finished()


async def _until(stop: asyncio.Event, failure: "asyncio.Future[None]", app: EngineApp) -> None:
    """Wait for the wish to stop; raises what makes going on impossible."""
    waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(app._crashed.wait())]
    try:
        await asyncio.wait([*waits, failure], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    if failure.done():
        try:
            failure.result()
        except QuaysideError:
            raise
        except Exception as error:
            raise Fatal(f"a partition's loop failed: {describe(error)}", code="engine_wrong") from error
    if app.crashed:
        raise Fatal(f"the worker crashed: {app.crash_reason!r}", code="crashed") from app.crash_reason


def _calm_garbage_collection() -> None:
    """Look for cycles less often: records come and go by the ten thousand and form none, and each look costs.

    The keys that are open make some ten thousand objects, so that fewer would mean a look at each chunk.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
