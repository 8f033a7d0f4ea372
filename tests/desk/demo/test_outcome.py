"""Two outcomes that differ are told apart in sentences that name what differs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.snapshot import Kind
from desk.demo.outcome import Outcome, TaskRecord, differences

SINCE = datetime(2026, 3, 2, 16, tzinfo=UTC)
RECORD = TaskRecord(is_open=True, role="logistics", since=SINCE)
LATE = (Kind.LATE, "SO-1")
DAY = Outcome({"SO-1": "in_transit", "SO-2": "delivered"}, frozenset({LATE}), {LATE: (RECORD,)}, 1)


def test_the_same_is_no_difference() -> None:
    assert differences(DAY, DAY) == []
    assert (DAY.records(), DAY.duplicates(), DAY.lost(DAY)) == (1, 0, 0)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (replace(DAY, orders={"SO-1": "in_transit"}), "order SO-2 should be delivered, and is not there at all"),
        (replace(DAY, orders={**DAY.orders, "SO-3": "draft"}), "order SO-3 is draft, and nobody ordered it"),
        (replace(DAY, findings=frozenset()), "nothing says late of SO-1"),
        (replace(DAY, findings=DAY.findings | {(Kind.STALLED, "P")}), "stalled is said of P, wrongly"),
        (replace(DAY, tasks={}), "the task late of SO-1 never came"),
        (replace(DAY, tasks={LATE: (RECORD, RECORD)}), "the task late of SO-1 came 2 times"),
        (
            replace(DAY, tasks={LATE: (replace(RECORD, is_open=False),)}),
            "the task late of SO-1 is closed, and should not be",
        ),
        (
            replace(DAY, tasks={LATE: (replace(RECORD, role="sales"),)}),
            "the task late of SO-1 went to sales instead of logistics",
        ),
        (
            replace(DAY, tasks={LATE: (replace(RECORD, since=SINCE + timedelta(hours=1)),)}),
            f"the task late of SO-1 holds since {SINCE + timedelta(hours=1)} instead of {SINCE}",
        ),
        (replace(DAY, dead_letters=0), "0 dead letters instead of 1"),
    ],
)
def test_each_difference_is_named(found: Outcome, says: str) -> None:
    assert differences(DAY, found) == [says]


def test_what_is_lost_and_what_is_double_is_counted() -> None:
    assert replace(DAY, tasks={}, orders={}).lost(DAY) == 3
    assert replace(DAY, tasks={LATE: (RECORD, RECORD, RECORD)}).duplicates() == 2
    closed_before = replace(DAY, tasks={LATE: (replace(RECORD, is_open=False), RECORD)})
    assert closed_before.duplicates() == 0


def test_a_since_that_is_not_certain_is_not_compared() -> None:
    uncertain = replace(DAY, tasks={LATE: (replace(RECORD, since=None),)})
    assert differences(uncertain, DAY) == []
