"""What a reading looks like, and when two of them have the same content."""

import json
from datetime import UTC, datetime, timedelta

from connectors.pollers.payload import reading, withdrawal
from contracts.connector import Document

DOCUMENT = Document("order", "SO1", "17")
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
RECORD = {"id": 17, "write_date": 1, "lines": [{"id": 3, "quantity": 10.0, "write_date": 1}]}


def touched(record: dict[str, object], **changes: object) -> dict[str, object]:
    return {**record, **changes}


def test_it_says_what_was_read_and_when() -> None:
    body = json.loads(reading(DOCUMENT, RECORD, AT, is_open=True).body)
    assert body == {
        "kind": "order",
        "document": "SO1",
        "read_at": "2026-03-02T08:00:00.000000Z",
        "withdrawn": False,
        "record": RECORD,
    }


def test_what_was_read_on_purpose_says_so_and_is_the_same_content() -> None:
    ordinary = reading(DOCUMENT, RECORD, AT, is_open=True)
    afresh = reading(DOCUMENT, RECORD, AT, is_open=True, afresh=True)
    assert json.loads(afresh.body) == json.loads(ordinary.body) | {"afresh": True}
    assert afresh.digest == ordinary.digest


def test_that_a_record_was_touched_is_no_new_content() -> None:
    first = reading(DOCUMENT, RECORD, AT, is_open=True)
    second = reading(DOCUMENT, touched(RECORD, write_date=2), AT + timedelta(minutes=1), is_open=True)
    assert first.digest == second.digest
    assert first.body != second.body


def test_a_child_s_change_is_new_content() -> None:
    changed = touched(RECORD, lines=[{"id": 3, "quantity": 8.0, "write_date": 2}])
    assert reading(DOCUMENT, RECORD, AT, is_open=True).digest != reading(DOCUMENT, changed, AT, is_open=True).digest


def test_the_order_of_fields_is_no_content() -> None:
    turned = dict(reversed(list(RECORD.items())))
    assert reading(DOCUMENT, RECORD, AT, is_open=True).digest == reading(DOCUMENT, turned, AT, is_open=True).digest


def test_a_withdrawal_has_no_record() -> None:
    found = withdrawal(DOCUMENT, AT)
    assert (found.withdrawn, found.is_open) == (True, False)
    assert json.loads(found.body)["withdrawn"] is True
    assert json.loads(found.body)["record"] is None
