"""The ledger of one target: what is there, by episode."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.connector import Record
from streams.dispatch.entry import Entry, State
from streams.dispatch.holding import Holding
from streams.dispatch.intake import LaneKey
from streams.store.database import Database, despite_conflicts
from streams.store.outbox import Letter, put
from streams.store.releasing import read_holding
from streams.store.tables import LEDGER
from streams.store.targets import read_target, save_target

_NEEDING = {State.IN_FLIGHT, State.OPEN}
_COLUMNS = tuple(field.name for field in fields(Entry))


class Overtaken(Exception):
    """Somebody else changed an entry since it was read: what was to be done with it is planned anew."""


class LedgerStore:
    """The ledger of one target."""

    def __init__(self, database: Database, target: str) -> None:
        """Take the database and the target's name."""
        self._database = database
        self._target = target

    async def entries(self, key: LaneKey) -> list[Entry]:
        """Read the entries of one lane."""
        where = and_(LEDGER.c.account == key.account, LEDGER.c.scope == key.scope, LEDGER.c.subject == key.subject)
        return await self._select(where)

    async def of_lanes(self, keys: Collection[LaneKey]) -> dict[LaneKey, list[Entry]]:
        """Read the entries of some lanes, the shadow ones left out."""
        named = tuple_(LEDGER.c.account, LEDGER.c.scope, LEDGER.c.subject)
        where = named.in_([(key.account, key.scope, key.subject) for key in keys])
        found: dict[LaneKey, list[Entry]] = {}
        for entry in await self._select(and_(where, ~LEDGER.c.shadow)):
            found.setdefault(LaneKey(entry.account, entry.scope, entry.subject), []).append(entry)
        return found

    async def holding(self, above: int, *, shadow: bool) -> Holding:
        """Read what is known of policy revisions."""
        return await read_holding(self._database, self._target, above, shadow=shadow)

    async def of_records(self, records: Collection[Record]) -> dict[str, Entry]:
        """Find the entries of records at the target, by the records' ids: by the key written with them, or by the id.

        A record that was merged into another, or stripped of its fields, is known by its id alone.
        """
        keys = [record.idempotency_key for record in records]
        ids = [record.id for record in records]
        named = or_(LEDGER.c.idempotency_key.in_(keys), LEDGER.c.remote_id.in_(ids))
        entries = await self._select(and_(named, ~LEDGER.c.shadow))
        by_key = {entry.idempotency_key: entry for entry in entries}
        by_id = {entry.remote_id: entry for entry in entries}
        known = {record.id: by_key.get(record.idempotency_key) or by_id.get(record.id) for record in records}
        return {record_id: entry for record_id, entry in known.items() if entry is not None}

    async def following(self, records: Collection[str]) -> list[Entry]:
        """Find the open entries for which one of these records stands, because theirs was merged into it."""
        where = and_(LEDGER.c.merged_into.in_(records), LEDGER.c.merged_into != "", LEDGER.c.state == State.OPEN)
        return await self._select(and_(where, ~LEDGER.c.shadow)) if records else []

    async def save(self, entries: Sequence[Entry], letters: Sequence[Letter] = ()) -> list[Entry]:
        """Write entries, and the letters that follow from them, in one transaction; give them as they now stand.

        Raises Overtaken, having written nothing, where somebody else changed one since it was read.
        """
        async with self._database.write() as connection:
            saved = [await _save(connection, entry) for entry in entries]
            await put(connection, self._target, letters)
        return saved

    async def is_shared(self, entry: Entry) -> bool:
        """Tell whether another entry needs the same record at the target: a parcel that carries two orders."""
        others = await self._select(and_(LEDGER.c.remote_id == entry.remote_id, ~LEDGER.c.shadow))
        return any(one.task != entry.task and one.state in _NEEDING for one in others)

    async def count(self) -> dict[State, int]:
        """Count the entries by state, the shadow ones left out."""
        query = (
            select(LEDGER.c.state, func.count())
            .where(LEDGER.c.target == self._target, ~LEDGER.c.shadow)
            .group_by(LEDGER.c.state)
        )
        async with self._database.read() as connection:
            return {State(row[0]): row[1] for row in await connection.execute(query)}

    async def mark(self) -> str:
        """Read how far people's changes were read; empty at first."""
        async with self._database.read() as connection:
            return (await read_target(connection, self._target)).mark

    async def save_mark(self, mark: str) -> None:
        """Write how far people's changes were read."""

        async def write() -> None:
            async with self._database.write() as connection:
                known = await read_target(connection, self._target)
                await save_target(connection, self._target, replace(known, mark=mark))

        await despite_conflicts(write)

    async def claim_reconciling(self, now: datetime, every: timedelta) -> bool:
        """Tell whether the target is to be reconciled now, by whoever asks first; from its first day on."""

        async def claim() -> bool:
            async with self._database.write() as connection:
                known = await read_target(connection, self._target)
                is_due = known.reconciled_at is not None and now - known.reconciled_at >= every
                if is_due or known.reconciled_at is None:
                    await save_target(connection, self._target, replace(known, reconciled_at=now))
            return is_due

        return await despite_conflicts(claim)

    async def _select(self, where: ColumnElement[bool]) -> list[Entry]:
        query = select(LEDGER).where(LEDGER.c.target == self._target, where)
        async with self._database.read() as connection:
            return [entry_of(row) for row in await connection.execute(query)]


async def _save(connection: AsyncConnection, entry: Entry) -> Entry:
    saved = replace(entry, revision=entry.revision + 1)
    values = {name: getattr(saved, name) for name in _COLUMNS}
    values |= {"fields": dict(saved.fields), "idempotency_key": saved.idempotency_key}
    if entry.revision == 0:
        try:
            await connection.execute(insert(LEDGER).values(values))
        except IntegrityError as error:
            raise Overtaken(entry.task) from error
        return saved
    same = and_(
        LEDGER.c.target == entry.target,
        LEDGER.c.task == entry.task,
        LEDGER.c.shadow == entry.shadow,
        LEDGER.c.episode == entry.episode,
        LEDGER.c.revision == entry.revision,
    )
    done = await connection.execute(update(LEDGER).where(same).values(values))
    if not done.rowcount:
        raise Overtaken(entry.task)
    return saved


def entry_of(row: Row[Any]) -> Entry:
    """Read an entry from its row."""
    found = {name: getattr(row, name) for name in _COLUMNS}
    return Entry(**(found | {"state": State(cast("str", row.state))}))
