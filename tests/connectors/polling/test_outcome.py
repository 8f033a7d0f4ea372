"""How a failed poll is counted, and when the next one is."""

from datetime import timedelta

import pytest

from connectors.polling.outcome import LONGEST, outcome, wait
from contracts.errors import QuaysideError, Rejected, Retryable

INTERVAL = timedelta(seconds=10)
AWAY = Retryable("away", code="unreachable")


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (Rejected("the key is wrong", code="unauthorised"), "unauthorised"),
        (AWAY, "unreachable"),
        (Retryable("500", code="server_error"), "server_error"),
        (Retryable("429", code="throttled"), "throttled"),
        (Rejected("400", code="refused"), "refused"),
        (Rejected("a secret is missing", code="no_secret"), "refused"),
        (Retryable("something new", code="a_code_from_outside"), "server_error"),
    ],
)
def test_every_failure_counts_under_one_of_few_names(error: QuaysideError, counted: str) -> None:
    assert outcome(error) == counted


def test_the_waiting_doubles_up_to_a_limit() -> None:
    waits = [wait(AWAY, failures, INTERVAL, 0.5) for failures in (1, 2, 3, 4)]
    assert waits == [INTERVAL, 2 * INTERVAL, 4 * INTERVAL, 8 * INTERVAL]
    assert wait(AWAY, 10_000, INTERVAL, 0.5) == LONGEST


def test_an_account_that_is_read_seldom_is_not_asked_more_often_because_it_fails() -> None:
    assert wait(AWAY, 3, timedelta(hours=1), 0.5) == timedelta(hours=1)


def test_accounts_of_one_system_do_not_come_back_all_at_once() -> None:
    assert wait(AWAY, 1, INTERVAL, 0.0) == 0.75 * INTERVAL
    assert wait(AWAY, 1, INTERVAL, 0.999) > 1.24 * INTERVAL


def test_a_system_is_left_alone_as_long_as_it_asks() -> None:
    busy = Retryable("busy", code="throttled", retry_after=timedelta(minutes=20))
    assert wait(busy, 1, INTERVAL, 0.5) == timedelta(minutes=20)
