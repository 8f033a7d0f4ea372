"""A target that fails for everybody is left alone, and tried again by one call."""

from datetime import UTC, datetime, timedelta

from streams.dispatch.breaker import LONGEST, OPENS_AFTER, SHORTEST, Breaker, after_failure, after_success

START = datetime(2026, 3, 2, tzinfo=UTC)


def failing(times: int, *, of: int = 2, breaker: Breaker | None = None) -> Breaker:
    """So many failures of so many records."""
    found = breaker or Breaker()
    for number in range(times):
        found = after_failure(found, f"record {number % of}", START)
    return found


def test_it_opens_after_several_failures_in_a_row_and_not_before() -> None:
    assert not failing(OPENS_AFTER - 1).is_tripped
    opened = failing(OPENS_AFTER)
    assert opened.is_open(START)
    assert opened.until == START + SHORTEST


def test_one_record_that_fails_by_itself_never_opens_it() -> None:
    assert not failing(100, of=1).is_tripped


def test_an_answer_in_between_begins_the_count_anew() -> None:
    assert not failing(OPENS_AFTER - 1, breaker=after_success(failing(OPENS_AFTER - 1))).is_tripped


def test_calls_that_were_under_way_when_it_opened_say_nothing_more() -> None:
    assert failing(10 * OPENS_AFTER) == failing(OPENS_AFTER)


def test_after_its_pause_it_is_on_trial_and_an_answer_closes_it() -> None:
    opened = failing(OPENS_AFTER)
    later = START + SHORTEST
    assert opened.is_tripped
    assert not opened.is_open(later)
    assert after_success(opened) == Breaker()


def test_each_trial_that_fails_doubles_the_pause_up_to_a_limit() -> None:
    breaker, now, pauses = failing(OPENS_AFTER), START, []
    for _ in range(12):
        assert breaker.until is not None
        pauses.append(breaker.until - now)
        now = breaker.until
        breaker = after_failure(breaker, "any", now)
    assert pauses[:3] == [SHORTEST, 2 * SHORTEST, 4 * SHORTEST]
    assert pauses[-1] == LONGEST
    assert max(pauses) == LONGEST
    assert timedelta(0) < SHORTEST < LONGEST


def test_it_remembers_few_records() -> None:
    assert len(failing(OPENS_AFTER + 100, of=100).about) <= OPENS_AFTER
