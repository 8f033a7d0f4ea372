"""A lane's history: what counts, what is forgotten, and when it is enough."""

from datetime import datetime, timedelta

import msgspec

from contracts.clock import BEFORE_TIME
from contracts.lane import Basis, Lane, Leg, LegOutcome, TransitEstimate
from streams.lanes.history import REMEMBERED, WINDOW, WINDOWS, LaneHistory, answer, window_of, with_leg

DAY = timedelta(days=1)
BEGAN = BEFORE_TIME + 690 * WINDOW
"""The beginning of a window, in September 2026."""
LANE = Lane(carrier="yto", destination="DE")
ENOUGH = 5


def leg(number: str, ended_at: datetime, took: float = 30.0, *, outcome: LegOutcome = LegOutcome.DELIVERED) -> Leg:
    return Leg(
        lane=LANE,
        number=number,
        despatched_at=ended_at - timedelta(hours=took + 5),
        picked_up_at=ended_at - timedelta(hours=took),
        ended_at=ended_at,
        outcome=outcome,
        silence_hours=took / 2,
        scans=3,
    )


def history(*legs: Leg) -> LaneHistory:
    known = LaneHistory()
    for one in legs:
        known = with_leg(known, one)
    return known


def asked(known: LaneHistory, at: datetime) -> TransitEstimate:
    return answer(known, at, ENOUGH)


def test_it_says_how_long_from_the_pick_up_and_when_that_was() -> None:
    known = history(*(leg(f"YT{count}", BEGAN + count * DAY, took=20 + count) for count in range(10)))
    said = asked(known, BEGAN + 10 * DAY)
    assert said.transit is not None
    assert (said.rests_on, said.sample, said.as_of) == (Basis.HISTORY, 10, BEGAN + 9 * DAY)
    for found, exact in ((said.transit.p50, 24), (said.transit.p80, 27), (said.transit.p95, 29)):
        assert abs(found - exact) <= exact / 100
    assert said.silence_hours is not None
    assert abs(said.silence_hours - 14.5) <= 0.15


def test_too_few_legs_rest_on_the_policy_and_say_how_few() -> None:
    known = history(*(leg(f"YT{count}", BEGAN + count * DAY) for count in range(ENOUGH - 1)))
    assert asked(known, BEGAN + 10 * DAY) == TransitEstimate(rests_on=Basis.POLICY, sample=ENOUGH - 1)
    assert asked(LaneHistory(), BEGAN) == TransitEstimate(rests_on=Basis.POLICY)


def test_what_was_lost_or_returned_is_no_measure_of_how_long_it_takes() -> None:
    lost = [leg(f"LOST{count}", BEGAN + count * DAY, outcome=LegOutcome.LOST) for count in range(9)]
    returned = [leg(f"BACK{count}", BEGAN + count * DAY, outcome=LegOutcome.RETURNED) for count in range(9)]
    assert asked(history(*lost, *returned), BEGAN + 10 * DAY).rests_on is Basis.POLICY


def test_a_leg_told_twice_counts_once() -> None:
    legs = [leg(f"YT{count}", BEGAN + count * DAY) for count in range(4)]
    assert history(*legs, *legs) == history(*legs)


def test_the_memory_of_ids_is_bounded() -> None:
    known = history(*(leg(f"YT{count}", BEGAN + count * timedelta(minutes=1)) for count in range(REMEMBERED + 200)))
    assert len(known.told) == REMEMBERED
    assert len(msgspec.msgpack.encode(known)) < 16_000


def test_a_carrier_that_got_better_is_seen_with_the_next_window() -> None:
    slow = [leg(f"SLOW{count}", BEGAN + count * DAY, took=90) for count in range(20)]
    fast = [leg(f"FAST{count}", BEGAN + WINDOW + (15 + count) * DAY, took=20) for count in range(ENOUGH)]
    before = asked(history(*slow, *fast[:-1]), BEGAN + WINDOW + 20 * DAY)
    after = asked(history(*slow, *fast), BEGAN + WINDOW + 20 * DAY)
    assert before.transit is not None
    assert before.transit.p50 > 80
    assert after.transit is not None
    assert (after.sample, after.transit.p95 < 21) == (ENOUGH, True)


def test_what_is_older_than_six_windows_is_forgotten() -> None:
    old = [leg(f"OLD{count}", BEGAN, took=90) for count in range(9)]
    known = history(*old, leg("NEW", BEGAN + WINDOWS * WINDOW))
    assert set(known.windows) == {window_of(BEGAN + WINDOWS * WINDOW)}
    assert with_leg(known, leg("LATE", BEGAN)) == known
    assert asked(history(*old), BEGAN + WINDOWS * WINDOW).rests_on is Basis.POLICY


def test_a_lane_that_carries_little_looks_back_further() -> None:
    sparse = [leg(f"YT{count}", BEGAN + count * WINDOW) for count in range(ENOUGH)]
    assert asked(history(*sparse), BEGAN + ENOUGH * WINDOW).sample == ENOUGH


def test_what_it_answers_does_not_depend_on_the_order_of_telling() -> None:
    legs = [leg(f"YT{count}", BEGAN + count * 5 * DAY, took=20 + count) for count in range(30)]
    now = BEGAN + 160 * DAY
    assert asked(history(*reversed(legs)), now) == asked(history(*legs), now)
    assert history(*reversed(legs)).windows == history(*legs).windows
