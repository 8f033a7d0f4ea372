"""Ingress says that it is alive, into each partition of `inbound`, unconditionally.

A tick stamped T promises that every request accepted before T stands before it, or was refused: T is read first, then
what was accepted by then is waited for, then the tick is written. While the broker is away there are no ticks, and so
no time: nobody is accused of a silence that was ours.
"""

import asyncio
from datetime import timedelta

import structlog

from connectors.ingress.durable import Durable
from contracts.clock import INGRESS, WallClock
from contracts.errors import Retryable
from contracts.ticks import TICK_TYPE, Tick

_HEADERS = [("ce_type", TICK_TYPE.encode())]

log = structlog.get_logger(__name__)


async def tick(durable: Durable, clock: WallClock, every: float) -> Tick:
    """Write one tick into every partition; it is durable when this returns. Raises Retryable."""
    now = clock.now()
    await durable.settle()
    ticked = Tick.of_source(INGRESS, now, every)
    partitions = await durable.partitions()
    value = ticked.encode()
    await asyncio.gather(*(durable.write(None, value, _HEADERS, partition) for partition in partitions))
    return ticked


async def keep_ticking(durable: Durable, clock: WallClock, every: float) -> None:
    """Tick every `every` seconds of the one clock, until cancelled. A tick that fails is left out."""
    loop = asyncio.get_running_loop()
    interval = clock.real_seconds(timedelta(seconds=every))
    due = loop.time()
    while True:
        try:
            await tick(durable, clock, every)
        except Retryable as error:
            log.debug("tick left out", reason=error.reason)
        due = max(due + interval, loop.time())
        await asyncio.sleep(due - loop.time())
