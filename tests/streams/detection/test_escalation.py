"""Who has a task, until when, and who gets it next while it stays open."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.policy import KindPolicy, Policy, Step
from contracts.snapshot import Kind, Role
from streams.detection.escalation import Call, call

SINCE = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
LADDER = KindPolicy(
    role=Role.LOGISTICS,
    due=timedelta(hours=2),
    escalation=(
        Step(after=timedelta(hours=4), role=Role.SALES),
        Step(after=timedelta(hours=24), role=Role.PRODUCTION),
        Step(after=timedelta(hours=48), role=Role.OPERATIONS),
    ),
)


def at(hours: float) -> datetime:
    return SINCE + timedelta(hours=hours)


def called(settings: KindPolicy, now: datetime) -> Call:
    return call(Policy(late=settings), Kind.LATE, SINCE, now)


@pytest.mark.parametrize(
    ("now", "has", "then", "then_at"),
    [
        (0, Role.LOGISTICS, Role.SALES, 4),
        (3.999, Role.LOGISTICS, Role.SALES, 4),
        (4, Role.SALES, Role.PRODUCTION, 24),
        (24, Role.PRODUCTION, Role.OPERATIONS, 48),
        (47.999, Role.PRODUCTION, Role.OPERATIONS, 48),
    ],
)
def test_a_task_climbs_its_ladder_a_step_at_a_time(now: float, has: Role, then: Role, then_at: float) -> None:
    assert called(LADDER, at(now)) == Call(has, at(2), then, at(then_at))


def test_at_the_top_of_its_ladder_a_task_stays() -> None:
    assert called(LADDER, at(48)) == called(LADDER, at(4800)) == Call(Role.OPERATIONS, at(2))


def test_a_task_without_a_ladder_stays_where_it_is() -> None:
    assert called(KindPolicy(escalation=()), at(4800)) == Call(Role.LOGISTICS, at(4))
