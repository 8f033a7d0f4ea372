"""Writing the requests of files to `inbound`."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from connectors.ingress.trace import traceparent_of
from contracts.raw import RawRequest
from contracts.settings import KafkaSettings
from contracts.topics import INBOUND

BATCH = 500
"""So many requests are written and awaited together."""
PATIENCE = 30.0


async def store(requests: Sequence[RawRequest], producer: AIOKafkaProducer, settings: KafkaSettings) -> None:
    """Write requests; all are durable when this returns (acks=all).

    Raises KafkaError where one is not, TimeoutError where that cannot be said within `PATIENCE` seconds of a batch.
    """
    topic = settings.topic(INBOUND.name)
    for start in range(0, len(requests), BATCH):
        async with asyncio.timeout(PATIENCE):
            sent = [
                await producer.send(topic, value, key, headers=headers)
                for key, value, headers in (one.record(traceparent_of(None)) for one in requests[start : start + BATCH])
            ]
            await asyncio.gather(*sent)
