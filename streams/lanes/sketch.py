"""Quantiles of many durations in little space, and the same whatever order they were told in.

The sketch is a DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
guarantees", PVLDB 12(12), 2019). Its bins are stored here, the library maps durations to bins and bins to quantiles
(docs/decisions/0010-lanes.md).
"""

from collections.abc import Iterable
from math import ceil

import msgspec
from ddsketch.mapping import LogarithmicMapping
from ddsketch.store import DenseStore

ACCURACY = 0.01
"""A quantile is wrong by at most this part of itself."""
LEAST = 1 / 60
"""Hours that count as none: nobody scans more precisely than by the minute."""

_MAPPING = LogarithmicMapping(ACCURACY)


class Durations(msgspec.Struct, frozen=True, array_like=True):
    """How many durations fell into each bin. none: those too short to have a bin."""

    bins: dict[int, int] = {}
    none: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return self.none + sum(self.bins.values())

    def with_one(self, hours: float) -> "Durations":
        """Add one; raises ValueError at a negative one."""
        if hours < 0:
            raise ValueError(f"not a duration: {hours} hours")
        if hours < LEAST:
            return msgspec.structs.replace(self, none=self.none + 1)
        place = _MAPPING.key(hours)
        bins = {**self.bins, place: self.bins.get(place, 0) + 1}
        return msgspec.structs.replace(self, bins=dict(sorted(bins.items())))


def quantiles(several: Iterable[Durations], wanted: Iterable[float]) -> tuple[float, ...]:
    """Give the `wanted` quantiles (0 to 1) of all together, in hours; raises ValueError where there are none.

    By nearest rank: the least of the values that at least this part of them did not exceed. What is judged by it should
    not be judged by less.
    """
    store, none = DenseStore(), 0
    for durations in several:
        none += durations.none
        for place, count in durations.bins.items():
            store.add(place, count)
    count = none + int(store.count)
    if not count:
        raise ValueError("no durations")
    ranks = [max(1, ceil(quantile * count)) - 1 for quantile in wanted]
    return tuple(0.0 if rank < none else round(_MAPPING.value(store.key_at_rank(rank - none)), 2) for rank in ranks)
