"""A crashed role starts again soon, then later and later, and is given up after five crashes in a minute."""

from hypothesis import given
from hypothesis import strategies as st

from desk.supervision.restarts import LONGEST_PAUSE_SECONDS, pause_before_restart


def test_each_crash_doubles_the_pause_and_the_fifth_in_a_minute_is_the_last() -> None:
    crashes = [100.0, 101.0, 102.0, 103.0, 104.0]
    pauses = [pause_before_restart(crashes[:count], crashes[count - 1]) for count in range(1, 6)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, None]


def test_crashes_of_long_ago_do_not_count() -> None:
    crashes = [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]
    assert pause_before_restart(crashes, 500.0) == 0.5


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20).map(sorted))
def test_a_pause_is_bounded(crashes: list[float]) -> None:
    pause = pause_before_restart(crashes, crashes[-1])
    assert pause is None or 0 < pause <= LONGEST_PAUSE_SECONDS
