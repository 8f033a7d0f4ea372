"""Writing to ServiceNow, and reading what people did there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

from connectors.targets.servicenow.api import PAGE, Row, TableApi
from connectors.targets.servicenow.records import Records, gone
from contracts.connector import Record, Writing
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets import servicenow as mapping

UNSETTLED = timedelta(minutes=1)
"""A write that began earlier may end later, and its time is that of its beginning: so far behind a mark stays."""


class ServiceNowSession:
    """One account's records."""

    def __init__(self, api: TableApi, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._api = api
        self._options = mapping.options_of(account)
        self._records = Records(api, self._options, mapping.owned(account))
        self._mark = ""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's record of a task, the oldest first.

        Raises Retryable (`misconfigured`) where the table lacks a column of ours, or our user may not read it.
        """
        query = f"{mapping.PLACE}={mapping.place(key)}^ORDERBYnumber"
        rows = await self._api.find(self._options.table, query, self._records.columns)
        for row in rows:
            if row.get(mapping.PLACE) != mapping.place(key):
                raise self._misconfigured(mapping.PLACE)
            if not row.get(self._options.key_column):
                raise self._misconfigured(self._options.key_column)
        found = [await self._records.whole(row) for row in rows]
        return [record for record in found if record.key == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a record; None where there is none."""
        return await self._records.read(record_id)

    async def create(self, writing: Writing) -> Record:
        """Create a record; raises Rejected (`not_kept`) where it lacks what was written."""
        group = {"assignment_group": self._options.assignment_group} if self._options.assignment_group else {}
        values = {**writing.fields, **group, **self._keys(writing)}
        row = await self._api.create(self._options.table, values, self._records.columns)
        for name in self._keys(writing):
            if not row.get(name):
                raise self._misconfigured(name)
        return self._kept(row, {**writing.fields, **self._keys(writing)})

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our columns. There is no conditional write, so what people closed is looked for just before.

        Raises:
            Rejected: the record is gone (`gone`) or did not keep what was written (`not_kept`).
        """
        current = await self._records.existing(record.id)
        if not current.is_open:
            return current
        said = {"work_notes": writing.comment} if writing.comment else {}
        return self._kept(await self._change(record.id, {**writing.fields, **said}), writing.fields)

    async def close(self, record: Record, writing: Writing) -> Record:
        """Set the state, the resolution code and the reason in one call; one that is closed is left as it is.

        Raises:
            Rejected: the record is gone (`gone`), or its table does not take the state (`not_kept`, `refused`).
        """
        current = await self._records.existing(record.id)
        if not current.is_open:
            return current
        closing = {"state": self._options.closed, "close_notes": writing.comment}
        code = {"close_code": self._options.close_code} if self._options.close_code else {}
        closed = self._records.record(await self._change(record.id, {**closing, **code}))
        if closed.is_open:
            raise Rejected(f"record {record.id} is still open after it was closed", code="not_kept")
        return closed

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Open a closed record, say why, and write our columns, in one call."""
        current = await self._records.existing(record.id)
        if current.is_open:
            return await self.update(record, writing)
        values = {**writing.fields, "state": self._options.open_state, "work_notes": writing.comment}
        opened = self._kept(await self._change(record.id, values), writing.fields)
        if not opened.is_open:
            raise Rejected(f"record {record.id} is still closed after it was opened", code="not_kept")
        return opened

    @property
    def mark(self) -> str:
        """A time of the Table API, a minute before the newest change that was told."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our records that changed since `mark`; all at an empty one.

        They are read from the newest back until the mark: a time in a query would be taken in the time zone of our
        user, and what changes while pages are read moves to the front, where the next reading begins.
        """
        since = mapping.read_moment(mark) if mark else None
        query = f"{mapping.PLACE}STARTSWITH{mapping.PREFIX}^ORDERBYDESCsys_updated_on^ORDERBYDESCnumber"
        newest, offset = mark, 0
        while True:
            rows = await self._api.find(self._options.table, query, self._records.columns, offset=offset)
            for row in rows:
                at = mapping.read_moment(row.get("sys_updated_on", ""))
                newest = max(newest, mapping.shown_moment(at - UNSETTLED))
                if since is not None and at < since:
                    rows = []
                    break
                if row.get(self._options.key_column):
                    yield self._records.record(row)
            if len(rows) < PAGE:
                break
            offset += PAGE
        self._mark = newest

    async def _change(self, number: str, values: Mapping[str, str]) -> Row:
        row = await self._api.change(self._options.table, number, values, self._records.columns)
        if row is None:
            raise gone(number)
        return row

    def _kept(self, row: Row, written: Mapping[str, str]) -> Record:
        """Take what a write was answered with; raises Rejected where a column did not take what was written.

        A column that our user may not write is left out without a word, and so is one that is not there.
        """
        record = self._records.record(row)
        lost = sorted(name for name, value in written.items() if row.get(name, "") != value)
        if lost and record.is_open:
            reason = (
                f"record {record.id} did not keep {', '.join(lost)}: is the column there, and may our user write it?"
            )
            raise Rejected(reason, code="not_kept")
        return record

    def _keys(self, writing: Writing) -> dict[str, str]:
        return {
            mapping.PLACE: mapping.place(writing.key),
            mapping.EPISODE: writing.idempotency_key,
            self._options.key_column: writing.key,
        }

    def _misconfigured(self, column: str) -> Retryable:
        told = f"the table {self._options.table!r} lacks the column {column!r}, or our user may not read and write it"
        return Retryable(told, code="misconfigured")
