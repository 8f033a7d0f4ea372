"""From fetched bytes to records: each is unpacked when it is looked at, into what a stage looks at and nothing else.

aiokafka 0.14.0 unpacks all that it hands out, into dataclasses of eleven fields. A record is some twenty-five small
objects; a few hundred of them are more than a processor keeps at hand, and then most of the time goes into waiting for
memory. So what was fetched is handed over as it came, and a record lives as long as it is folded. Its `Fetcher` keeps
results in a dictionary by partition; ours changes what they hand out, and nothing about when.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from functools import partial
from typing import Any
from weakref import ref

import msgspec
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult
from aiokafka.errors import CorruptRecordException
from aiokafka.record.memory_records import MemoryRecords

from contracts.envelope import ReadHeader
from contracts.errors import Fatal

BESIDE_BYTES = 1024
"""Bytes, nearly, that a fetch takes beside those that came."""


class Consumed(msgspec.Struct, gc=False):
    """A consumed record (`streams.engine.writes.SourceRecord`)."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: list[ReadHeader]


class Fetched:
    """What one fetch brought of a partition. It can be gone through once."""

    def __init__(self, place: TopicPartition, begin: int, size: int) -> None:
        """Begin without a batch. begin: the first offset that was asked for; size: bytes, as they came."""
        self.size = size + BESIDE_BYTES
        self.number = 0
        """How many records it has at most: some may be missing, where the topic was compacted."""
        self._place = place
        self._begin = begin
        self._batches: deque[Any] = deque()

    def add(self, batch: Any) -> None:  # noqa: ANN401 - aiokafka's own
        """Take the next batch."""
        self._batches.append(batch)
        self.number += batch.next_offset - max(batch.base_offset, self._begin)

    def __iter__(self) -> Iterator[Consumed]:
        """Unpack record by record; raises Fatal where one cannot be, and says where it stands."""
        topic, partition = self._place
        begin = self._begin
        while self._batches:
            batch = self._batches.popleft()
            offset = batch.base_offset - 1
            try:
                # The first batch may begin before what was asked for: it is fetched whole.
                for record in batch:
                    if (offset := record.offset) >= begin:
                        yield Consumed(topic, partition, offset, record.key, record.value, record.headers)
            except Exception as error:
                raise Fatal(
                    f"{topic}/{partition}/{offset + 1} cannot be unpacked ({type(error).__name__}),"
                    f" nor what follows it before offset {batch.next_offset}",
                    code="record_unreadable",
                ) from error


def hand_over_unread(fetcher: Fetcher) -> None:
    """Let a fetcher, before its first fetch, hand out `Fetched` instead of records."""
    fetcher._records = _Results()


class _Results(OrderedDict[TopicPartition, Any]):
    """What was fetched and not yet handed out: a result or an error each partition."""

    def __setitem__(self, place: TopicPartition, result: Any) -> None:  # noqa: ANN401 - aiokafka's own
        if type(result) is FetchResult:
            # Neither may form a cycle: fetches are many, and cycles are looked for seldom.
            result.getall = partial(_hand_out, ref(result))
            result._partition_records._records_iterator = None
        super().__setitem__(place, result)


def _hand_out(asked: "ref[Any]", _limit: int | None = None) -> list[Fetched]:
    """Do as `FetchResult.getall` does: nothing where the position has moved since, and move it past what is given."""
    result: Any = asked()
    place = result._topic_partition
    if not result.check_assignment(place) or not result.has_more():
        return []
    records = result._partition_records
    # Asked again after what is raised here, there is nothing left: it is fetched anew from the damaged batch on.
    source, records._records = records._records, MemoryRecords(b"")
    fetched = Fetched(place, records.next_fetch_offset, source.size_in_bytes())
    try:
        while source.has_next():
            batch = _checked(source.next_batch(), place)
            if not batch.is_control_batch:
                fetched.add(batch)
            # Also where compaction took the last record of the batch: what follows begins after it.
            records.next_fetch_offset = batch.next_offset
    except CorruptRecordException:
        if not fetched.number:
            raise
    result._update_position()
    result._partition_records = None
    return [fetched] if fetched.number else []


def _checked(batch: Any, place: TopicPartition) -> Any:  # noqa: ANN401 - aiokafka's own
    if not batch.validate_crc():
        raise CorruptRecordException(f"Invalid CRC - {place}")
    return batch
