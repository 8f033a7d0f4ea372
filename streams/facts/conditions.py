"""Condition readings, merged: what a logger measured, in spans of time that are as fine as their number allows.

A bucket holds the readings of one quantity within one span: the lowest and highest, the first and last, and when the
first of them was told. Spans of each level lie within those of the next. The level is the finest at which all buckets
together stay under a limit, which follows from the set of readings alone, since more readings never need fewer buckets.
So `join` is associative, commutative and idempotent, to the byte, and a month of readings takes no more than a day.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import chain

import msgspec

from contracts.condition import ConditionReading, MeasuredQuantity
from contracts.errors import Rejected
from contracts.identity import tracking_number
from streams.facts.history import FUTURE

LEVELS = (1, 5, 15, 60, 240, 720, 1440, 10080)
"""Minutes of a span, each a multiple of the one before."""
BUCKETS_LIMIT = 1500
"""A month of hours, of temperature and humidity: about 42 kB."""
HUNDREDTH = Decimal("0.01")

SeriesName = tuple[str, str, str, MeasuredQuantity]
"""Tracking number (none where the order itself was named), source, logger, quantity."""


class Bucket(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Instants in seconds since 1970, values in hundredths. Of readings of one instant the lowest and highest count."""

    first_at: int
    last_at: int
    first: int
    last: int
    low: int
    high: int
    received_at: int


class Series(msgspec.Struct, frozen=True, array_like=True):
    """One quantity as one logger measured it. account: that which was told of it."""

    account: str
    buckets: tuple[Bucket, ...]


class Conditions(msgspec.Struct, frozen=True, array_like=True):
    """All readings that are known. resolution: minutes of a span, 0 while there are none."""

    resolution: int = 0
    series: Mapping[SeriesName, Series] = {}

    def __bool__(self) -> bool:
        """Whether anything was measured."""
        return bool(self.series)


def of_report(report: ConditionReading, received_at: datetime) -> Conditions:
    """Make what one report tells; raises Rejected where a reading is of the future: its logger's clock is wrong."""
    latest = max(reading.at for reading in report.readings)
    if latest > received_at + FUTURE:
        raise Rejected(
            f"logger {report.logger} dates a reading {latest - received_at} after it was received; set its clock right",
            code="from_the_future",
        )
    received = seconds(received_at)
    number = tracking_number(report.number)
    found: dict[SeriesName, Series] = {}
    for quantity, measured in _measured(report).items():
        if measured:
            single = tuple(Bucket(at, at, value, value, value, value, received) for at, value in measured)
            found[number, report.source, report.logger, quantity] = Series(report.account, single)
    return join(Conditions(), Conditions(LEVELS[0], found))


def _measured(report: ConditionReading) -> dict[MeasuredQuantity, list[tuple[int, int]]]:
    found: dict[MeasuredQuantity, list[tuple[int, int]]] = {"temperature": [], "humidity": []}
    for reading in report.readings:
        if reading.temperature is not None:
            found["temperature"].append((seconds(reading.at), hundredths(reading.temperature)))
        if reading.humidity is not None:
            found["humidity"].append((seconds(reading.at), hundredths(reading.humidity)))
    return found


def join(one: Conditions, other: Conditions) -> Conditions:
    """Join two sets of readings. A resolution without readings says that some known elsewhere need it."""
    resolution = max(one.resolution, other.resolution)
    while True:
        joined = Conditions(resolution, _merged((one, other), resolution))
        count = sum(len(series.buckets) for series in joined.series.values())
        if count <= BUCKETS_LIMIT or resolution == LEVELS[-1]:
            return joined
        resolution = LEVELS[LEVELS.index(resolution) + 1]


def new_in(after: Conditions, before: Conditions) -> Conditions:
    """Give what `before` lacks of `after`: joined to it, the two are `after` again; nothing where it lacks nothing."""
    if after == before or not after.series:
        return Conditions()
    known = _merged((before,), after.resolution)
    found: dict[SeriesName, Series] = {}
    for name, series in after.series.items():
        had = set(known[name].buckets) if name in known else set()
        if new := tuple(bucket for bucket in series.buckets if bucket not in had):
            found[name] = Series(series.account, new)
    return Conditions(after.resolution, found)


def _merged(parts: Iterable[Conditions], resolution: int) -> dict[SeriesName, Series]:
    found: dict[SeriesName, list[Series]] = {}
    for part in parts:
        for name, series in part.series.items():
            found.setdefault(name, []).append(series)
    return {
        name: Series(min(one.account for one in several), _merged_buckets(several, resolution * 60))
        for name, several in sorted(found.items())
    }


def _merged_buckets(several: list[Series], span: int) -> tuple[Bucket, ...]:
    found: dict[int, Bucket] = {}
    for bucket in chain.from_iterable(series.buckets for series in several):
        place = bucket.first_at // span
        known = found.get(place)
        found[place] = bucket if known is None or known == bucket else _merge(known, bucket)
    return tuple(bucket for _, bucket in sorted(found.items()))


def _merge(one: Bucket, other: Bucket) -> Bucket:
    first_at, first = min((one.first_at, one.first), (other.first_at, other.first))
    last_at, last = max((one.last_at, one.last), (other.last_at, other.last))
    return Bucket(
        first_at=first_at,
        last_at=last_at,
        first=first,
        last=last,
        low=min(one.low, other.low),
        high=max(one.high, other.high),
        received_at=min(one.received_at, other.received_at),
    )


def of_numbers(known: Conditions, numbers: Container[str]) -> Conditions:
    """Give those of some tracking numbers alone; that of the order itself is empty."""
    return Conditions(known.resolution, {name: found for name, found in known.series.items() if name[0] in numbers})


def first_received(known: Conditions) -> datetime | None:
    """When the first of them was told."""
    return instant(min(_receipts(known))) if known else None


def last_received(known: Conditions) -> datetime | None:
    """When the last of them was told, as far as the spans tell it."""
    return instant(max(_receipts(known))) if known else None


def _receipts(known: Conditions) -> Iterable[int]:
    return (bucket.received_at for series in known.series.values() for bucket in series.buckets)


def seconds(at: datetime) -> int:
    """Write an instant in seconds since 1970."""
    return (at - _EPOCH) // timedelta(seconds=1)


def instant(at: int) -> datetime:
    """Read an instant in seconds since 1970."""
    return _EPOCH + timedelta(seconds=at)


def hundredths(value: Decimal) -> int:
    """Write a value in hundredths."""
    return int(value.quantize(HUNDREDTH, ROUND_HALF_EVEN).scaleb(2))


def value_of(hundredths_of_it: int) -> Decimal:
    """Read a value in hundredths."""
    return Decimal(hundredths_of_it).scaleb(-2)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
