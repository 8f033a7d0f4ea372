"""What was fetched of a partition and waits to be worked on, unread."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from contracts.errors import Fatal
from streams.engine.writes import SourceRecord

FULL_BYTES = 2 * 1024 * 1024
"""Bytes, as they were fetched, that wait in a partition before no more are fetched for it: two fetches."""


class Unread(Protocol):
    """What one fetch brought (`streams.engine.unpacking.Fetched`)."""

    @property
    def number(self) -> int:
        """How many records it has at most."""

    @property
    def size(self) -> int:
        """Bytes that it takes as it is."""

    def __iter__(self) -> Iterator[SourceRecord]:
        """Go through it, once."""


class Backlog:
    """Fetches in their order, gone through a record at a time."""

    def __init__(self) -> None:
        """Begin empty."""
        self.taken = 0
        """How many records were taken so far."""
        self.next_offset = 0
        """The offset after the last record that was taken."""
        self._waiting: deque[Unread] = deque()
        self._open: Iterator[SourceRecord] | None = None
        self._unreadable: Fatal | None = None
        self.unopened = 0
        """How many records wait at most, beside those of the fetch that is being read."""
        self._bytes = 0

    def put(self, fetched: Unread) -> None:
        """Let what was fetched wait, behind what waits already."""
        self._waiting.append(fetched)
        self._bytes += fetched.size
        self.unopened += fetched.number

    def take(self, limit: int) -> Iterator[SourceRecord]:
        """Give up to `limit` records, each read when it is asked for; raises Fatal where the first cannot be.

        Where a later one cannot be, what stands before it is given, so that it is worked on and acknowledged.
        """
        if self._unreadable is not None:
            raise self._unreadable
        left = limit
        while left and (self._open is not None or self._waiting):
            if self._open is None:
                self._open = self._next()
            try:
                for record in islice(self._open, left):
                    left -= 1
                    self.taken += 1
                    self.next_offset = record.offset + 1
                    yield record
            except Fatal as error:
                self._unreadable = error
                if left == limit:
                    raise
                return
            if left:
                self._open = None

    @property
    def full(self) -> bool:
        """Whether enough waits."""
        return self._bytes >= FULL_BYTES

    def __bool__(self) -> bool:
        """Tell whether there may be more to take."""
        return self._open is not None or bool(self._waiting)

    def _next(self) -> Iterator[SourceRecord]:
        fetched = self._waiting.popleft()
        self._bytes -= fetched.size
        self.unopened -= fetched.number
        return iter(fetched)
