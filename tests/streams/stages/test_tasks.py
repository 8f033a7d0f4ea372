"""Whom each finding calls, until when, whom it calls next, and in what words, by the default policy."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from contracts.snapshot import Kind, Role, Severity, SubjectType, Task
from contracts.tracking import TrackingStatus
from tests.streams.way import START, Way, hours, issue, order, report

PICKED_UP = (hours(2), TrackingStatus.PICKED_UP)


def late(way: Way) -> None:
    way.tell(order(), START)


def stalled(way: Way) -> None:
    way.tell(order(promised=None), START)
    way.tell(issue(), hours(1))
    way.tell(report("YT1", PICKED_UP), hours(3))


def short(way: Way) -> None:
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 8}), hours(1))


def orphan(way: Way) -> None:
    way.tell(report("YT9", PICKED_UP), hours(3))


class Expected(NamedTuple):
    """What a kind's task must be. due and escalates count in hours since the finding opened."""

    happens: Callable[[Way], None]
    since: datetime
    subject: tuple[SubjectType, str]
    severity: Severity
    role: Role
    due: float
    then: Role
    escalates: float
    titles: dict[str, str]


EXPECTED = {
    Kind.LATE: Expected(
        late,
        hours(64),
        (SubjectType.ORDER, "SO1"),
        Severity.MAJOR,
        Role.LOGISTICS,
        4,
        Role.SALES,
        24,
        {"en": "Order SO1 is late (promised 2026-03-04)", "zh-CN": "订单 SO1 已逾期（承诺日期 2026-03-04）"},
    ),
    Kind.STALLED: Expected(
        stalled,
        hours(2 + 48),
        (SubjectType.PARCEL, "YT1"),
        Severity.ORDINARY,
        Role.LOGISTICS,
        8,
        Role.SALES,
        24,
        {
            "en": "Parcel YT1 has not moved since 2026-03-02 10:00",
            "zh-CN": "包裹 YT1 自 2026-03-02 10:00 起无新轨迹",
        },
    ),
    Kind.UNDER_DESPATCHED: Expected(
        short,
        hours(0.5),
        (SubjectType.ORDER, "SO1"),
        Severity.MAJOR,
        Role.SALES,
        4,
        Role.PRODUCTION,
        24,
        {"en": "Order SO1 was despatched short by 2", "zh-CN": "订单 SO1 少发 2"},
    ),
    Kind.ORPHAN_TRACKING: Expected(
        orphan,
        hours(3 + 24),
        (SubjectType.PARCEL, "YT9"),
        Severity.ORDINARY,
        Role.LOGISTICS,
        24,
        Role.SALES,
        24,
        {"en": "Parcel YT9 belongs to no known order", "zh-CN": "包裹 YT9 无对应订单"},
    ),
}


def the_task(way: Way, kind: Kind) -> Task:
    [task] = [task for task in way.tasks() if task.kind is kind]
    return task


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_finding_calls_somebody_until_a_time_in_words_of_both_languages(kind: Kind) -> None:
    expected, way = EXPECTED[kind], Way()
    expected.happens(way)
    way.hear(expected.since - timedelta(seconds=1))
    assert [task for task in way.tasks() if task.kind is kind] == []
    way.hear(expected.since)
    task = the_task(way, kind)
    assert (task.since, task.subject_type, task.subject) == (expected.since, *expected.subject)
    assert (task.severity, task.role, task.escalates_to) == (expected.severity, expected.role, expected.then)
    assert task.due_at == expected.since + timedelta(hours=expected.due)
    assert {language: text.title for language, text in task.texts.items()} == expected.titles
    assert all(text.body for text in task.texts.values())


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_task_that_nobody_closed_goes_to_the_next_role_in_its_time(kind: Kind) -> None:
    expected, way = EXPECTED[kind], Way()
    expected.happens(way)
    escalates_at = expected.since + timedelta(hours=expected.escalates)
    way.hear(escalates_at - timedelta(seconds=1))
    assert the_task(way, kind).role is expected.role
    way.hear(escalates_at)
    assert the_task(way, kind).role is expected.then
