"""A target in memory that does what it is told, may fail before or after it did it, and has people who close things."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count

from connectors.targets.turns import take_turn
from contracts.connector import Limit, Record, Target, TaskInContext, Writing
from contracts.errors import Rejected
from contracts.fields import OrderField, written
from contracts.settings import TargetAccount
from mappings.tickets.facts import order_facts

CLOSED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def _nothing() -> None:
    """No fault."""


@dataclass
class FakeTarget:
    """Its records by id, and every call it took. before and after: awaited around the effect of each call."""

    records: dict[str, Record] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    before: Callable[[], Awaitable[None]] = _nothing
    after: Callable[[], Awaitable[None]] = _nothing
    refuses: Callable[[Writing], bool] = lambda _: False
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def mark(self) -> str:
        return str(len(self.changes))

    def open_records(self) -> list[Record]:
        return [record for record in self.records.values() if record.is_open]

    def named(self, what: str) -> list[str]:
        """The keys of the calls of one sort, in their order."""
        return [key for name, key in self.calls if name == what]

    async def look_up(self, key: str) -> Sequence[Record]:
        await self._take("look_up", key)
        found = [record for record in self.records.values() if record.key == key]
        await self.after()
        return found

    async def read(self, record_id: str) -> Record | None:
        await self._take("read", record_id)
        record = self.records.get(record_id)
        await self.after()
        return record

    async def create(self, writing: Writing) -> Record:
        await self._take("create", writing.key, writing)
        record = Record(
            id=str(next(self.numbers)),
            is_open=True,
            version="1",
            fields=dict(writing.fields),
            key=writing.key,
            idempotency_key=writing.idempotency_key,
        )
        return await self._write(record)

    async def update(self, record: Record, writing: Writing) -> Record:
        await self._take("update", writing.key, writing)
        held = self._held(record)
        if not held.is_open:
            return held
        return await self._write(replace(held, fields=dict(writing.fields), version=str(int(held.version) + 1)))

    async def close(self, record: Record, writing: Writing) -> Record:
        await self._take("close", writing.key, writing)
        held = self._held(record)
        if not held.is_open:
            return held
        self.comments.append(writing.comment)
        return await self._write(replace(held, is_open=False, closed_at=CLOSED_AT))

    async def reopen(self, record: Record, writing: Writing) -> Record:
        await self._take("reopen", writing.key, writing)
        held = self._held(record)
        self.comments.append(writing.comment)
        opened = replace(
            held, is_open=True, closed_by="", closed_at=None, closed_reason="", fields=dict(writing.fields)
        )
        return await self._write(opened)

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        await self._take("changed_since", mark)
        for record_id in dict.fromkeys(self.changes[int(mark or 0) :]):
            yield self.records[record_id]

    def person_closes(self, record_id: str, by: str = "Li Wei", *, refused: bool = False) -> None:
        held = self.records[record_id]
        self.records[record_id] = replace(
            held, is_open=False, closed_by=by, closed_at=CLOSED_AT, closed_reason="called them", refused=refused
        )
        self.changes.append(record_id)

    def person_reopens(self, record_id: str) -> None:
        held = self.records[record_id]
        self.records[record_id] = replace(held, is_open=True, closed_by="", closed_at=None, closed_reason="")
        self.changes.append(record_id)

    def person_merges(self, record_id: str, into: str, by: str = "Li Wei") -> None:
        held = self.records[record_id]
        self.records[record_id] = replace(held, is_open=False, closed_by=by, closed_at=CLOSED_AT, merged_into=into)
        self.changes.append(record_id)

    def person_deletes(self, record_id: str) -> None:
        """Nothing tells of it."""
        del self.records[record_id]
        self.changes = [changed for changed in self.changes if changed != record_id]

    def person_gives(self, record_id: str, to: str) -> None:
        self.records[record_id] = replace(self.records[record_id], assigned_to=to)
        self.changes.append(record_id)

    async def _take(self, name: str, key: str, writing: Writing | None = None) -> None:
        await take_turn()
        self.calls.append((name, key))
        await self.before()
        if writing is not None and self.refuses(writing):
            raise Rejected("the target does not take this", code="refused")

    def _held(self, record: Record) -> Record:
        if record.id not in self.records:
            raise Rejected("no such record", code="gone")
        return self.records[record.id]

    async def _write(self, record: Record) -> Record:
        self.records[record.id] = record
        self.changes.append(record.id)
        await self.after()
        return record


def fields_of(context: TaskInContext, account: TargetAccount) -> dict[str, str]:
    text = context.task.texts[account.language]
    return {"title": text.title, "body": text.body, "due": context.task.due_at.isoformat()}


def connector(fake: FakeTarget, limit: Limit | None = None) -> Target:
    """A connector to this very target."""

    @asynccontextmanager
    async def opened(_account: TargetAccount, _secret: str | None) -> AsyncIterator[FakeTarget]:
        yield fake

    return Target(
        name="fake",
        title="Fake",
        documentation=(),
        read_on=date(2026, 11, 21),
        check=lambda _: None,
        open=opened,
        fields=fields_of,
        notice_fields=lambda context, account: {"title": context.notice.texts[account.language].title},
        status_fields=lambda context, account: written(
            order_facts(context, account.language), {"status": OrderField.STATUS}, account.status_fields
        ),
        limit=limit,
        reopens=True,
        step_fields=lambda context, _: {"what": context.entry.what, "text": context.entry.text},
    )
