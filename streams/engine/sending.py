"""Writing batches: what several loops want in one partition goes together, and every answer is awaited.

aiokafka 0.14.0 holds one batch a partition and lets everybody else wait for the slot, each wait shortening a timeout by
all that has passed since the first: under contention a healthy broker looks like one that is away. So there is one
lane for each partition that is written to, and only the lane asks for the slot.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from time import time
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from contracts.errors import Fatal
from streams.engine.writes import Batches, Written


class Sender:
    """Writes to Kafka for all loops of a process, and returns to each when its own records are durable."""

    def __init__(self, producer: AIOKafkaProducer, topic_name: Callable[[str], str]) -> None:
        """Take a started producer. topic_name: from a declared topic's name to the broker's."""
        self._producer = producer
        self._topic_name = topic_name
        self._lanes: dict[tuple[str, int], _Lane] = {}

    async def send(self, batches: Batches) -> None:
        """Write all batches; raises Fatal where any of them is not durable: nothing may then be acknowledged."""
        await asyncio.gather(*(self._lane(place).send(records) for place, records in batches.items()))

    def _lane(self, place: tuple[str, int]) -> "_Lane":
        lane = self._lanes.get(place)
        if lane is None:
            topic, partition = place
            lane = self._lanes[place] = _Lane(self._producer, self._topic_name(topic), partition)
        return lane


class _Lane:
    """The way into one partition: one write at a time, of all that came together meanwhile."""

    def __init__(self, producer: AIOKafkaProducer, topic: str, partition: int) -> None:
        self._producer = producer
        self._topic = topic
        self._partition = partition
        self._waiting: list[tuple[Sequence[Written], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    def send(self, records: Sequence[Written]) -> "asyncio.Future[None]":
        durable = asyncio.get_running_loop().create_future()
        self._waiting.append((records, durable))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return durable

    async def _write(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            error: Exception | None = None
            try:
                await self._write_together(chain.from_iterable([records for records, _ in taken]))
            except KafkaError as failure:
                error = Fatal(f"Kafka did not take a batch: {type(failure).__name__}", code="send_failed")
            except Exception as failure:  # noqa: BLE001 - whoever waits is told, and ends the process by it
                error = failure
            for _, durable in taken:
                if durable.done():
                    continue
                if error is None:
                    durable.set_result(None)
                else:
                    durable.set_exception(error)
        self._writing = None

    async def _write_together(self, records: Iterable[Written]) -> None:
        sent: list[asyncio.Future[Any]] = []
        now = int(time() * 1000)
        batch, count = self._producer.create_batch(), 0
        # Its own `append` only calls the builder's, and reads the clock: for each record as much again as the work.
        append = batch._builder.append
        for record in records:
            if append(count, now, record.key, record.value, record.headers) is None:
                sent.append(await self._send(batch, count))
                batch, count = self._producer.create_batch(), 0
                append = batch._builder.append
                append(0, now, record.key, record.value, record.headers)
            count += 1
        sent.append(await self._send(batch, count))
        await asyncio.gather(*sent)

    async def _send(self, batch: BatchBuilder, count: int) -> "asyncio.Future[Any]":
        batch._relative_offset = count
        batch.close()
        sent: asyncio.Future[Any] = await self._producer.send_batch(batch, self._topic, partition=self._partition)
        return sent
