"""Keys that were worked on lately, kept decoded: an order's next event often comes with the next chunks."""

from collections.abc import Mapping
from typing import Generic

from streams.engine.stage import S
from streams.engine.working import Working

WARM_BYTES = 2 * 1024 * 1024
"""Bytes of stored states that a partition keeps decoded at most; decoded they take a few times as much."""
_EACH = 256
"""Bytes that a key counts for beside its state."""


class Warm(Generic[S]):
    """Two generations: the older is dropped when the younger has grown to half of what may be kept.

    That costs nothing a key, where an order by last use would.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._young: dict[bytes, Working[S]] = {}
        self._old: dict[bytes, Working[S]] = {}
        self._bytes = 0

    def find(self, key: bytes) -> Working[S] | None:
        """Give a key that is still decoded; None where it has to be read."""
        found = self._young.get(key) or self._old.get(key)
        return found if found is not None and found.stored is not None else None

    def keep(self, closed: Mapping[bytes, Working[S]], size: int) -> None:
        """Keep keys that were closed just now. size: bytes that their states took when they were opened."""
        self._young.update(closed)
        self._bytes += size + _EACH * len(closed)
        if self._bytes > WARM_BYTES // 2:
            self._old, self._young, self._bytes = self._young, {}, 0
