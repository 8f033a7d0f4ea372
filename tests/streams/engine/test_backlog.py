"""What waits in a partition: in its order, read when it is asked for."""

from collections.abc import Iterator, Sequence
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Fatal
from streams.engine.backlog import FULL_BYTES, Backlog
from streams.engine.replay import Stored


class Unread:
    """Records of one byte each, by their offsets, and how many of them were read."""

    def __init__(self, offsets: Sequence[int]) -> None:
        self.offsets = offsets
        self.number = self.size = len(offsets)
        self.read = 0

    def __iter__(self) -> Iterator[Stored]:
        for offset in self.offsets:
            self.read += 1
            yield Stored("source", 0, offset, b"key", b"", [])


@given(fetches=st.lists(st.integers(0, 5), max_size=6), limits=st.lists(st.integers(1, 7), min_size=1))
def test_all_that_was_fetched_is_taken_once_and_in_order_whatever_the_chunks(
    fetches: list[int], limits: list[int]
) -> None:
    backlog = Backlog()
    begin = 0
    for number in fetches:
        backlog.put(Unread(range(begin, begin + number)))
        begin += number
    taken: list[int] = []
    while backlog:
        limit = limits[len(taken) % len(limits)]
        chunk = [record.offset for record in backlog.take(limit)]
        assert len(chunk) <= limit
        assert len(chunk) == limit or not backlog
        taken += chunk
        assert (backlog.taken, backlog.next_offset) == (len(taken), len(taken))
    assert taken == list(range(begin))
    assert backlog.unopened == 0


def test_nothing_is_read_before_it_is_asked_for() -> None:
    backlog = Backlog()
    first, second = Unread(range(3)), Unread(range(3, 6))
    backlog.put(first)
    backlog.put(second)
    assert backlog.unopened == 6
    chunk = backlog.take(4)
    next(chunk)
    assert (first.read, second.read, backlog.unopened) == (1, 0, 3)
    assert [record.offset for record in chunk] == [1, 2, 3]
    assert (first.read, second.read, backlog.unopened) == (3, 1, 0)


@pytest.mark.parametrize("limit", [2, 5])
def test_what_comes_while_the_last_is_read_waits_behind_it(limit: int) -> None:
    backlog = Backlog()
    backlog.put(Unread([7]))
    chunk = backlog.take(limit)
    assert next(chunk).offset == 7
    backlog.put(Unread([8]))
    assert [record.offset for record in chunk] == [8]


class Damaged(Unread):
    """One whose last record cannot be read."""

    def __iter__(self) -> Iterator[Stored]:
        yield from islice(super().__iter__(), len(self.offsets) - 1)
        raise Fatal("source/0/2 cannot be unpacked")


def test_what_stands_before_a_record_that_cannot_be_read_is_given_and_nothing_behind_it_ever() -> None:
    backlog = Backlog()
    backlog.put(Damaged(range(3)))
    backlog.put(Unread(range(3, 6)))
    assert [record.offset for record in backlog.take(5)] == [0, 1]
    for _ in range(2):
        with pytest.raises(Fatal, match="source/0/2"):
            list(backlog.take(5))
    assert backlog.next_offset == 2


def test_a_record_that_cannot_be_read_is_told_at_once_where_nothing_stands_before_it() -> None:
    backlog = Backlog()
    backlog.put(Damaged([2]))
    with pytest.raises(Fatal, match="source/0/2"):
        list(backlog.take(5))


def test_bytes_count_until_they_are_read() -> None:
    backlog = Backlog()
    much = Unread([0])
    much.size = FULL_BYTES
    backlog.put(much)
    assert backlog.full
    next(backlog.take(1))
    assert not backlog.full
