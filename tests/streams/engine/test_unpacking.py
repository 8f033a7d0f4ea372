"""What is fetched becomes the same records as by aiokafka's own reading."""

import gc
import struct
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any
from weakref import ref

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import FetchError, FetchResult, PartitionRecords
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Fatal
from streams.engine.unpacking import BESIDE_BYTES, Consumed, Fetched, hand_over_unread

PLACE = TopicPartition("source", 3)
NO_CODEC, ZSTD = 0, 4
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


def batch(base: int, rows: Sequence[Row], *, control: bool = False, codec: int = ZSTD) -> bytes:
    builder = DefaultRecordBatchBuilder(2, codec, 0, -1, -1, 0, 1 << 20)
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


class Fetch:
    """One fetch result, with the position that the consumer believes in."""

    def __init__(self, batches: Iterable[bytes], begin: int = 0) -> None:
        self.state = SimpleNamespace(paused=False, position=begin, consumed_to=self.moved)
        assignment: Any = SimpleNamespace(active=True, state_value=lambda _: self.state)
        fetcher: Any = SimpleNamespace()
        records = PartitionRecords(
            PLACE, MemoryRecords(b"".join(batches)), None, begin, None, None, check_crcs=True, isolation_level=0
        )
        hand_over_unread(fetcher)
        fetcher._records[PLACE] = FetchResult(PLACE, partition_records=records, assignment=assignment, backoff=0)
        self.result = fetcher._records[PLACE]

    def moved(self, position: int) -> None:
        self.state.position = position

    def hand_out(self) -> list[Fetched]:
        found: list[Fetched] = self.result.getall(8000)
        assert not self.result.has_more()
        return found

    def records(self) -> list[Consumed]:
        return [record for fetched in self.hand_out() for record in fetched]


@given(batches=st.lists(ROWS, min_size=1, max_size=4), begin=st.integers(0, 8))
def test_the_same_records_as_by_the_library_s_own_reading(batches: list[list[Row]], begin: int) -> None:
    built, base = [], 0
    for rows in batches:
        built.append(batch(base, rows))
        base += len(rows) + 2  # as if compaction had taken two
    begin = min(begin, len(batches[0]) - 1)  # a broker sends the batch that holds what was asked for
    theirs = PartitionRecords(
        PLACE, MemoryRecords(b"".join(built)), None, begin, None, None, check_crcs=True, isolation_level=0
    )
    expected = [Consumed(one.topic, one.partition, one.offset, one.key, one.value, list(one.headers)) for one in theirs]
    fetch = Fetch(built, begin)
    found = fetch.records()
    assert [(one.offset, one.key, one.value, one.headers) for one in found] == [
        (one.offset, one.key, one.value, one.headers) for one in expected
    ]
    assert {(one.topic, one.partition) for one in found} <= {PLACE}
    assert fetch.state.position == theirs.next_fetch_offset


def test_what_was_fetched_says_before_it_is_read_how_much_it_is() -> None:
    built = [batch(10, [(b"k", b"v", [])] * 5), batch(15, [(b"k", b"v", [])] * 2)]
    fetch = Fetch(built, begin=13)
    (fetched,) = fetch.hand_out()
    assert (fetched.number, fetched.size) == (4, sum(map(len, built)) + BESIDE_BYTES)
    assert fetch.state.position == 17
    assert [record.offset for record in fetched] == [13, 14, 15, 16]
    assert list(fetched) == []


def test_nothing_is_handed_out_once_the_position_was_moved_by_another() -> None:
    fetch = Fetch([batch(0, [(b"k", b"v", [])])])
    fetch.state.position = 7
    assert fetch.records() == []


def test_what_transactions_write_for_themselves_is_left_out() -> None:
    fetch = Fetch([batch(0, [(b"k", b"v", [])], control=True), batch(1, [(b"a", b"b", [])])])
    assert [record.key for record in fetch.records()] == [b"a"]


def test_of_what_only_a_transaction_wrote_nothing_is_handed_out_and_it_is_passed() -> None:
    fetch = Fetch([batch(0, [(b"k", b"v", [])], control=True)])
    assert fetch.hand_out() == []
    assert fetch.state.position == 1


def test_a_damaged_batch_is_refused_and_asked_again_never_passed() -> None:
    good, damaged = batch(0, [(b"key", b"value", [])]), bytearray(batch(1, [(b"key", b"value", [])]))
    damaged[-1] ^= 1
    fetch = Fetch([good, bytes(damaged), batch(2, [(b"key", b"value", [])])])
    assert [record.offset for record in fetch.records()] == [0]
    assert fetch.state.position == 1
    again = Fetch([bytes(damaged), batch(2, [(b"key", b"value", [])])], begin=1)
    with pytest.raises(CorruptRecordException):
        again.hand_out()
    assert again.hand_out() == []
    assert again.state.position == 1


@pytest.mark.parametrize("name", [b"h\xff", b"\xff\xff"])
def test_a_record_that_cannot_be_unpacked_is_told_by_its_place(name: bytes) -> None:
    """Kafka checks no header's name; it ought to be UTF-8."""
    rows: list[Row] = [(b"k", b"v", []), (b"k", b"v", [("h2", b"")]), (b"k", b"v", [])]
    built = bytearray(batch(5, rows, codec=NO_CODEC))
    at = built.index(b"h2")
    built[at : at + 2] = name
    (fetched,) = Fetch([bytes(with_crc(built, 0))], begin=5).hand_out()
    records = iter(fetched)
    assert next(records).offset == 5
    said = r"source/3/6 cannot be unpacked \(\w+\), nor what follows it before offset 8"
    with pytest.raises(Fatal, match=said) as raised:
        next(records)
    assert raised.value.code == "record_unreadable"


def test_what_was_handed_out_is_gone_without_looking_for_cycles() -> None:
    gc.disable()
    try:
        fetch = Fetch([batch(0, [(b"k", b"v", [])])])
        held = ref(fetch.result), ref(fetch.result._partition_records)
        fetch.hand_out()
        del fetch.result
        assert [one() for one in held] == [None, None]
    finally:
        gc.enable()


def test_an_error_is_kept_as_it_is() -> None:
    fetcher: Any = SimpleNamespace()
    hand_over_unread(fetcher)
    error = FetchError(error=CorruptRecordException("x"), backoff=0)
    fetcher._records[PLACE] = error
    assert fetcher._records[PLACE] is error
