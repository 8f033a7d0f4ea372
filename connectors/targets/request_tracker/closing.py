"""Who closed a ticket, when, what they said, who approved it; pure reading of its transactions, and of their mark.

Transactions are never changed, and their ids only grow. Two that are written at once may show up in either order, so
the mark stays behind those of the last minute; these are told again, which is of no consequence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from contracts.envelope import read_time
from contracts.errors import Retryable

UNSETTLED = timedelta(minutes=1)
SOMEBODY = "somebody"
"""Who closed a ticket whose transactions do not say, as after a change of rights."""

_SAID = {"Comment", "Correspond"}

Transaction = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Closing:
    """Who closed a ticket (empty where its own creator did, which is us), when, and in which transaction they spoke."""

    by: str
    at: datetime | None = None
    said_in: str = ""


def closing_of(transactions: Sequence[Transaction], creator: str, status: str) -> Closing:
    """Read the closing from a ticket's transactions, the newest first.

    status: the one it is in; empty where it was merged into another ticket. What the same person wrote last on it is
    taken as the reason.
    """
    closing = next((found for found in transactions if _closes(found, status)), None)
    if closing is None:
        return Closing(SOMEBODY)
    by, at = _who(closing), read_time(closing["Created"])
    if by == creator:
        return Closing("", at)
    said = (str(found["id"]) for found in transactions if found["Type"] in _SAID and _who(found) == by)
    return Closing(by, at, next(said, ""))


def approver_of(transactions: Sequence[Transaction], field: str, value: str, ours: str) -> str:
    """Read who set a custom field, given by its number, to `value` last; empty where that was us (`ours`)."""
    changes = (found for found in transactions if found["Type"] == "CustomField" and str(found["Field"]) == field)
    change = next((found for found in changes if found["NewValue"] == value), None)
    by = SOMEBODY if change is None else _who(change)
    return "" if by == ours else by


def settled(transactions: Iterable[Transaction], date: str, mark: str) -> str:
    """Give the id up to which nothing can come any more, by the server's own time; `mark` where that is no news."""
    try:
        now = parsedate_to_datetime(date)
    except ValueError as error:
        raise Retryable(f"an answer without a date: {date!r}", code="no_date") from error
    old = [int(found["id"]) for found in transactions if now - read_time(found["Created"]) > UNSETTLED]
    return str(max([int(mark), *old]))


def _closes(transaction: Transaction, status: str) -> bool:
    if not status:
        return bool(transaction["Field"] == "MergedInto")
    return bool(transaction["Type"] == "Status" and transaction["NewValue"] == status)


def _who(transaction: Transaction) -> str:
    return str(transaction["Creator"]["id"])
