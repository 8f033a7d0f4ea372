"""Merged readings: bounded, and the same to the byte in whatever order and however often they are told."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.condition import ConditionReading, Reading
from contracts.errors import Rejected
from streams.facts import conditions
from streams.facts.condition_exchange import from_contract, to_contract
from streams.facts.conditions import (
    BUCKETS_LIMIT,
    LEVELS,
    Bucket,
    Conditions,
    SeriesName,
    first_received,
    hundredths,
    join,
    last_received,
    new_in,
    of_report,
    seconds,
)
from tests.properties import examples
from tests.streams.way import hours, measured

TEMPERATURE: SeriesName = ("YT1", "loggers/coldchain", "L1", "temperature")
NOTHING = Conditions()
encode = msgspec.msgpack.Encoder().encode


def minutes(count: float) -> datetime:
    return hours(count / 60)


def known(*batches: Conditions) -> Conditions:
    whole = NOTHING
    for batch in batches:
        whole = join(whole, batch)
    return whole


def every(step: int, count: int, since: int = 0) -> Conditions:
    """Readings every `step` minutes, each another temperature."""
    readings = [(minutes(since + place * step), place % 50 / 10) for place in range(count)]
    return of_report(measured(*readings), minutes(since + count * step))


FEW = 12
"""A limit that few readings reach."""


def few_buckets() -> AbstractContextManager[object]:
    """Merge readings as soon as there are a few: what holds of one limit holds of each."""
    return patch.object(conditions, "BUCKETS_LIMIT", FEW)


batches = st.lists(
    st.builds(
        lambda logger, step, count, since, received: of_report(
            measured(
                *[(minutes(since + place * step), (since + place) % 37) for place in range(count)],
                logger=logger,
                humidity=50 + since % 7,
            ),
            hours(24 * 30 + received),
        ),
        st.sampled_from(["L1", "L2"]),
        st.sampled_from([1, 7, 60, 1440]),
        st.integers(1, 9),
        st.integers(0, 60),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
)


@examples(80)
@given(told=batches, data=st.data())
def test_in_any_order_grouped_in_any_way_and_repeated_the_bytes_are_the_same(
    told: list[Conditions], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=3))]))
    cut = data.draw(st.integers(0, len(shuffled)))
    with few_buckets():
        grouped = join(known(*shuffled[:cut]), known(*shuffled[cut:]))
        assert encode(grouped) == encode(known(*told))


@examples(60)
@given(told=batches, cut=st.integers(0, 6))
def test_what_is_new_joined_to_what_was_told_is_all_again(told: list[Conditions], cut: int) -> None:
    """So a stage need not send a month of readings for each new one; and it crosses a topic unchanged."""
    with few_buckets():
        before, after = known(*told[:cut]), known(*told)
        new = new_in(after, before)
        crossed = from_contract("YT1", new.resolution, to_contract(new))
        assert crossed == new
        assert join(before, crossed) == after
        assert new_in(after, after) == NOTHING


@examples(30)
@given(told=batches)
def test_the_spans_are_the_finest_that_stay_under_the_limit(told: list[Conditions]) -> None:
    with few_buckets():
        whole = known(*told)
    count = sum(len(series.buckets) for series in whole.series.values())
    assert count <= FEW or whole.resolution == LEVELS[-1]
    if whole.resolution > 1:
        finer = LEVELS[LEVELS.index(whole.resolution) - 1] * 60
        spans = {
            (name, bucket.first_at // finer)
            for batch in told
            for name, series in batch.series.items()
            for bucket in series.buckets
        }
        assert len(spans) > FEW


def test_each_level_lies_within_the_next() -> None:
    assert all(coarse % fine == 0 for fine, coarse in pairwise(LEVELS))


def test_a_bucket_keeps_the_extremes_the_ends_and_the_first_receipt() -> None:
    first = of_report(measured((minutes(0.1), 5.0), (minutes(0.4), 9.25)), hours(2))
    second = of_report(measured((minutes(0.2), -3.0), (minutes(0.3), 4.0)), hours(1))
    [bucket] = known(first, second).series[TEMPERATURE].buckets
    at = seconds(minutes(0))
    assert bucket == Bucket(at + 6, at + 24, 500, 925, -300, 925, seconds(hours(1)))


def test_few_readings_stay_as_they_are_and_many_are_merged() -> None:
    assert (every(1, BUCKETS_LIMIT).resolution, every(1, BUCKETS_LIMIT + 1).resolution) == (1, 5)


def test_a_reading_that_changes_only_the_resolution_is_told_on() -> None:
    """Else a stage would keep finer spans than the one that told it, depending on which reading came first."""
    others = [(minutes(5 * place), 5.0) for place in range(BUCKETS_LIMIT - 1)]
    before = of_report(measured((minutes(0), 5.0), (minutes(4), 5.0), *others[1:]), hours(200))
    after = join(before, of_report(measured((minutes(2), 5.0)), hours(200)))
    assert (before.resolution, after.resolution) == (1, 5)
    assert join(before, new_in(after, before)) == after


def test_a_reading_of_the_future_is_refused_with_the_loggers_name() -> None:
    with pytest.raises(Rejected, match=r"logger L1 dates a reading 0:16:00 after it was received"):
        of_report(measured((minutes(16), 5.0), (minutes(0), 5.0)), minutes(0))
    assert of_report(measured((minutes(15), 5.0)), minutes(0))


def test_a_temperature_is_kept_to_a_hundredth() -> None:
    assert [hundredths(Decimal(text)) for text in ("5.0625", "-18", "-0.005", "99.999")] == [506, -1800, 0, 10000]


def test_it_is_known_when_the_first_and_the_last_were_told() -> None:
    whole = known(every(1, 3), every(1, 3, since=60))
    assert (first_received(whole), last_received(whole)) == (minutes(3), minutes(63))
    assert first_received(NOTHING) is None


@pytest.mark.parametrize("named", [{}, {"number": "YT1", "order": "SO1"}])
def test_readings_are_of_a_parcel_or_of_an_order(named: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="one of both"):
        ConditionReading(
            account="a", source="s/a", logger="L", readings=(Reading(at=hours(0), humidity=Decimal(40)),), **named
        )


def test_a_reading_measures_something() -> None:
    with pytest.raises(ValueError, match="a temperature or a humidity"):
        Reading(at=hours(0))


def test_readings_at_a_resolution_that_nobody_writes_are_refused() -> None:
    told = to_contract(every(1, 3))
    with pytest.raises(Rejected, match="spans of 7 minutes"):
        from_contract("YT1", 7, told)


MONTH = timedelta(days=30) // timedelta(minutes=1)


@pytest.mark.slow
def test_a_month_of_readings_each_minute_is_as_small_as_the_limit_says() -> None:
    month = of_report(
        measured(*[(minutes(place), place % 600 / 100) for place in range(MONTH)], humidity=45.5), minutes(MONTH)
    )
    assert month.resolution == 60
    assert len(encode(month)) < 44_000
