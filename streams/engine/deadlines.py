"""The deadlines of one owned partition: rebuilt when it is assigned, dropped when it is revoked.

There is one heap for each set of sources whose silence a deadline rests on, since those share the instant up to
which they are judged. Of a key's wakes in one heap only the earliest counts: its fold arms the next.
"""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

Wakes = tuple[tuple[int, tuple[str, ...]], ...]
"""A key's armed wakes: instant in microseconds since 1970, and the sources that it rests on."""

_SLACK = 1024


class _Heap:
    """Deadlines that rest on the same sources; entries that were armed anew since are skipped when they surface."""

    def __init__(self) -> None:
        self.armed: dict[bytes, int] = {}
        self._entries: list[tuple[int, bytes]] = []

    def arm(self, key: bytes, at: int) -> None:
        if self.armed.get(key) != at:
            self.armed[key] = at
            heappush(self._entries, (at, key))
            if len(self._entries) > 2 * len(self.armed) + _SLACK:
                self._entries = [(at, key) for key, at in self.armed.items()]
                heapify(self._entries)

    def first(self) -> int | None:
        while self._entries and self.armed.get(self._entries[0][1]) != self._entries[0][0]:
            heappop(self._entries)
        return self._entries[0][0] if self._entries else None

    def pop_until(self, limit: int) -> list[tuple[int, bytes]]:
        due = []
        while self._entries and self._entries[0][0] <= limit:
            at, key = heappop(self._entries)
            if self.armed.get(key) == at:
                del self.armed[key]
                due.append((at, key))
        return due


class Deadlines:
    """All deadlines of one owned partition."""

    def __init__(self) -> None:
        """Begin with none."""
        self._heaps: dict[tuple[str, ...], _Heap] = {}

    def __len__(self) -> int:
        """Count the armed deadlines."""
        return sum(len(heap.armed) for heap in self._heaps.values())

    def arm(self, key: bytes, before: Wakes, after: Wakes) -> None:
        """Put `after` in the place of `before`, which a key had armed."""
        if before == after:
            return
        earliest: dict[tuple[str, ...], int] = {}
        for at, rests_on in after:
            earliest[rests_on] = min(at, earliest.get(rests_on, at))
        for _, rests_on in before:
            if rests_on not in earliest and rests_on in self._heaps:
                self._heaps[rests_on].armed.pop(key, None)
        for rests_on, at in earliest.items():
            self._heaps.setdefault(rests_on, _Heap()).arm(key, at)

    def earliest(self) -> int | None:
        """Give the earliest armed instant, whatever it rests on; None where there is none."""
        return min((at for heap in self._heaps.values() if (at := heap.first()) is not None), default=None)

    def due(self, now: int, heard: Mapping[str, int]) -> Sequence[bytes]:
        """Take the keys whose deadline is reached at `now`, by what was `heard`, earliest first, each once.

        A source that was never heard holds back all that rests on it.
        """
        found: list[tuple[int, bytes]] = []
        for rests_on, heap in self._heaps.items():
            limit = min((heard.get(source, -1) for source in rests_on), default=now)
            found.extend(heap.pop_until(min(limit, now)))
        return list(dict.fromkeys(key for _, key in sorted(found)))
