"""Who closed an issue, and who approved it: without a Redmine."""

from datetime import UTC, datetime
from typing import Any

from connectors.targets.redmine.closing import SOMEBODY, Closing, approver_of, closing_of

NEW, CLOSED, REJECTED = 1, 5, 6
CLOSES = frozenset({CLOSED, REJECTED})
OURS, MEI, BOSS = (6, "Quay Side"), (5, "Mei Lin"), (7, "Bo Wang")


def journal(
    user: tuple[int, str] | None,
    old: int | None = None,
    new: int | None = None,
    notes: str = "",
    at: str = "11:00:00",
    approval: str | None = None,
) -> dict[str, Any]:
    details: list[dict[str, str | None]] = []
    if new is not None:
        details.append({"property": "attr", "name": "status_id", "old_value": str(old), "new_value": str(new)})
    if approval is not None:
        details.append({"property": "cf", "name": "10", "old_value": None, "new_value": approval})
    shown = {"user": {"id": user[0], "name": user[1]}} if user else {}
    return {**shown, "notes": notes, "created_on": f"2026-11-21T{at}Z", "details": details}


def test_the_last_change_of_status_closed_it_and_its_note_is_the_reason() -> None:
    journals = [
        journal(BOSS, NEW, CLOSED, "done"),
        journal(BOSS, CLOSED, NEW, "not at all"),
        journal(MEI, NEW, REJECTED, "a  duplicate\r\nof another", "11:30:00"),
        journal(BOSS, notes="thanks"),
    ]
    at = datetime(2026, 11, 21, 11, 30, tzinfo=UTC)
    assert closing_of(journals, CLOSES, OURS[0]) == Closing("Mei Lin", at, "a duplicate of another", REJECTED)


def test_without_a_note_what_the_same_person_wrote_last_is_the_reason() -> None:
    journals = [journal(MEI, notes="old"), journal(MEI, notes="called them"), journal(MEI, NEW, CLOSED), journal(BOSS)]
    assert closing_of(journals, CLOSES, OURS[0]).reason == "called them"


def test_what_we_closed_nobody_else_closed() -> None:
    journals = [journal(MEI, notes="on it"), journal(OURS, NEW, CLOSED, "It arrived")]
    closing = closing_of(journals, CLOSES, OURS[0])
    assert (closing.by, closing.reason, closing.status) == ("", "", CLOSED)


def test_where_a_person_and_we_closed_it_at_once_it_is_the_person_s() -> None:
    """The answer to our own read told it open; theirs came in between, and our write went over it."""
    journals = [journal(MEI, NEW, REJECTED, "not ours"), journal(OURS, REJECTED, CLOSED, "It arrived")]
    closing = closing_of(journals, CLOSES, OURS[0])
    assert (closing.by, closing.reason, closing.status) == ("Mei Lin", "not ours", REJECTED)


def test_an_issue_whose_journals_do_not_say_was_closed_by_somebody() -> None:
    assert closing_of([journal(BOSS, notes="hm")], CLOSES, OURS[0]) == Closing(SOMEBODY)
    assert closing_of([journal(None, NEW, CLOSED)], CLOSES, OURS[0]).by == SOMEBODY


def test_whoever_approved_last_is_told_and_our_own_value_is_no_approval() -> None:
    journals = [journal(BOSS, approval="approved"), journal(MEI, approval=""), journal(MEI, approval="approved")]
    assert approver_of(journals, 10, "approved", OURS[0]) == "Mei Lin"
    assert approver_of([journal(OURS, approval="approved")], 10, "approved", OURS[0]) == ""
    assert approver_of(journals, 11, "approved", OURS[0]) == SOMEBODY
