"""The ledger of one target: what is there, by episode."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from streams.dispatch.entry import Entry, State
from streams.dispatch.intake import LaneKey
from streams.store.database import Database
from streams.store.outbox import Letter, put
from streams.store.tables import LEDGER, TARGETS

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

    async def by_idempotency_key(self, keys: Collection[str]) -> dict[str, Entry]:
        """Find the entries of records at the target, by the key that was written with them."""
        entries = await self._select(and_(LEDGER.c.idempotency_key.in_(keys), ~LEDGER.c.shadow))
        return {entry.idempotency_key: entry for entry in entries}

    async def save(self, entries: Sequence[Entry], letters: Sequence[Letter] = ()) -> list[Entry]:
        """Write entries, and the letters that follow from them, in one transaction; give them as they now stand.

        Raises Overtaken, having written nothing, where somebody else changed one since it was read.
        """
        async with self._database.write() as connection:
            saved = [await _save(connection, entry) for entry in entries]
            await put(connection, self._target, letters)
        return saved

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
            query = select(TARGETS.c.mark).where(TARGETS.c.target == self._target)
            return (await connection.execute(query)).scalar_one_or_none() or ""

    async def save_mark(self, mark: str) -> None:
        """Write how far people's changes were read."""
        async with self._database.write() as connection:
            done = await connection.execute(update(TARGETS).where(TARGETS.c.target == self._target).values(mark=mark))
            if not done.rowcount:
                await connection.execute(insert(TARGETS).values(target=self._target, mark=mark))

    async def _select(self, where: ColumnElement[bool]) -> list[Entry]:
        query = select(LEDGER).where(LEDGER.c.target == self._target, where)
        async with self._database.read() as connection:
            return [_entry(row) for row in await connection.execute(query)]


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


def _entry(row: Row[Any]) -> Entry:
    found = {name: getattr(row, name) for name in _COLUMNS}
    return Entry(**(found | {"state": State(cast("str", row.state))}))
