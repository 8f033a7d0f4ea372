"""Who closed a ticket, and how far its transactions were read: without a Request Tracker."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.targets.request_tracker.closing import SOMEBODY, Closing, approver_of, closing_of, settled
from contracts.errors import Retryable

DATE = "Sat, 21 Nov 2026 12:00:00 GMT"


def transaction(
    number: int, what: str, who: str, new: str = "", at: str = "11:00:00", field: str = ""
) -> dict[str, Any]:
    return {
        "id": str(number),
        "Type": what,
        "Field": field,
        "NewValue": new,
        "Creator": {"id": who},
        "Created": f"2026-11-21T{at}Z",
    }


def test_the_last_change_to_its_status_closed_it_and_its_author_said_why() -> None:
    newest_first = [
        transaction(9, "Comment", "boss"),
        transaction(8, "Status", "mei", "resolved", "11:30:00"),
        transaction(7, "Comment", "boss"),
        transaction(6, "Correspond", "mei"),
        transaction(5, "Comment", "mei"),
        transaction(4, "Status", "boss", "resolved"),
    ]
    at = datetime(2026, 11, 21, 11, 30, tzinfo=UTC)
    assert closing_of(newest_first, "quayside", "resolved") == Closing("mei", at, "6")


def test_what_we_closed_nobody_else_closed() -> None:
    closing = closing_of([transaction(4, "Status", "quayside", "resolved")], "quayside", "resolved")
    assert closing.by == ""


def test_a_merge_closes_too() -> None:
    merge = transaction(4, "AddLink", "mei", "fsck.com-rt://x/ticket/2", field="MergedInto")
    assert closing_of([merge], "quayside", "").by == "mei"


def test_a_closing_that_may_not_be_seen_is_somebodys() -> None:
    """Never ours: what we have not closed must come back as feedback."""
    assert closing_of([transaction(4, "Status", "quayside", "open")], "quayside", "resolved").by == SOMEBODY


def test_who_last_set_the_field_approved_it() -> None:
    newest_first = [
        transaction(9, "CustomField", "mei", "approved", field="4"),
        transaction(8, "CustomField", "chen", "approved", field="11"),
        transaction(7, "CustomField", "chen", "", field="11"),
        transaction(6, "CustomField", "boss", "approved", field="11"),
    ]
    assert approver_of(newest_first, "11", "approved", "quayside") == "chen"


def test_what_we_set_nobody_approved() -> None:
    ours = [transaction(8, "CustomField", "quayside", "approved", field="11")]
    assert approver_of(ours, "11", "approved", "quayside") == ""


def test_an_approval_whose_transaction_may_not_be_seen_is_somebodys() -> None:
    assert approver_of([], "11", "approved", "quayside") == SOMEBODY


def test_the_mark_stays_behind_the_last_minute() -> None:
    found = [transaction(5, "Status", "a", at="11:58:00"), transaction(7, "Status", "a", at="11:59:30")]
    assert settled(found, DATE, "3") == "5"


def test_the_mark_never_falls() -> None:
    assert settled([transaction(5, "Status", "a")], DATE, "9") == "9"
    assert settled([], DATE, "9") == "9"


def test_an_answer_without_a_date_moves_no_mark() -> None:
    with pytest.raises(Retryable, match="without a date"):
        settled([], "", "3")
