"""Between merged readings as they are stored and as they cross a topic."""

from collections.abc import Iterable

from contracts.errors import Rejected
from contracts.exchange import ReadingSeries, ReadingsMerged
from streams.facts.conditions import (
    LEVELS,
    Bucket,
    Conditions,
    Series,
    SeriesName,
    hundredths,
    instant,
    seconds,
    value_of,
)


def to_contract(known: Conditions) -> tuple[ReadingSeries, ...]:
    """Write merged readings of one number as their contract."""
    return tuple(
        ReadingSeries(
            source=source,
            account=series.account,
            logger=logger,
            quantity=quantity,
            merged=tuple(_told(bucket) for bucket in series.buckets),
        )
        for (_number, source, logger, quantity), series in known.series.items()
    )


def from_contract(number: str, resolution: int, told: Iterable[ReadingSeries]) -> Conditions:
    """Read them back; raises Rejected at a resolution that is none of the levels."""
    found: dict[SeriesName, Series] = {}
    for series in told:
        buckets = tuple(_bucket(merged) for merged in series.merged)
        found[number, series.source, series.logger, series.quantity] = Series(series.account, buckets)
    if resolution not in {0, *LEVELS} or (found and not resolution):
        raise Rejected(f"readings are not merged by spans of {resolution} minutes", code="bad_series")
    return Conditions(resolution, found)


def _told(bucket: Bucket) -> ReadingsMerged:
    return ReadingsMerged(
        first_at=instant(bucket.first_at),
        last_at=instant(bucket.last_at),
        first=value_of(bucket.first),
        last=value_of(bucket.last),
        lowest=value_of(bucket.low),
        highest=value_of(bucket.high),
        received_at=instant(bucket.received_at),
    )


def _bucket(told: ReadingsMerged) -> Bucket:
    return Bucket(
        first_at=seconds(told.first_at),
        last_at=seconds(told.last_at),
        first=hundredths(told.first),
        last=hundredths(told.last),
        low=hundredths(told.lowest),
        high=hundredths(told.highest),
        received_at=seconds(told.received_at),
    )
