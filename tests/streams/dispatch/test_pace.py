"""A target never sees more calls than it allows, in any span, and as many as it allows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.connector import Limit
from contracts.settings import TargetAccount
from streams.dispatch.pace import Pace, next_turn, pace_of
from tests.streams.dispatch.fake_target import FakeTarget, connector

START = datetime(2026, 3, 2, tzinfo=UTC)
ACCOUNT = TargetAccount(name="crm", connector="fake", url="http://127.0.0.1:1")
LIMITS = st.builds(Limit, st.integers(1, 40), st.floats(0.5, 30))


def calls(pace: Pace, asked: list[float]) -> list[datetime]:
    """The instants at which calls go that are asked for at these seconds."""
    full_at, gone = None, []
    for seconds in sorted(asked):
        turn = next_turn(pace, full_at, START + timedelta(seconds=seconds))
        full_at = turn.full_at
        gone.append(turn.at)
    return gone


@given(LIMITS, st.lists(st.floats(0, 60), min_size=1, max_size=120))
def test_no_span_of_the_limits_length_holds_more_calls_than_the_limit(limit: Limit, asked: list[float]) -> None:
    gone = calls(Pace.of(limit), asked)
    span = timedelta(seconds=limit.seconds)
    assert gone == sorted(gone)
    for first in gone:
        assert sum(first <= at < first + span for at in gone) <= limit.calls


@given(LIMITS)
def test_whoever_asks_all_the_time_gets_nine_tenths_of_the_limit(limit: Limit) -> None:
    gone = calls(Pace.of(limit), [0.0] * 10 * limit.calls)
    taken = (gone[-1] - gone[0]).total_seconds()
    assert taken <= 10 * limit.seconds / 0.9


def test_a_few_calls_go_at_once_and_again_after_a_rest() -> None:
    pace = Pace.of(Limit(100, 10))
    assert pace.burst == 10
    gone = calls(pace, [0.0] * 11 + [9.0] * 10)
    assert gone[:10] == [START] * 10
    assert gone[10] > START
    assert gone[11:] == [START + timedelta(seconds=9)] * 10


def test_a_call_that_was_asked_for_late_goes_at_once() -> None:
    assert calls(Pace.of(Limit(1, 60)), [0, 61]) == [START, START + timedelta(seconds=61)]


@pytest.mark.parametrize(
    ("published", "chosen", "spacing"),
    [(None, None, None), (Limit(2, 1), None, 0.5), (Limit(2, 1), 4, 0.25), (None, 0.1, 10)],
)
def test_an_account_may_have_a_pace_of_its_own(
    published: Limit | None, chosen: float | None, spacing: float | None
) -> None:
    target = connector(FakeTarget(), limit=published)
    pace = pace_of(target, ACCOUNT.model_copy(update={"calls_per_second": chosen}))
    assert (pace and pace.spacing.total_seconds()) == spacing
