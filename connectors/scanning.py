"""Reading topics from end to end, outside any consumer group: for people who ask, and for what is built of them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from connectors.kafka import client_settings, partitions_of, refuse_missing
from connectors.unreachable import why_unreachable
from contracts.envelope import Origin
from contracts.errors import Fatal
from contracts.settings import KafkaSettings
from contracts.topics import Topic

CHUNK = 1000
_GLANCE_MILLISECONDS = 20
"""How long a fetch waits at a partition's end where nobody waits for more: the next scan's fetch waits behind it."""

_STAY_MILLISECONDS = 500

Record: TypeAlias = ConsumerRecord[bytes | None, bytes | None]


@asynccontextmanager
async def reading(
    kafka: KafkaSettings, *, group: str | None = None, committed: bool = False, stays: bool = False
) -> AsyncIterator[AIOKafkaConsumer]:
    """Connect a reader. With a `group` its committed offsets can be asked for; it never joins it.

    committed: leave out what transactions wrote that were not ended well. stays: it waits at the ends for what comes.

    Raises Fatal where the broker cannot be reached, or refuses.
    """
    settings = client_settings(kafka, "reader")
    consumer = AIOKafkaConsumer(
        **settings,
        group_id=group,
        enable_auto_commit=False,
        fetch_max_wait_ms=_STAY_MILLISECONDS if stays else _GLANCE_MILLISECONDS,
        isolation_level="read_committed" if committed else "read_uncommitted",
    )
    try:
        await consumer.start()
        yield consumer
    except KafkaConnectionError as error:
        raise Fatal(await why_unreachable(settings), code="broker_unreachable") from error
    except KafkaError as error:
        raise Fatal(f"the broker refused: {error}", code="broker_refused") from error
    finally:
        await consumer.stop()


def places(kafka: KafkaSettings, topic: Topic, partition: int | None = None) -> list[TopicPartition]:
    """Name a topic's partitions on the broker, or one of them."""
    numbers = range(partitions_of(topic, kafka)) if partition is None else (partition,)
    return [TopicPartition(kafka.topic(topic.name), number) for number in numbers]


async def expect(consumer: AIOKafkaConsumer, wanted: Iterable[TopicPartition]) -> None:
    """Raise Fatal where the broker does not have these topics: asked for their ends, it is asked again for 40 s."""
    refuse_missing({place.topic for place in wanted} - await consumer.topics())


async def scan(
    consumer: AIOKafkaConsumer, wanted: Iterable[TopicPartition], since: datetime | None = None
) -> AsyncIterator[Record]:
    """Read partitions to the ends that they have now; `since` leaves out what was written earlier.

    Raises Fatal where their topics are missing.
    """
    begin = list(wanted)
    await expect(consumer, begin)
    consumer.assign(begin)
    ends = await consumer.end_offsets(begin)
    # Not seek_to_beginning: the answer to the placing that `assign` began may come later, and would move it to the end.
    for place, first in (await consumer.beginning_offsets(begin)).items():
        consumer.seek(place, first)
    if since is not None:
        found = await consumer.offsets_for_times({place: int(since.timestamp() * 1000) for place in begin})
        for place, offset in found.items():
            consumer.seek(place, ends[place] if offset is None else offset.offset)
    left = {place for place in begin if await consumer.position(place) < ends[place]}
    while left:
        for place, records in (await consumer.getmany(*left, timeout_ms=1000, max_records=CHUNK)).items():
            for record in records:
                if record.offset < ends[place]:
                    yield record
        left = {place for place in left if await consumer.position(place) < ends[place]}


async def read_one(consumer: AIOKafkaConsumer, origin: Origin) -> Record | None:
    """Read the record at a place; None where it is not there (any more). Raises Fatal where its topic is missing."""
    place = TopicPartition(origin.topic, origin.partition)
    await expect(consumer, [place])
    consumer.assign([place])
    first, end = (await consumer.beginning_offsets([place]))[place], (await consumer.end_offsets([place]))[place]
    if not first <= origin.offset < end:
        return None
    consumer.seek(place, origin.offset)
    while await consumer.position(place) < end:
        for record in (await consumer.getmany(place, timeout_ms=1000, max_records=1)).get(place, []):
            return record if record.offset == origin.offset else None
    return None
