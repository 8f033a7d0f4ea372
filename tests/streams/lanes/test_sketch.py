"""Quantiles of durations are right to within one per cent, and the same whatever order they came in."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.lanes.sketch import ACCURACY, Durations, quantiles
from tests.properties import examples

hours = st.one_of(st.just(0.0), st.floats(0.02, 5000))


def sketched(values: list[float]) -> Durations:
    durations = Durations()
    for value in values:
        durations = durations.with_one(value)
    return durations


@examples(100)
@given(values=st.lists(hours, min_size=1, max_size=60), part=st.sampled_from([0.0, 0.5, 0.8, 0.95, 0.99, 1.0]))
def test_a_quantile_is_the_nearest_rank_to_within_its_accuracy(values: list[float], part: float) -> None:
    exact = sorted(values)[max(1, ceil(part * len(values))) - 1]
    [found] = quantiles([sketched(values)], [part])
    assert abs(found - exact) <= exact * ACCURACY + 0.0051  # it is told to a hundredth of an hour


@examples(50)
@given(values=st.lists(hours, min_size=1, max_size=30), data=st.data())
def test_order_and_division_into_windows_leave_no_trace(values: list[float], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(values))
    cut = data.draw(st.integers(0, len(values)))
    assert sketched(shuffled) == sketched(values)
    assert list(sketched(shuffled).bins) == sorted(sketched(values).bins)
    parts = [sketched(shuffled[:cut]), sketched(shuffled[cut:])]
    assert quantiles(parts, [0.5, 0.95]) == quantiles([sketched(values)], [0.5, 0.95])


def test_of_nothing_there_are_no_quantiles() -> None:
    with pytest.raises(ValueError, match="no durations"):
        quantiles([Durations()], [0.5])


def test_a_negative_duration_is_none() -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Durations().with_one(-1.0)


def test_a_million_durations_take_little_space() -> None:
    bins = dict.fromkeys((Durations().with_one(1 + count).bins.popitem()[0] for count in range(2000)), 2500)
    assert len(bins) < 400
