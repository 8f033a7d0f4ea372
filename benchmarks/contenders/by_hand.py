"""The ceiling: aiokafka by hand, in batches, doing what the engine does: state, changelog, output, commit.

It has no dead letters, deadlines, ticks, stamps compared, quarantine, rebalancing or recovery: it is what is left when
nothing may go wrong.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Iterable, Iterator
from typing import Any

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from benchmarks.contenders.place import Headers, Place, envelope, place

CHUNK = 2000
BATCH = 512 * 1024
Record = tuple[bytes, bytes, Headers]


async def send(
    producer: AIOKafkaProducer, topic: str, partition: int, records: Iterable[Record]
) -> list["asyncio.Future[Any]"]:
    """Append to a batch until it is full, then begin the next."""
    sent = []
    batch = producer.create_batch()
    for key, value, headers in records:
        if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
            batch.close()
            sent.append(await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
            batch.append(key=key, value=value, timestamp=None, headers=headers)
    batch.close()
    sent.append(await producer.send_batch(batch, topic, partition=partition))
    return sent


class Counting:
    """One partition's state, and its chunks."""

    def __init__(self, where: Place, producer: AIOKafkaProducer, partition: int) -> None:
        """Begin with nothing counted."""
        self._where = where
        self._producer = producer
        self._partition = partition
        self._state: dict[bytes, bytes] = {}

    async def take(self, records: list[Any]) -> int:
        """Count a chunk: outputs, then the changelog, each awaited; give the offset that may be committed."""
        dirty: dict[bytes, bytes] = {}
        outputs = self._counted(records, dirty)
        await asyncio.gather(*await send(self._producer, self._where.output, self._partition, outputs))
        changes: list[Record] = [(key, value, []) for key, value in dirty.items()]
        await asyncio.gather(*await send(self._producer, self._where.changelog, self._partition, changes))
        return int(records[-1].offset) + 1

    def _counted(self, records: list[Any], dirty: dict[bytes, bytes]) -> Iterator[Record]:
        """Count one by one, so that each output is packed while it is at hand."""
        for record in records:
            number = b"%d" % (int(self._state.get(record.key, b"0")) + 1)
            self._state[record.key] = dirty[record.key] = number
            headers = envelope(dict(record.headers), record.topic, record.partition, record.offset, number)
            yield record.key, number, headers


async def count(where: Place, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
    """Count for ever, all partitions side by side."""
    partitions = [Counting(where, producer, partition) for partition in range(where.partitions)]
    committed = time.monotonic()
    done: dict[TopicPartition, int] = {}
    while True:
        chunks = await consumer.getmany(timeout_ms=500, max_records=CHUNK * where.partitions)
        ends = await asyncio.gather(*(partitions[place.partition].take(records) for place, records in chunks.items()))
        done |= dict(zip(chunks, ends, strict=True))
        if done and time.monotonic() - committed > 1.0:
            await consumer.commit(done)
            committed, done = time.monotonic(), {}


async def main() -> None:
    """Run until asked to end."""
    where = place()
    consumer = AIOKafkaConsumer(
        where.source,
        bootstrap_servers=where.bootstrap,
        group_id=f"{where.prefix}.worker",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=where.bootstrap,
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        max_batch_size=BATCH,
        max_request_size=4 * 1024 * 1024,
    )
    async with consumer, producer:
        counting = asyncio.create_task(count(where, consumer, producer))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, counting.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await counting


if __name__ == "__main__":
    uvloop.run(main())
