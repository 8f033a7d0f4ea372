"""When a failed action is tried again."""

from datetime import timedelta

import pytest

from contracts.errors import Retryable
from streams.dispatch.entry import Entry, State
from streams.dispatch.retrying import LONGEST, SHORTEST, counts, next_try
from tests.streams.dispatch.samples import START

ENTRY = Entry("desk", "erp", "order", "SO-1", "late", 1, START, State.IN_FLIGHT, failing_since=START)
ERROR = Retryable("no answer")


def waits(seconds: float, lot: float = 0.5, error: Retryable = ERROR) -> timedelta:
    now = START + timedelta(seconds=seconds)
    found = next_try(ENTRY, error, now, tries=8, lot=lot)
    assert found is not None
    return found - now


def test_the_waiting_doubles_from_try_to_try_up_to_a_limit() -> None:
    assert [waits(seconds).total_seconds() for seconds in (0, 1, 2, 4, 1000)] == [1, 1, 2, 4, LONGEST.total_seconds()]


@pytest.mark.parametrize(("lot", "share"), [(0.0, 0.75), (0.5, 1.0), (0.999, 1.25)])
def test_a_part_of_the_waiting_is_drawn_by_lot(lot: float, share: float) -> None:
    assert waits(0, lot) / SHORTEST == pytest.approx(share, abs=0.01)


def test_what_the_target_asked_for_is_the_least_that_is_waited() -> None:
    assert waits(0, error=Retryable("slow down", retry_after=timedelta(minutes=7))) == timedelta(minutes=7)
    assert waits(200, error=Retryable("slow down", retry_after=timedelta(seconds=1))) == timedelta(seconds=200)


def test_after_its_tries_it_is_given_up() -> None:
    assert next_try(ENTRY, ERROR, START, tries=0, lot=0) is None


def test_a_failure_counts_only_where_the_target_has_answered_somebody_since_the_last_one() -> None:
    failed = Entry("desk", "erp", "order", "SO-1", "late", 1, START, State.IN_FLIGHT, failed_at=START)
    assert not counts(failed, None)
    assert not counts(failed, START - timedelta(seconds=1))
    assert counts(failed, START + timedelta(seconds=1))
    assert counts(ENTRY, START)
