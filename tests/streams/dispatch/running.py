"""Running the role in a test, and waiting for what must come."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from inspect import isawaitable

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from connectors.kafka import client_settings
from contracts.settings import Settings
from contracts.topics import Topic
from streams.dispatch.role import run_dispatch
from tests.streams.dispatch.fake_target import FakeTarget, connector


async def until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Wait until `condition` holds; it may be asynchronous."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if await found if isawaitable(found) else found:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"in {seconds:.0f} s it did not come to it: {what}")
        await asyncio.sleep(0.02)


@asynccontextmanager
async def dispatching(settings: Settings, fake: FakeTarget) -> AsyncIterator[asyncio.Task[None]]:
    """Run the role against a target in memory, from when it has caught up to the end of the block."""
    stop, ready = asyncio.Event(), asyncio.Event()
    role = asyncio.create_task(run_dispatch(settings, None, stop, ready=ready, targets={"fake": connector(fake)}))
    try:
        await until(lambda: ready.is_set() or role.done(), "dispatch catches up")
        if role.done():
            role.result()
        yield role
    finally:
        stop.set()
        await role


async def read_all(settings: Settings, topic: Topic) -> list[ConsumerRecord]:
    """Read a topic from its beginning to its present end."""
    name = settings.kafka.topic(topic.name)
    consumer = AIOKafkaConsumer(**client_settings(settings.kafka, "test"), auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(name, number) for number in range(settings.kafka.partitions)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[ConsumerRecord] = []
        while [p for p in partitions if await consumer.position(p) < ends[p]]:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
        return found
    finally:
        await consumer.stop()
