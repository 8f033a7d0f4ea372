"""The keys of records at targets, beside those of tasks and notices (`contracts.snapshot`), and which key is whose."""

from enum import StrEnum

from contracts.identity import Scope, digest, key, parts
from contracts.snapshot import TimelineEntry


class RecordSort(StrEnum):
    """What a record at a target is.

    task: open as long as its cause holds. notice: a message to a customer, sent once. status: what stands beside an
    order, one record each, kept right and never closed by us. step: one thing that happened, sent once. subscription: a
    parcel's registration at a tracker.
    """

    TASK = "task"
    NOTICE = "notice"
    STATUS = "status"
    STEP = "step"
    SUBSCRIPTION = "subscription"


_SORTS = {str(sort): sort for sort in RecordSort if sort is not RecordSort.TASK}
_SORT_AT = 3


def status_key(account: str, scope: Scope, subject: str) -> str:
    """The key of an order's status: account, scope and order."""
    return key(account, scope, subject, RecordSort.STATUS, "delivery").decode()


def step_key(account: str, scope: Scope, subject: str, entry: TimelineEntry) -> str:
    """The key of a step: account, scope, order, and what is told of it, wherever it stands in the timeline."""
    return key(account, scope, subject, RecordSort.STEP, step_id(entry)).decode()


def step_id(entry: TimelineEntry) -> str:
    """Name a step by what is told of it."""
    return digest(entry.encode())


def sort_of(record_key: str) -> RecordSort:
    """Say what the record of a key is; what is nothing else is a task."""
    found = parts(record_key.encode()) if record_key.startswith("[") else ()
    return _SORTS.get(found[_SORT_AT], RecordSort.TASK) if len(found) > _SORT_AT else RecordSort.TASK
