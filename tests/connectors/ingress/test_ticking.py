"""A tick stamped T stands behind every request accepted before T."""

import asyncio
import random
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from connectors.ingress.ticking import keep_ticking, tick
from contracts.clock import INGRESS, WallClock
from contracts.envelope import read_time
from contracts.errors import Retryable
from contracts.ticks import TICK_TYPE, Tick
from tests.connectors.ingress.memory import EPOCH, Memory

FAST = WallClock(EPOCH, time.time(), 1000.0)


async def accept(durable: Memory, held: asyncio.Event | None = None) -> None:
    with durable.accepting() as received_at:
        if held is not None:
            await held.wait()
        await durable.write(b"key", b"", [("at", received_at.isoformat().encode())])


async def test_a_tick_goes_into_every_partition_with_a_null_key() -> None:
    durable = Memory(FAST, partitions=3)
    written = await tick(durable, FAST, 15.0)
    assert [partition for _, _, _, partition in durable.records] == [0, 1, 2]
    for key, value, headers, _ in durable.records:
        assert key is None
        assert headers == [("ce_type", TICK_TYPE.encode())]
        assert Tick.decode(value) == written
    assert (written.source, written.every) == (INGRESS, 15.0)
    assert written.heard == {INGRESS: written.now}


async def test_a_tick_waits_for_what_was_accepted_before_it() -> None:
    durable, held = Memory(FAST), asyncio.Event()
    accepting = asyncio.create_task(accept(durable, held))
    await asyncio.sleep(0)
    ticking = asyncio.create_task(tick(durable, FAST, 15.0))
    await asyncio.wait({ticking}, timeout=0.02)
    assert durable.records == []
    held.set()
    await asyncio.gather(accepting, ticking)
    assert [key for key, *_ in durable.records] == [b"key", None]


async def test_a_tick_does_not_wait_for_what_is_accepted_after_it() -> None:
    durable, early, late = Memory(FAST), asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(accept(durable, early))
    await asyncio.sleep(0)
    ticking = asyncio.create_task(tick(durable, FAST, 15.0))
    await asyncio.sleep(0)
    second = asyncio.create_task(accept(durable, late))
    await asyncio.sleep(0)
    early.set()
    await asyncio.gather(first, ticking)
    late.set()
    await second


async def test_a_refused_request_holds_no_tick_back() -> None:
    durable = Memory(FAST)
    durable.away = True
    with pytest.raises(Retryable):
        await accept(durable)
    durable.away = False
    await tick(durable, FAST, 15.0)
    assert len(durable.records) == 1


@pytest.mark.parametrize("seed", range(5))
async def test_however_requests_and_ticks_interleave_no_request_stands_behind_a_later_time(seed: int) -> None:
    chance, durable = random.Random(seed), Memory(FAST)

    async def request() -> None:
        await asyncio.sleep(chance.random() / 100)
        with durable.accepting() as received_at:
            await asyncio.sleep(chance.random() / 100)
            await durable.write(b"key", received_at.isoformat().encode(), [])

    async def ticks() -> None:
        for _ in range(10):
            await tick(durable, FAST, 15.0)
            await asyncio.sleep(chance.random() / 500)

    await asyncio.gather(ticks(), *(request() for _ in range(50)))
    promised = EPOCH
    for key, value, *_ in durable.records:
        if key is None:
            promised = Tick.decode(value).now
        else:
            assert read_time(value.decode()) >= promised


async def test_ticks_come_every_interval_of_the_one_clock_and_pause_while_the_broker_is_away() -> None:
    durable = Memory(FAST)
    ticking = asyncio.create_task(keep_ticking(durable, FAST, 15.0))

    await durable.holds(3)
    durable.away = True
    told = len(durable.records)
    await durable.refuses(3)
    assert len(durable.records) == told
    durable.away = False
    await durable.holds(told + 3)
    ticking.cancel()
    times = [Tick.decode(value).now for _, value, _, _ in durable.records]
    assert all(later - earlier >= timedelta(seconds=10) for earlier, later in pairwise(times))
