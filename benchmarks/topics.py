"""Topics of a run's own, filled with the same records each time."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from connectors.kafka import create_topics
from contracts.envelope import Envelope, ReadHeader
from contracts.settings import KafkaSettings
from contracts.topics import DEAD_LETTERS, Topic, changelog
from streams.engine.placement import partition_of

PARTITIONS = 4
SOURCE = Topic("source", "a key", "benchmark", ())
OUTPUT = Topic("output", "the same key", "counting", ())
COUNTING = (SOURCE, OUTPUT, changelog("counting"), DEAD_LETTERS)
"""What a counting run reads and writes."""
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
VALUE = b'{"account":"factory","order":"SO-100234","line":"1","quantity":{"value":"12.5","unit":"KGM"}}'
Record = tuple[bytes, bytes, Sequence[ReadHeader]]


def counted(events: int, keys: int) -> tuple[list[Record], Counter[bytes]]:
    """Make the events of a counting run, and what must be counted of each key."""
    envelope = Envelope(id="", type="bench.event.v1", source="bench/source", time=AT, received_at=AT)
    headers = [header for header in envelope.headers() if header[0] != "ce_id"]
    records: list[Record] = []
    # A fixed stride visits the keys in an order that is neither sorted nor drawn anew each time.
    for number in range(events):
        key = b'["factory","SO-%d"]' % (number * 7919 % keys)
        records.append((key, VALUE, [("ce_id", b"%d" % number), *headers]))
    return records, Counter(key for key, _, _ in records)


async def make(bootstrap: str, prefix: str, topics: Iterable[Topic]) -> list[str]:
    """Create topics under a prefix, as ours are declared; give their names."""
    kafka = KafkaSettings(bootstrap=bootstrap, prefix=prefix, partitions=PARTITIONS)
    return [state.name for state in await create_topics(kafka, list(topics))]


async def fill(producer: AIOKafkaProducer, topic: str, records: Iterable[Record]) -> None:
    """Write records where their keys belong."""
    by_partition: dict[int, list[Record]] = {partition: [] for partition in range(PARTITIONS)}
    for record in records:
        by_partition[partition_of(record[0], PARTITIONS)].append(record)
    await asyncio.gather(*(_fill(producer, topic, partition, found) for partition, found in by_partition.items()))


async def _fill(producer: AIOKafkaProducer, topic: str, partition: int, records: list[Record]) -> None:
    batch = producer.create_batch()
    for key, value, headers in records:
        if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
            batch.close()
            await (await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
            batch.append(key=key, value=value, timestamp=None, headers=headers)
    batch.close()
    await (await producer.send_batch(batch, topic, partition=partition))
