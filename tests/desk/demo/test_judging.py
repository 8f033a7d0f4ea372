"""A day is judged in words and in numbers."""

from dataclasses import replace
from datetime import UTC, datetime

from desk.demo.judging import Result, judge
from desk.demo.outcome import read_expected
from desk.demo.story import read_story

EXPECTED = read_expected(read_story())
PLAYED = Result(EXPECTED, (), (), sent=151, worker_was_killed=True, stood_still_at=datetime(2026, 3, 2, tzinfo=UTC))


def test_a_day_as_it_must_be_is_right() -> None:
    verdict = judge(EXPECTED, PLAYED, readings=104)
    assert not verdict.wrong
    assert verdict.summary == {
        "orders": 51,
        "events": 255,
        "findings": {
            "carrier_exception": 1,
            "condition_breach": 1,
            "damaged": 1,
            "documents_missing": 1,
            "late": 5,
            "orphan_tracking": 2,
            "receipt_discrepancy": 1,
            "response_overdue": 1,
            "returning": 1,
            "stalled": 3,
            "survey_low": 1,
            "under_despatched": 5,
        },
        "tasks_received": 27,
        "duplicates": 0,
        "lost": 0,
    }


def test_a_day_whose_worker_lived_through_it_proves_nothing() -> None:
    verdict = judge(EXPECTED, replace(PLAYED, worker_was_killed=False), readings=104)
    assert verdict.wrong == ["the worker was not killed on the way"]


def test_what_is_not_there_is_lost_and_wrong() -> None:
    empty = replace(EXPECTED, orders={}, findings=frozenset(), tasks={}, dead_letters=0)
    verdict = judge(EXPECTED, replace(PLAYED, outcome=empty), readings=104)
    assert verdict.summary["lost"] == 51 + 27
    assert len(verdict.wrong) == 51 + 23 + 27 + 1
