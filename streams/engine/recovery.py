"""Reading changelogs when partitions are assigned: in chunks, past the consumer group, up to the end that was noted."""

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from connectors.kafka import client_settings
from contracts.errors import Fatal
from contracts.settings import KafkaSettings
from streams.engine.core import PartitionCore

CHUNK = 2000
"""Records between which heartbeats and everything else of the process get their turn."""

_log = structlog.get_logger(__name__)


async def recover(
    kafka: KafkaSettings, cores: Mapping[TopicPartition, PartitionCore[Any, Any]], *, wanted: Callable[[], bool]
) -> bool:
    """Read each changelog partition into its core; stop early, and tell so, once it is not `wanted` any more.

    Raises Fatal where a changelog cannot be read: state that is not known may not be guessed.
    """
    if not cores:
        return True
    started = monotonic()
    consumer = AIOKafkaConsumer(
        **client_settings(kafka, "recovery"),
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
        # A fetch that finds one partition at its end would hold up the others' for half a second.
        fetch_max_wait_ms=20,
    )
    try:
        await consumer.start()
        number = await _read(consumer, cores, wanted)
    except KafkaError as error:
        raise Fatal(f"a changelog cannot be read: {type(error).__name__}", code="recovery_failed") from error
    finally:
        await consumer.stop()
    if number is None:
        return False
    _log.info("state recovered", partitions=len(cores), records=number, seconds=round(monotonic() - started, 3))
    return True


async def _read(
    consumer: AIOKafkaConsumer,
    cores: Mapping[TopicPartition, PartitionCore[Any, Any]],
    wanted: Callable[[], bool],
) -> int | None:
    consumer.assign(list(cores))
    ends = await consumer.end_offsets(list(cores))
    begins = await consumer.beginning_offsets(list(cores))
    for place, begin in begins.items():
        # Not seek_to_beginning: that only asks, and what assign() asked of its own accord may be answered after it.
        consumer.seek(place, begin)
    number = 0
    left = {place for place in cores if begins[place] < ends[place]}
    consumer.pause(*(place for place in cores if place not in left))
    while left:
        for place, records in (await consumer.getmany(timeout_ms=1000, max_records=CHUNK)).items():
            take = cores[place].recover
            for record in records:
                take(record.key, record.value)
            number += len(records)
        # getmany answers at once while it has records: without this the loop would never turn.
        await asyncio.sleep(0)
        if not wanted():
            return None
        for place in list(left):
            if await consumer.position(place) >= ends[place]:
                left.remove(place)
                consumer.pause(place)
    return number
