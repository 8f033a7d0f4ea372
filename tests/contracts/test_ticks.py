"""Time arrives as records: it never falls, stands still behind a gap, and moves again when senders have retried."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.clock import INGRESS
from contracts.errors import Rejected
from contracts.ticks import GAP_TICKS, NEVER, SETTLE, Heard, Mark, Tick

START = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = 15.0
GAP = timedelta(seconds=GAP_TICKS * EVERY)
instants = st.integers(0, 100_000).map(lambda seconds: START + timedelta(seconds=seconds))


def ingress(at: datetime) -> Tick:
    return Tick.of_source(INGRESS, at, EVERY)


def after(*instants: datetime) -> Mark:
    mark = NEVER
    for at in instants:
        mark = mark.tick(ingress(at))
    return mark


def heard(mark: Mark) -> datetime:
    return mark.heard[INGRESS].heard


def test_a_source_that_ticks_is_heard_up_to_its_last_tick() -> None:
    assert heard(after(START, START + timedelta(seconds=15), START + timedelta(seconds=30))) == START + timedelta(
        seconds=30
    )


def test_a_gap_as_long_as_allowed_is_none() -> None:
    assert heard(after(START, START + GAP)) == START + GAP


def test_behind_a_gap_the_source_stands_at_its_last_tick_while_time_goes_on() -> None:
    back = START + GAP + timedelta(seconds=1)
    mark = after(START, back)
    assert heard(mark) == START
    assert mark.now == back


def test_a_source_moves_again_once_the_gap_is_settled() -> None:
    back = START + timedelta(hours=2)
    ticks = [back + timedelta(minutes=minute) for minute in range(41)]
    assert heard(after(START, *ticks[:-1])) == START
    assert heard(after(START, *ticks)) == back + SETTLE


def test_a_second_gap_before_the_first_is_settled_starts_the_wait_anew() -> None:
    back = START + timedelta(hours=2)
    again = back + timedelta(minutes=30)
    settled = [again + timedelta(minutes=minute) for minute in range(41)]
    assert heard(after(START, back, *settled[:20])) == START
    assert heard(after(START, back, *settled)) == again + SETTLE


def test_a_gap_is_judged_once_by_the_stage_that_hears_the_source() -> None:
    # What a stage passes on has been judged: the next one must not judge the same stillness again.
    passed = Tick("normalise", START + timedelta(hours=5), {INGRESS: START + timedelta(hours=5)})
    mark = NEVER.tick(Tick("normalise", START, {INGRESS: START})).tick(passed)
    assert heard(mark) == START + timedelta(hours=5)


def test_one_deaf_source_leaves_the_others_alone() -> None:
    poller = "poll/works"
    mark = after(START).tick(Tick.of_source(poller, START, 60.0)).tick(ingress(START + timedelta(hours=3)))
    assert (heard(mark), mark.heard[poller].heard) == (START, START)
    mark = mark.tick(Tick.of_source(poller, START + timedelta(minutes=1), 60.0))
    assert mark.heard[poller].heard == START + timedelta(minutes=1)


@given(st.lists(instants, min_size=1))
def test_time_never_falls_whatever_the_order_of_ticks(ticks: list[datetime]) -> None:
    mark = NEVER
    for at in ticks:
        later = mark.tick(ingress(at))
        assert later.now >= mark.now
        assert INGRESS not in mark.heard or heard(later) >= heard(mark)
        assert heard(later) <= later.now
        mark = later
    assert mark.now == max(ticks)


@given(st.lists(instants, min_size=1))
def test_two_instances_of_one_source_are_heard_like_one(ticks: list[datetime]) -> None:
    twice = [at for at in ticks for _ in range(2)]
    assert after(*twice) == after(*ticks)


@given(st.lists(instants, min_size=2))
def test_silence_is_never_taken_for_having_heard(ticks: list[datetime]) -> None:
    ordered = sorted(set(ticks))
    silences = [(a, b) for a, b in pairwise(ordered) if b - a > GAP]
    up_to = heard(after(*ordered))
    assert not any(up_to > a and up_to < b + SETTLE for a, b in silences)


@given(st.dictionaries(st.text(), instants), instants, st.floats(0, 1e6), st.integers(-1, 1000))
def test_a_tick_is_read_back_as_it_was_written(
    sources: dict[str, datetime], now: datetime, every: float, partition: int
) -> None:
    tick = Tick("normalise", now, sources, every, partition)
    assert Tick.decode(tick.encode()) == tick


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"source":"ingress","now":"2026-01-01T00:00:00","heard":{}}',
        b'{"source":"ingress","now":"2026-01-01T00:00:00Z","heard":{"ingress":"2026-01-01T00:00:00"}}',
        b'{"source":"ingress","now":"2026-01-01T00:00:00Z","heard":{},"every":-1}',
    ],
)
def test_what_is_no_tick_is_refused(value: bytes | None) -> None:
    with pytest.raises(Rejected) as raised:
        Tick.decode(value)
    assert raised.value.code == "bad_tick"


def test_a_source_that_was_never_heard_has_no_mark() -> None:
    assert NEVER.heard == {}
    assert Heard(START, START).tick(START, EVERY) == Heard(START, START)
