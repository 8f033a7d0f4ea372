"""Excursions: the times in which readings lie outside a range, and the gaps between readings.

A reading speaks until the next one, but no longer than the longest gap that is ordinary: what happened in a gap nobody
knows. Merged readings speak for their whole span, so that what is told is never too little.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from contracts.documents import Range
from streams.facts.conditions import Bucket, hundredths


@dataclass(frozen=True, slots=True)
class Excursion:
    """One without a break. Instants in seconds since 1970, values in hundredths.

    until: the first reading inside again, or how long the last one outside speaks; is_open: no reading came after it.
    """

    since: int
    last_at: int
    until: int
    is_open: bool
    lowest: int
    highest: int

    @property
    def lasted(self) -> int:
        """Seconds outside, as far as readings tell."""
        return (self.last_at if self.is_open else self.until) - self.since


def excursions(buckets: tuple[Bucket, ...], required: Range, longest_gap: int, known: int | None) -> list[Excursion]:
    """Find those of one logger's readings. known: what was told by then is left out."""
    found: list[Excursion] = []
    low, high = _ends(required)
    for place, bucket in enumerate(buckets):
        if low <= bucket.low and bucket.high <= high:
            continue
        if known is not None and bucket.received_at <= known:
            continue
        following = buckets[place + 1].first_at if place + 1 < len(buckets) else None
        speaks = bucket.last_at + longest_gap
        now = Excursion(
            since=bucket.first_at,
            last_at=bucket.last_at,
            until=speaks if following is None else min(following, speaks),
            is_open=following is None,
            lowest=bucket.low,
            highest=bucket.high,
        )
        if found and found[-1].until == bucket.first_at:
            found[-1] = _joined(found[-1], now)
        else:
            found.append(now)
    return found


def _joined(before: Excursion, then: Excursion) -> Excursion:
    return Excursion(
        since=before.since,
        last_at=then.last_at,
        until=then.until,
        is_open=then.is_open,
        lowest=min(before.lowest, then.lowest),
        highest=max(before.highest, then.highest),
    )


def _ends(required: Range) -> tuple[float, float]:
    """Give a range in hundredths; an end that is open is infinite."""
    return (
        -inf if required.low is None else hundredths(required.low),
        inf if required.high is None else hundredths(required.high),
    )


def beyond(lowest: int, highest: int, required: Range) -> int:
    """How far outside the range the farther of two values lies, in hundredths; 0 inside."""
    low, high = _ends(required)
    return int(max(low - lowest, highest - high, 0))


def farthest(found: Iterable[Excursion], required: Range) -> int:
    """Give the value that lies farthest outside, in hundredths."""
    every = list(found)
    values = (min(one.lowest for one in every), max(one.highest for one in every))
    return max(values, key=lambda value: (beyond(value, value, required), value))


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without a reading, in seconds since 1970; until: absent while none has come."""

    since: int
    until: int | None


def gaps(measured: Iterable[tuple[Bucket, ...]], begins: int, ends: int | None, longest: int) -> Iterator[Gap]:
    """Find the gaps of several loggers' readings together, between two instants; one that still lasts comes last."""
    since = begins
    for bucket in sorted((bucket for buckets in measured for bucket in buckets), key=lambda one: one.first_at):
        if ends is not None and bucket.first_at >= ends:
            break
        if bucket.first_at - since > longest:
            yield Gap(since, bucket.first_at)
        since = max(since, bucket.last_at)
    if ends is None or ends - since > longest:
        yield Gap(since, ends)
