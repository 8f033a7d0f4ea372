"""A day is judged in words and in numbers."""

from dataclasses import replace
from datetime import UTC, datetime

from contracts.settings import TargetAccount
from desk.demo.expected import read_expected
from desk.demo.judging import Result, judge
from desk.demo.portal import Told
from desk.demo.story import read_story

EXPECTED = replace(read_expected(read_story()), steps={})
PLAYED = Result(
    outcome=EXPECTED.outcome,
    snapshots=(),
    records=(),
    registered=EXPECTED.registrations,
    told=Told({}, {}, frozenset()),
    subscriber=TargetAccount(name="portal", connector="standard-webhooks", url="http://127.0.0.1:1"),
    kept=(),
    sent=151,
    worker_was_killed=True,
    stood_still_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def test_a_day_as_it_must_be_is_right() -> None:
    verdict = judge(EXPECTED, PLAYED, readings=104)
    assert not verdict.wrong
    assert verdict.summary == {
        "orders": 55,
        "events": 255,
        "findings": {
            "carrier_exception": 2,
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
        "tasks_received": 28,
        "duplicates": 0,
        "lost": 0,
        "registrations": 44,
        "registered_again": 1,
        "steps_told": 0,
    }


def test_a_day_whose_worker_lived_through_it_proves_nothing() -> None:
    verdict = judge(EXPECTED, replace(PLAYED, worker_was_killed=False), readings=104)
    assert verdict.wrong == ["the worker was not killed on the way"]


def test_what_is_not_there_is_lost_and_wrong() -> None:
    empty = replace(EXPECTED.outcome, orders={}, findings=frozenset(), tasks={}, dead_letters=0)
    verdict = judge(EXPECTED, replace(PLAYED, outcome=empty), readings=104)
    assert verdict.summary["lost"] == 55 + 28
    assert len(verdict.wrong) == 55 + 24 + 28 + 1


def test_what_is_wrong_with_registrations_and_with_what_was_told_is_wrong_with_the_day() -> None:
    reviewed = replace(EXPECTED, steps={"SO-2642": ("ordered",)})
    wrong = judge(reviewed, replace(PLAYED, kept=("YT1#1",)), readings=104).wrong
    assert wrong == [
        "Kuaidi100 still keeps YT1#1: nobody registered the parcel",
        "the portal was told of SO-2642: ; instead of: ordered",
    ]
