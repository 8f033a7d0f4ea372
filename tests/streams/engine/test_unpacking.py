"""What is fetched becomes the same records as by aiokafka's own reading."""

import struct
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import FetchError, FetchResult, PartitionRecords
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.unpacking import Consumed, unpack_by_batch

PLACE = TopicPartition("source", 3)
ZSTD = 4
CONTROL = 0x20
Row = tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]
ROWS = st.lists(
    st.tuples(
        st.none() | st.binary(max_size=5),
        st.none() | st.binary(max_size=9),
        st.lists(st.tuples(st.text(max_size=4), st.binary(max_size=4)), max_size=3),
    ),
    min_size=1,
    max_size=6,
)


def batch(base: int, rows: Sequence[Row], *, control: bool = False) -> bytes:
    builder = DefaultRecordBatchBuilder(2, ZSTD, 0, -1, -1, 0, 1 << 20)
    for number, (key, value, headers) in enumerate(rows):
        builder.append(number, 0, key, value, headers)
    built = bytearray(builder.build())
    built[0:8] = struct.pack(">q", base)
    if control:
        return bytes(with_crc(built, CONTROL))
    return bytes(built)


def with_crc(built: bytearray, attributes: int) -> bytearray:
    built[22] |= attributes
    built[17:21] = struct.pack(">I", calc_crc32c(bytes(built[21:])))
    return built


class Fetched:
    """One fetch result, with the position that the consumer believes in."""

    def __init__(self, batches: Iterable[bytes], begin: int = 0) -> None:
        self.state = SimpleNamespace(paused=False, position=begin, consumed_to=self.moved)
        assignment: Any = SimpleNamespace(active=True, state_value=lambda _: self.state)
        fetcher: Any = SimpleNamespace()
        records = PartitionRecords(
            PLACE, MemoryRecords(b"".join(batches)), None, begin, None, None, check_crcs=True, isolation_level=0
        )
        unpack_by_batch(fetcher)
        fetcher._records[PLACE] = FetchResult(PLACE, partition_records=records, assignment=assignment, backoff=0)
        self.result = fetcher._records[PLACE]

    def moved(self, position: int) -> None:
        self.state.position = position

    def take(self, limit: int | None = None) -> list[Consumed]:
        return list(self.result.getall(limit))

    def all_by(self, limit: int) -> list[Consumed]:
        found = []
        while self.result.has_more():
            found += self.take(limit)
        return found


@given(batches=st.lists(ROWS, min_size=1, max_size=4), begin=st.integers(0, 8), limit=st.integers(1, 7))
def test_the_same_records_as_by_the_library_s_own_reading(batches: list[list[Row]], begin: int, limit: int) -> None:
    built, base = [], 0
    for rows in batches:
        built.append(batch(base, rows))
        base += len(rows) + 2  # as if compaction had taken two
    begin = min(begin, base - 1)
    theirs = PartitionRecords(
        PLACE, MemoryRecords(b"".join(built)), None, begin, None, None, check_crcs=True, isolation_level=0
    )
    expected = [Consumed(one.topic, one.partition, one.offset, one.key, one.value, list(one.headers)) for one in theirs]
    fetched = Fetched(built, begin)
    found = fetched.all_by(limit)
    assert [(one.offset, one.key, one.value, one.headers) for one in found] == [
        (one.offset, one.key, one.value, one.headers) for one in expected
    ]
    assert {(one.topic, one.partition) for one in found} <= {PLACE}
    assert fetched.state.position == theirs.next_fetch_offset


def test_a_part_moves_the_position_behind_its_last_record_only() -> None:
    fetched = Fetched([batch(10, [(b"k", b"v", [])] * 5)], begin=10)
    assert [record.offset for record in fetched.take(2)] == [10, 11]
    assert fetched.state.position == 12
    assert [record.offset for record in fetched.take(9)] == [12, 13, 14]
    assert fetched.state.position == 15


def test_nothing_is_handed_out_once_the_position_was_moved_by_another() -> None:
    fetched = Fetched([batch(0, [(b"k", b"v", [])])])
    fetched.state.position = 7
    assert fetched.take() == []


def test_what_transactions_write_for_themselves_is_left_out() -> None:
    fetched = Fetched([batch(0, [(b"k", b"v", [])], control=True), batch(1, [(b"a", b"b", [])])])
    assert [record.key for record in fetched.take()] == [b"a"]


def test_a_damaged_batch_is_refused() -> None:
    damaged = bytearray(batch(0, [(b"key", b"value", [])]))
    damaged[-1] ^= 1
    with pytest.raises(CorruptRecordException):
        Fetched([bytes(damaged)]).take()


def test_an_error_is_kept_as_it_is() -> None:
    fetcher: Any = SimpleNamespace()
    unpack_by_batch(fetcher)
    error = FetchError(error=CorruptRecordException("x"), backoff=0)
    fetcher._records[PLACE] = error
    assert fetcher._records[PLACE] is error
