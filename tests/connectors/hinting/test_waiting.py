"""Waiting for hints ends when something is due, when the time is over, or when the process is to stop."""

import asyncio

from connectors.hinting.waiting import Waiting
from contracts.hint import Named

ORDER = Named("order", "7")
PATIENCE = 10.0


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_hint_that_comes_ends_the_wait() -> None:
    waiting = Waiting()
    taking = asyncio.create_task(waiting.take(now() + 3600))
    await asyncio.sleep(0)
    waiting.add(ORDER)
    assert set(await asyncio.wait_for(taking, PATIENCE)) == {ORDER}


async def test_without_a_hint_it_ends_at_its_time() -> None:
    assert await asyncio.wait_for(Waiting().take(now() + 0.02), PATIENCE) == {}


async def test_it_ends_when_the_process_is_to_stop() -> None:
    stop = asyncio.Event()
    taking = asyncio.create_task(Waiting().take(now() + 3600, stop))
    await asyncio.sleep(0)
    stop.set()
    assert await asyncio.wait_for(taking, PATIENCE) == {}


async def test_a_hint_that_has_to_rest_waits_for_the_next_time() -> None:
    waiting = Waiting()
    waiting.rest(3600)
    waiting.add(ORDER)
    assert await asyncio.wait_for(waiting.take(now() + 0.02), PATIENCE) == {}
