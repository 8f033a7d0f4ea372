"""Who closed an issue, when, what they said, who approved it: pure reading of its journals, the oldest first.

Each change is a journal that says by whom, with what was changed in it and a note, if any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.envelope import read_time

SOMEBODY = "somebody"
"""Who closed an issue whose journals do not say, as one that was created closed."""
REASON_LIMIT = 500

Journal = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Closing:
    """Who closed an issue (empty where we did), when, with what words, and into which status."""

    by: str
    at: datetime | None = None
    reason: str = ""
    status: int | None = None


def closing_of(journals: Sequence[Journal], closed: frozenset[int], ours: int) -> Closing:
    """Read the closing from the journals. closed: the statuses that close; ours: our user's number.

    Where people and we closed an issue in the same instant, it is theirs: they had a reason of their own. Where they
    said nothing with it, what they wrote last is taken as the reason.
    """
    since = _since_last_open(journals, closed)
    if not since:
        return Closing(SOMEBODY)
    theirs = [journal for journal in since if _user(journal)[0] != ours]
    closing = (theirs or since)[-1]
    number, name = _user(closing)
    said = [str(journal.get("notes") or "") for journal in journals if _user(journal)[0] == number]
    reason = closing.get("notes") or next((text for text in reversed(said) if text), "")
    return Closing(
        name if theirs else "",
        read_time(str(closing["created_on"])),
        " ".join(reason.split())[:REASON_LIMIT] if theirs else "",
        _status(closing),
    )


def approver_of(journals: Sequence[Journal], field: int, value: str, ours: int) -> str:
    """Read who set a custom field, given by its number, to `value` last; empty where that was us."""
    for journal in reversed(journals):
        for detail in journal["details"]:
            if (detail["property"], detail["name"], detail["new_value"]) == ("cf", str(field), value):
                number, name = _user(journal)
                return "" if number == ours else name
    return SOMEBODY


def _since_last_open(journals: Sequence[Journal], closed: frozenset[int]) -> list[Journal]:
    """The journals that set a status since the issue was open last."""
    changes = [journal for journal in journals if _status(journal) is not None]
    opened = [position for position, journal in enumerate(changes) if _status(journal) not in closed]
    return changes[max(opened, default=-1) + 1 :]


def _status(journal: Journal) -> int | None:
    for detail in journal["details"]:
        if (detail["property"], detail["name"]) == ("attr", "status_id"):
            return int(detail["new_value"])
    return None


def _user(journal: Journal) -> tuple[int, str]:
    """The user of a journal, by number and name; one who was deleted is nobody."""
    user = journal.get("user") or {}
    return int(user.get("id", 0)), str(user.get("name") or SOMEBODY)
