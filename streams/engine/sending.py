"""Writing batches: each partition's records in as few requests as they fit, and every answer awaited."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from contracts.errors import Fatal
from streams.engine.writes import Batches, Written


class Sender:
    """Writes to Kafka and returns when all of it is durable."""

    def __init__(self, producer: AIOKafkaProducer, topic_name: Callable[[str], str]) -> None:
        """Take a started producer. topic_name: from a declared topic's name to the broker's."""
        self._producer = producer
        self._topic_name = topic_name

    async def send(self, batches: Batches) -> None:
        """Write all batches; raises Fatal where any of them is not durable: nothing may then be acknowledged."""
        try:
            sent = await asyncio.gather(
                *(
                    self._send(self._topic_name(topic), partition, records)
                    for (topic, partition), records in batches.items()
                )
            )
            await asyncio.gather(*(future for futures in sent for future in futures))
        except KafkaError as error:
            raise Fatal(f"Kafka did not take a batch: {type(error).__name__}", code="send_failed") from error

    async def _send(self, topic: str, partition: int, records: Sequence[Written]) -> Iterable[asyncio.Future[Any]]:
        producer = self._producer
        futures = []
        builder = producer.create_batch()
        append = builder.append
        for record in records:
            key, value, headers = record.key, record.value, record.headers
            if append(key=key, value=value, timestamp=None, headers=headers) is None:
                builder.close()
                futures.append(await producer.send_batch(builder, topic, partition=partition))
                builder = producer.create_batch()
                append = builder.append
                append(key=key, value=value, timestamp=None, headers=headers)
        builder.close()
        futures.append(await producer.send_batch(builder, topic, partition=partition))
        return futures
