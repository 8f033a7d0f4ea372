"""Excursions and gaps, held against a clerk who goes through the readings one by one."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contracts.documents import Range
from streams.delivery.excursions import Excursion, Gap, beyond, excursions, farthest, gaps
from streams.facts.conditions import LEVELS, Bucket, Conditions, Series, join
from tests.properties import examples

COLD = Range(low=Decimal(2), high=Decimal(8))
HOUR = 3600
LONGEST = 2 * HOUR
Readings = list[tuple[int, int]]
"""Instants in seconds and values in hundredths, by instant."""

readings = st.dictionaries(
    st.integers(0, 60).map(lambda place: place * 600), st.sampled_from([100, 500, 800, 900]), min_size=1, max_size=25
).map(lambda found: sorted(found.items()))


def merged(told: Readings, resolution: int = 1, received_at: int = 0) -> tuple[Bucket, ...]:
    series = Series("a", tuple(Bucket(at, at, value, value, value, value, received_at) for at, value in told))
    known = join(Conditions(resolution), Conditions(1, {("N", "s", "L", "temperature"): series}))
    return known.series["N", "s", "L", "temperature"].buckets


def is_outside(value: int) -> bool:
    return not 200 <= value <= 800


def by_hand(told: Readings) -> set[int]:
    """Every second is too fine: the ten minutes, by their beginning, of which a reading says that they were outside."""
    found: set[int] = set()
    for (at, value), (following, _) in pairwise([*told, (told[-1][0], 500)]):
        if is_outside(value):
            found |= set(range(at, min(following, at + LONGEST), 600))
    return found


def told_of(found: list[Excursion]) -> set[int]:
    return {at for one in found for at in range(one.since, one.last_at if one.is_open else one.until, 600)}


@examples(150)
@given(told=readings)
def test_the_times_outside_are_those_that_a_clerk_finds(told: Readings) -> None:
    found = excursions(merged(told), COLD, LONGEST, None)
    assert told_of(found) == by_hand(told)
    assert sum(one.lasted for one in found) == 600 * len(by_hand(told))
    assert all(before.until < then.since for before, then in pairwise(found))
    assert [one.is_open for one in found[:-1]] == [False] * len(found[:-1])


@examples(100)
@given(told=readings, level=st.sampled_from(LEVELS[1:6]))
def test_merging_readings_hides_nothing_and_begins_nothing_later(told: Readings, level: int) -> None:
    fine = excursions(merged(told), COLD, LONGEST, None)
    coarse = excursions(merged(told, level), COLD, LONGEST, None)
    assert bool(fine) == bool(coarse)
    if fine:
        assert coarse[0].since <= fine[0].since
        assert farthest(coarse, COLD) == farthest(fine, COLD)
        assert sum(one.until - one.since for one in coarse) >= max(one.until - one.since for one in fine)


@examples(100)
@given(told=readings, begins=st.integers(0, 30).map(lambda place: place * 600), lasts=st.none() | st.integers(0, 30))
def test_the_gaps_are_those_that_a_clerk_finds(told: Readings, begins: int, lasts: int | None) -> None:
    ends = None if lasts is None else begins + lasts * 600
    inside = [at for at, _ in told if begins <= at and (ends is None or at < ends)]
    marks = [begins, *inside, *([] if ends is None else [ends])]
    expected = [Gap(before, then) for before, then in pairwise(marks) if then - before > LONGEST]
    if ends is None:
        expected.append(Gap(marks[-1], None))
    assert list(gaps([merged(told)], begins, ends, LONGEST)) == expected


def test_what_was_told_by_then_is_left_out() -> None:
    early, late = merged([(0, 900)], received_at=10), merged([(600, 900), (1200, 500)], received_at=20)
    assert [one.since for one in excursions((*early, *late), COLD, LONGEST, 10)] == [600]
    assert [one.since for one in excursions((*early, *late), COLD, LONGEST, 9)] == [0]
    assert excursions((*early, *late), COLD, LONGEST, 20) == []


def test_an_excursion_keeps_the_extremes_of_all_its_readings() -> None:
    [found] = excursions(merged([(0, -300), (600, 100), (1200, 950), (1800, 900)]), COLD, LONGEST, None)
    assert (found.lowest, found.highest) == (-300, 950)


def test_how_far_outside_is_reckoned_from_the_nearer_end_that_is_crossed() -> None:
    assert [beyond(value, value, COLD) for value in (200, 800, 950, -100)] == [0, 0, 150, 300]
    assert beyond(-5000, 9000, Range()) == 0
    assert beyond(100, 900, Range(high=Decimal("8.5"))) == 50
