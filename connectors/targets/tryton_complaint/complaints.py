"""Complaints as records; pure.

    draft                  open; its description can be written
    waiting                open: people submitted it for a decision, and its description is fixed
    approved, done         closed by whoever approved; what was agreed is done by Tryton itself
    rejected               closed by whoever rejected: refused
    cancelled              closed by us, or by a person: refused

Who decided Tryton keeps as an employee where the user is one (`approved_by`, …), else it is whoever wrote last. Notes
(`ir.note`) are what was said; the newest of whoever decided is the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from contracts.connector import Record
from contracts.envelope import write_time
from mappings.tickets import tryton_complaint as mapping

COMPLAINT, NOTE = "sale.complaint", "ir.note"
DECIDED_BY: Mapping[str, str] = {
    "approved": "approved_by",
    "done": "approved_by",
    "rejected": "rejected_by",
    "cancelled": "cancelled_by",
}
"""The closed states, and the field that says who decided."""
DRAFT, CANCELLED = "draft", "cancelled"
_APPROVED = {"approved", "done"}
FIELDS = (
    "reference",
    "description",
    "state",
    "create_date",
    "write_date",
    *(f"{stamp}.{name}" for stamp in ("create_uid", "write_uid") for name in ("login", "name")),
    *(f"{field}.party.name" for field in sorted(set(DECIDED_BY.values()))),
)
NOTE_FIELDS = ("message", "create_date", "create_uid.login")
REASON_LIMIT = 500
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")

Row = Mapping[str, Any]


def as_record(complaint: Row, notes: Sequence[Row] | None) -> Record:
    """Read a complaint. notes: on it, the oldest first; without them it is not told who closed it, and when and why."""
    state, ours = str(complaint["state"]), complaint["create_uid"]["id"]
    key, idempotency_key = mapping.keys_of(complaint["reference"] or "")
    record = Record(
        id=str(complaint["id"]),
        is_open=state not in DECIDED_BY,
        version=write_time(written_at(complaint)).decode(),
        fields={mapping.DESCRIPTION: _text(complaint, notes or (), ours)},
        key=key,
        idempotency_key=idempotency_key,
        refused=state == "rejected" or (state == CANCELLED and bool(_closer(complaint))),
    )
    return record if record.is_open or notes is None else _with_closing(record, complaint, notes)


def written_at(complaint: Row) -> datetime:
    """When it was last written; `write_date` is empty until the first write after its creation. In UTC."""
    stamp = complaint["write_date"] or complaint["create_date"]
    return datetime(*(stamp[part] for part in _PARTS), tzinfo=UTC)  # type: ignore[misc]


def says(notes: Sequence[Row], message: str) -> bool:
    """Whether the newest note of this sort, a description or a word beside it, says so already."""
    sort = mapping.is_text(message)
    newest = next((note["message"] for note in reversed(notes) if mapping.is_text(note["message"]) is sort), "")
    return bool(newest == message)


def _text(complaint: Row, notes: Sequence[Row], ours: int) -> str:
    """Our text as it stands there now: the description, or the newest note of ours that had to take its place."""
    texts = [note["message"] for note in notes if note["create_uid"]["id"] == ours and mapping.is_text(note["message"])]
    is_fixed = complaint["state"] != DRAFT
    return str(texts[-1] if texts and is_fixed else complaint["description"] or "")


def _with_closing(record: Record, complaint: Row, notes: Sequence[Row]) -> Record:
    closer = _closer(complaint)
    if not closer:
        return replace(record, closed_at=written_at(complaint))
    ours = complaint["create_uid"]["id"]
    said = [note["message"] for note in notes if note["create_uid"]["id"] != ours]
    return replace(
        record,
        closed_by=closer,
        closed_at=written_at(complaint),
        closed_reason=" ".join((said[-1] if said else "").split())[:REASON_LIMIT],
        approved_by=closer if complaint["state"] in _APPROVED else "",
    )


def _closer(complaint: Row) -> str:
    """Who decided; empty where it was cancelled by our user, who created it."""
    employee = complaint[DECIDED_BY[complaint["state"]]]
    if employee is not None:
        return str(employee["party"]["name"])
    user = complaint["write_uid"] or complaint["create_uid"]
    is_ours = user["id"] == complaint["create_uid"]["id"]
    return "" if is_ours else str(user["name"] or user["login"])
