"""Saying that an account was heard: a tick into each partition of `inbound`."""

import asyncio

from aiokafka import AIOKafkaProducer

from contracts.settings import KafkaSettings
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import INBOUND

PATIENCE = 30.0

_HEADERS = [("ce_type", TICK_TYPE.encode()), ("content-type", b"application/json")]


async def write_tick(tick: Tick, producer: AIOKafkaProducer, settings: KafkaSettings) -> None:
    """Write a tick; it is durable in each partition when this returns.

    Raises KafkaError where it is not, TimeoutError where that cannot be said within `PATIENCE` seconds.
    """
    topic, value = settings.topic(INBOUND.name), tick.encode()
    async with asyncio.timeout(PATIENCE):
        partitions = sorted(await producer.partitions_for(topic))
        sent = [await producer.send(topic, value, partition=each, headers=_HEADERS) for each in partitions]
        await asyncio.gather(*sent)
