"""From fetched bytes to records: a batch at a time, into records that hold what a stage looks at and nothing else.

aiokafka 0.14.0 makes a dataclass of eleven fields for each record, in a generator of its own; for small records that
takes as long as folding them. Its `Fetcher` keeps what it fetched in a dictionary by partition; ours changes how those
results hand out their records, and nothing about when.
"""

from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from typing import Any

import msgspec
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult
from aiokafka.errors import CorruptRecordException

from contracts.envelope import Header


class Consumed(msgspec.Struct, gc=False):
    """A consumed record (`streams.engine.writes.SourceRecord`)."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: list[Header]


def unpack_by_batch(fetcher: Fetcher) -> None:
    """Let a fetcher, before its first fetch, hand out `Consumed` records."""
    fetcher._records = _Results()


class _Results(OrderedDict[TopicPartition, Any]):
    """What was fetched and not yet handed out: a result or an error each partition."""

    def __setitem__(self, place: TopicPartition, result: Any) -> None:  # noqa: ANN401 - aiokafka's own
        if type(result) is FetchResult:
            records = result._partition_records
            unpacked = chain.from_iterable(_batches(place, records))
            result.getall = partial(_hand_out, result, records, unpacked)
        super().__setitem__(place, result)


def _hand_out(result: Any, records: Any, unpacked: Iterator[Consumed], limit: int | None = None) -> list[Consumed]:  # noqa: ANN401 - aiokafka's own
    """Do as `FetchResult.getall` does: nothing where the position has moved since, and move it past what is given."""
    if not result.check_assignment(result._topic_partition) or not result.has_more():
        return []
    found = list(islice(unpacked, limit))
    if limit is not None and len(found) == limit:
        records.next_fetch_offset = found[-1].offset + 1
        result._update_position()
    else:
        result._update_position()
        result._partition_records = None
    return found


def _batches(place: TopicPartition, records: Any) -> Iterator[list[Consumed]]:  # noqa: ANN401 - aiokafka's own
    """Unpack a batch at a time; raises CorruptRecordException where one was damaged on its way."""
    topic, partition = place
    source = records._records
    while source.has_next():
        batch = source.next_batch()
        if not batch.validate_crc():
            raise CorruptRecordException(f"Invalid CRC - {place}")
        if not batch.is_control_batch:
            begin = records.next_fetch_offset
            # The first batch may begin before what was asked for: it is fetched whole.
            yield [
                Consumed(topic, partition, record.offset, record.key, record.value, record.headers)
                for record in batch
                if record.offset >= begin
            ]
        # Also where compaction took the last record of the batch: what follows begins after it.
        records.next_fetch_offset = batch.next_offset
