"""A calendar that changes later changes every deadline that has not fired: through the engine, by a new revision."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.policy import Policy
from contracts.snapshot import Role, Task
from streams.stages import deliver
from tests.streams.way import ERP, START, Way, order

LATE_SINCE = datetime(2026, 3, 4, 16, tzinfo=UTC)
"""Thursday, 5 March, midnight in Shanghai: the promised Wednesday is over."""
THURSDAY_NOON = datetime(2026, 3, 5, 4, tzinfo=UTC)


def at(day: int, hour: int) -> datetime:
    """An hour of a day of March in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


def policy(revision: int = 1, **days: list[str]) -> Policy:
    works = {"country": "", "zone": "Asia/Shanghai", "hours": ["09:00-18:00"], **days}
    return Policy.model_validate(
        {
            "pollers": [ERP],
            "revision": revision,
            "calendar": "works",
            "calendars": {"works": works},
            "late": {"counts": "working_hours", "due": "PT12H"},
        }
    )


@pytest.fixture
def way() -> Way:
    """An order that is late since the beginning of Thursday, at noon."""
    late = Way(policy())
    late.tell(order(), START)
    late.hear(THURSDAY_NOON)
    return late


def the_task(way: Way) -> Task:
    [task] = way.tasks()
    return task


def test_before_the_change_days_count_as_the_calendar_says(way: Way) -> None:
    task = the_task(way)
    assert (task.since, task.due_at, task.escalates_at) == (LATE_SINCE, at(6, 12), at(9, 15))
    assert way.replay.next_deadline() == at(9, 15)


@pytest.mark.parametrize(
    ("days", "due_at", "escalates_at"),
    [
        ({"extra_holidays": ["2026-03-06"]}, at(9, 12), at(10, 15)),
        ({"extra_working_days": ["2026-03-07"]}, at(6, 12), at(7, 15)),
        ({"extra_holidays": ["2026-03-05", "2026-03-06", "2026-03-09"]}, at(11, 12), at(12, 15)),
    ],
)
def test_a_new_revision_moves_what_is_due_and_what_is_armed(
    way: Way, days: dict[str, list[str]], due_at: datetime, escalates_at: datetime
) -> None:
    way.replay.restart(deliver.STAGE, policy(2, **days))
    task = the_task(way)
    assert (task.since, task.due_at, task.escalates_at) == (LATE_SINCE, due_at, escalates_at)
    assert way.replay.next_deadline() == escalates_at
    way.hear(escalates_at - timedelta(seconds=1))
    assert the_task(way).role is Role.LOGISTICS
    way.hear(escalates_at)
    assert the_task(way).role is Role.SALES


def test_what_has_passed_by_the_new_calendar_takes_effect_at_once(way: Way) -> None:
    """Hours from midnight on: by noon on Thursday twelve have passed, and a step of eleven with them."""
    changed = policy(2).model_dump(mode="json")
    changed["calendars"]["works"]["hours"] = ["00:00-24:00"]
    changed["late"]["escalation"] = [{"after": "PT11H", "role": "production"}]
    way.replay.restart(deliver.STAGE, Policy.model_validate(changed))
    task = the_task(way)
    assert (task.role, task.due_at, task.escalates_at) == (Role.PRODUCTION, THURSDAY_NOON, None)


def test_without_a_new_revision_nothing_that_is_open_changes(way: Way) -> None:
    before = the_task(way)
    way.replay.restart(deliver.STAGE, policy(1, extra_holidays=["2026-03-06"]))
    assert the_task(way) == before
