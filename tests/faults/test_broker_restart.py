"""The broker goes away and comes back, cleanly and hard: nothing is lost."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.topics import DOCUMENTS, TRACKING
from desk.broker import Broker, running_broker
from tests.faults.arena import Arena, Worker, arena, until
from tests.faults.conftest import Tell
from tests.faults.load import RATE, Load


async def supervised(on: Arena, workers: list[Worker]) -> bool:
    """Start anew what has crashed, as a supervisor does; tell whether the group keeps up."""
    if workers[-1].code is not None:
        workers.append(on.start("tally"))
    return workers[-1].joined and await on.lag([DOCUMENTS]) < RATE


@pytest.mark.timeout(180)
@pytest.mark.broker
@pytest.mark.parametrize("end", [Broker.stop, Broker.kill])
async def test_a_broker_that_restarts_costs_nothing(tmp_path: Path, end: Callable[[Broker], None], tell: Tell) -> None:
    with running_broker(tmp_path / "kafka") as broker:
        async with arena(broker, tmp_path) as on:
            workers = [on.start("tally")]
            async with Load(on, DOCUMENTS) as load:
                await until(lambda: supervised(on, workers), "the first events to be read")
                await asyncio.to_thread(end, broker)
                await asyncio.to_thread(broker.start)
                before = load.sent.total()
                await until(lambda: load.sent.total() > before + 2 * RATE, "events to be written again")
                await until(lambda: supervised(on, workers), "the worker to keep up again")
            await until(lambda: settled(on, workers), "all to be read")
            told = Counter(record.value for record in await on.read(TRACKING))
            lost = [number for number in range(load.sent.total()) if b"%d" % number not in told]
            repeated = (told.total() - len(told)) / load.sent.total()
            tell(f"{load.sent.total()} events, {len(lost)} lost, {repeated:.2%} repeated")
            assert lost == []
            assert await on.latest() == {key: b"%d" % number for key, number in load.sent.items()}


async def settled(on: Arena, workers: list[Worker]) -> bool:
    return await supervised(on, workers) and await on.lag([DOCUMENTS]) == 0


@pytest.mark.timeout(120)
@pytest.mark.broker
async def test_a_worker_ends_in_bounded_time_when_the_broker_is_away(tmp_path: Path) -> None:
    with running_broker(tmp_path / "kafka") as broker:
        async with arena(broker, tmp_path, session_seconds=10.0) as on:
            worker = on.start("tally")
            async with Load(on, DOCUMENTS):
                await until(lambda: supervised(on, [worker]), "the first events to be read")
            await asyncio.to_thread(broker.kill)
            began = asyncio.get_running_loop().time()
            worker.signal(signal.SIGTERM)
            await worker.ended()
            assert asyncio.get_running_loop().time() - began < 25
            await asyncio.to_thread(broker.start)
