"""Writing complaints to Tryton, and reading what people decided there."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from connectors.targets.tryton_complaint.complaints import (
    CANCELLED,
    COMPLAINT,
    DRAFT,
    FIELDS,
    NOTE,
    NOTE_FIELDS,
    as_record,
    says,
    written_at,
)
from connectors.targets.tryton_complaint.place import Place, about, find_place
from connectors.targets.tryton_complaint.rest import Json, Rest
from contracts.connector import Record, Writing
from contracts.envelope import read_time, write_time
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets import tryton_complaint as mapping

UNSETTLED = timedelta(minutes=5)
"""A write is dated at its transaction's beginning and seen at its end, so what came before the mark is told again."""


class TrytonComplaintSession:
    """One account's complaints. Nothing is asked before the first call."""

    def __init__(self, rest: Rest, account: TargetAccount) -> None:
        """Take the interface and the account."""
        self._rest = rest
        self._options = mapping.options_of(account)
        self._known: Place | None = None
        self._mark = ""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's complaint of a task, the oldest first."""
        rows = [row async for row in self._ours(["reference", "like", mapping.beginning(key)])]
        return [await self._record(row) for row in rows if mapping.keys_of(row["reference"])[0] == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a complaint, with whoever closed it; None where there is none."""
        row = await self._row(record_id)
        return None if row is None else await self._record(row)

    async def create(self, writing: Writing) -> Record:
        """Create a complaint about the task's sale and read it back; it is a draft, which people submit.

        Raises Rejected (`no_sale`) where there is nobody to complain about.
        """
        place = await self._place()
        values = {
            **await about(self._rest, place, self._options, mapping.order_of(writing.key)),
            "company": place.company,
            "type": place.type,
            "reference": mapping.reference(writing.key, writing.idempotency_key),
            **writing.fields,
        }
        return await self._kept(str(await self._rest.create(COMPLAINT, values)), writing)

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our text, and read it back; where people submitted the complaint, it is told in a note instead.

        Raises Rejected: the complaint is gone (`gone`) or did not keep what was written (`not_kept`).
        """
        current = await self._existing(record.id)
        if current["state"] == DRAFT:
            current = await self._described(current, writing)
        if not (found := await self._record(current)).is_open:
            return found
        if current["state"] != DRAFT and found.fields != dict(writing.fields):
            await self._say(record.id, writing.fields[mapping.DESCRIPTION])
        await self._say(record.id, writing.comment)
        return await self._kept(record.id, writing)

    async def close(self, record: Record, writing: Writing) -> Record:
        """Say the reason and cancel the complaint, and read back.

        Raises Rejected: the complaint is gone (`gone`) or could not be cancelled (`not_kept`).
        """
        current = await self._record(await self._existing(record.id))
        if not current.is_open:
            return current
        await self._say(record.id, writing.comment)
        try:
            is_there = await self._rest.press(COMPLAINT, record.id, "cancel")
        except Rejected:
            if (decided := await self._record(await self._existing(record.id))).is_open:
                raise
            return decided
        if not is_there:
            raise _gone(record.id)
        closed = await self._existing(record.id)
        if closed["state"] != CANCELLED:
            raise Rejected(f"complaint {record.id} was not cancelled: it is {closed['state']}", code="not_kept")
        return await self._record(closed)

    @property
    def mark(self) -> str:
        """The newest write that was seen, by the server's clock."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our complaints that were written since `mark`; all of them at an empty one."""
        ours: list[object] = [["reference", "like", mapping.beginning()]]
        if mark:
            since = _timestamp(read_time(mark) - UNSETTLED)
            ours.append(["OR", ["write_date", ">=", since], ["create_date", ">=", since]])
        newest = mark
        async for row in self._ours(*ours):
            if mapping.keys_of(row["reference"])[0]:
                newest = max(newest, write_time(written_at(row)).decode())
                yield as_record(row, None)
        self._mark = newest

    async def _place(self) -> Place:
        if self._known is None:
            self._known = await find_place(self._rest, self._options)
            self._rest.context = {"company": self._known.company}
        return self._known

    async def _ours(self, *domain: object) -> AsyncIterator[Json]:
        place = await self._place()
        async for row in self._rest.all(COMPLAINT, [["company", "=", place.company], *domain], FIELDS):
            yield _whole(row)

    async def _row(self, number: str) -> Json | None:
        await self._place()
        if not (number.isascii() and number.isdecimal()):
            return None
        rows = await self._rest.search(COMPLAINT, [["id", "=", int(number)]], FIELDS, 1)
        return _whole(rows[0]) if rows else None

    async def _existing(self, number: str) -> Json:
        row = await self._row(number)
        if row is None:
            raise _gone(number)
        return row

    async def _record(self, row: Json) -> Record:
        return as_record(row, await self._notes(row["id"]))

    async def _notes(self, number: int) -> list[Json]:
        on_it = [["resource", "=", f"{COMPLAINT},{number}"]]
        return [note async for note in self._rest.all(NOTE, on_it, NOTE_FIELDS)]

    async def _described(self, draft: Json, writing: Writing) -> Json:
        """Write the description of a draft, and read it again: people may have submitted it at this moment."""
        number = str(draft["id"])
        try:
            is_there = await self._rest.write(COMPLAINT, number, dict(writing.fields))
        except Rejected:
            if (submitted := await self._existing(number))["state"] == DRAFT:
                raise
            return submitted
        if not is_there:
            raise _gone(number)
        return await self._existing(number)

    async def _say(self, number: str, message: str) -> None:
        """Leave a note, once: after a crash the same is said again, and is there."""
        if message and not says(await self._notes(int(number)), message):
            await self._rest.create(NOTE, {"resource": f"{COMPLAINT},{number}", "message": message})

    async def _kept(self, number: str, writing: Writing) -> Record:
        found = await self._record(await self._existing(number))
        if found.is_open and found.fields != dict(writing.fields):
            raise Rejected(f"complaint {number} did not keep its description", code="not_kept")
        return found


def _gone(number: str) -> Rejected:
    return Rejected(f"complaint {number} no longer exists", code="gone")


def _whole(row: Json) -> Json:
    """Raise Retryable where a field is hidden: Tryton leaves out, without a word, what our user may not read."""
    hidden = sorted({name.partition(".")[0] for name in FIELDS} - set(row))
    if hidden:
        raise Retryable(f"Tryton hides {', '.join(hidden)} of {COMPLAINT}: our user may not read it", code="forbidden")
    return row


def _timestamp(instant: datetime) -> dict[str, object]:
    at = instant.astimezone(UTC)
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime"} | {part: getattr(at, part) for part in parts}
