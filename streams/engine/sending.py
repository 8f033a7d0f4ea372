"""Writing batches: what several loops want in one partition goes together, and every answer is awaited.

aiokafka 0.14.0 holds one batch a partition and lets everybody else wait for the slot, each wait shortening a timeout by
all that has passed since the first: under contention a healthy broker looks like one that is away. So there is one
lane for each partition that is written to, and only the lane asks for the slot.
"""

import asyncio
from collections.abc import Callable, Iterable
from time import time

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from contracts.errors import Fatal
from streams.engine.writes import Batches, Written

Place = tuple[str, int]


class Sender:
    """Writes to Kafka for all loops of a process, and returns to each when its own records are durable."""

    def __init__(self, producer: AIOKafkaProducer, topic_name: Callable[[str], str]) -> None:
        """Take a started producer. topic_name: from a declared topic's name to the broker's."""
        self._producer = producer
        self._topic_name = topic_name
        self._lanes: dict[Place, _Lane] = {}

    def load(self) -> "Load":
        """Begin what one loop writes."""
        return Load(self._lane)

    def _lane(self, place: Place) -> "_Lane":
        lane = self._lanes.get(place)
        if lane is None:
            topic, partition = place
            lane = self._lanes[place] = _Lane(self._producer, self._topic_name(topic), partition)
        return lane


class Load:
    """What one loop writes together, again and again.

    Records that others follow are packed at once: a chunk's would be more than the processor keeps at hand. Those that
    come alone stay as they are until their lane is free, since other loops' may go with them.
    """

    def __init__(self, lane: Callable[[Place], "_Lane"]) -> None:
        """Begin with nothing. lane: the way to a place."""
        self._lane = lane
        self._taken: dict[Place, _Pack | list[Written]] = {}

    def add(self, batches: Batches, *, more: bool = False) -> None:
        """Take records, behind those that were taken before. more: whether others follow at once."""
        for place, records in batches.items():
            taken = self._taken.setdefault(place, [])
            if more and not isinstance(taken, _Pack):
                loose, taken = taken, self._lane(place).pack()
                taken.extend(loose)
                self._taken[place] = taken
            taken.extend(records)

    async def send(self) -> None:
        """Return when all that was taken is durable; raises Fatal where any of it is not: then acknowledge nothing."""
        taken, self._taken = self._taken, {}
        await asyncio.gather(*(self._lane(place).send(records) for place, records in taken.items()))


class _Pack:
    """Records in batches as Kafka takes them."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self.closed: list[BatchBuilder] = []
        self._producer = producer
        self._open: BatchBuilder = producer.create_batch()
        self._number = 0

    def extend(self, records: Iterable[Written]) -> None:
        now = int(time() * 1000)
        # Its own `append` only calls the builder's, and reads the clock: for each record as much again as the work.
        append, number = self._open._builder.append, self._number
        for record in records:
            if append(number, now, record.key, record.value, record.headers) is None:
                self._close(number)
                self._open, number = self._producer.create_batch(), 0
                append = self._open._builder.append
                append(0, now, record.key, record.value, record.headers)
            number += 1
        self._number = number

    def close(self) -> list[BatchBuilder]:
        """Give all batches."""
        self._close(self._number)
        return self.closed

    def _close(self, number: int) -> None:
        self._open._relative_offset = number
        self._open.close()
        self.closed.append(self._open)


class _Lane:
    """The way into one partition: one write at a time, of all that came together meanwhile."""

    def __init__(self, producer: AIOKafkaProducer, topic: str, partition: int) -> None:
        self._producer = producer
        self._topic = topic
        self._partition = partition
        self._waiting: list[tuple[_Pack | list[Written], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    def pack(self) -> _Pack:
        return _Pack(self._producer)

    def send(self, records: "_Pack | list[Written]") -> "asyncio.Future[None]":
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
                await self._write_together([records for records, _ in taken])
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

    async def _write_together(self, taken: "list[_Pack | list[Written]]") -> None:
        packs = [records for records in taken if isinstance(records, _Pack)]
        loose = [records for records in taken if not isinstance(records, _Pack)]
        if loose:
            packs.append(together := self.pack())
            for records in loose:
                together.extend(records)
        sent = [
            await self._producer.send_batch(batch, self._topic, partition=self._partition)
            for pack in packs
            for batch in pack.close()
        ]
        await asyncio.gather(*sent)
