"""Which record a key is whose."""

from datetime import UTC, datetime

import pytest

from contracts.record_keys import RecordSort, sort_of, status_key, step_key
from contracts.snapshot import (
    Kind,
    Notice,
    Role,
    Severity,
    SubjectType,
    Task,
    TimelineEntry,
    notice_key,
    task_key,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)
PLACE = ("erp", "order", "status")
TASK = Task(
    kind=Kind.LATE,
    subject_type=SubjectType.ORDER,
    subject="notice",
    since=AT,
    severity=Severity.MAJOR,
    role=Role.SALES,
    due_at=AT,
    texts={},
)


@pytest.mark.parametrize(
    ("key", "sort"),
    [
        (task_key("erp", "order", "step", TASK), RecordSort.TASK),
        (notice_key("erp", "order", "status", Notice(key="step", audience="C", since=AT, texts={})), RecordSort.NOTICE),
        (status_key("erp", "order", "notice"), RecordSort.STATUS),
        (step_key("erp", "order", "notice", TimelineEntry(at=AT, what="status")), RecordSort.STEP),
        ("late", RecordSort.TASK),
    ],
)
def test_a_key_says_what_its_record_is_whatever_its_order_is_called(key: str, sort: RecordSort) -> None:
    assert sort_of(key) is sort
