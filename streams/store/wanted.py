"""The newest wanted state of each lane of one target, and how far its snapshots were read: written together."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Origin, Stamp, Through
from contracts.identity import Scope
from streams.dispatch.intake import Lane, LaneKey, Taken, WantedState, merge
from streams.store.consumed import Consumed, read_consumed, save_consumed
from streams.store.database import Database, despite_conflicts
from streams.store.outbox import Letter, put
from streams.store.tables import LEDGER, WANTED
from streams.store.targets import read_target, save_target

_AT_ONCE = 200
_KEY = {column.name for column in WANTED.primary_key}
_NAMED = tuple_(WANTED.c.account, WANTED.c.scope, WANTED.c.subject)
_REPLACE = (
    update(WANTED)
    .where(*(WANTED.c[name] == bindparam(f"_{name}") for name in sorted(_KEY)))
    .values({column.name: bindparam(f"_{column.name}") for column in WANTED.c if column.name not in _KEY})
)
"""Writes a whole row, for many rows at once; its parameters are the columns' names behind an underscore."""


class WantedStore:
    """The wanted states of one target."""

    def __init__(self, database: Database, target: str, *, with_views: bool = False) -> None:
        """Take the database and the target's name. with_views: whether what is stored holds each order's view.

        How far was read is kept apart for either: a target that asks for views later reads all snapshots again.
        """
        self._database = database
        self._target = target
        self._reader = f"dispatch.{target}.views" if with_views else f"dispatch.{target}"
        self.with_views = with_views

    async def take(
        self, taken: Taken, read: Mapping[tuple[str, int], Consumed], letters: Sequence[Letter], now: datetime
    ) -> int:
        """Store a batch, its dead letters and how far it reaches in one transaction; tell how many lanes changed."""

        async def write() -> int:
            async with self._database.write() as connection:
                changed = await self._merge(connection, list(taken.newest.values()), now) if taken.newest else 0
                await put(connection, self._target, letters)
                for (topic, partition), consumed in read.items():
                    await save_consumed(connection, self._reader, topic, partition, consumed)
            return changed

        return await despite_conflicts(write)

    async def _merge(self, connection: AsyncConnection, states: Sequence[WantedState], now: datetime) -> int:
        where = _is_one_of([state.key for state in states])
        # In one order, so that two processes which store the same lanes during a handover wait in turn.
        query = select(WANTED).where(WANTED.c.target == self._target, where).order_by(*WANTED.primary_key)
        rows = await connection.execute(query.with_for_update())
        stored = {lane.state.key: lane for lane in map(_lane, rows)}
        merged = [lane for state in states if (lane := merge(stored.get(state.key), state, now)) is not None]
        new = [self._values(lane) for lane in merged if lane.state.key not in stored]
        changed = [self._values(lane) for lane in merged if lane.state.key in stored]
        if new:
            await connection.execute(insert(WANTED), new)
        if changed:
            await connection.execute(_REPLACE, [{f"_{name}": value for name, value in row.items()} for row in changed])
        return len(merged)

    async def due(
        self, now: datetime, partitions: Collection[int], busy: Collection[LaneKey], limit: int
    ) -> dict[LaneKey, int]:
        """Give lanes that are to be looked at now, with their partitions, without the `busy` ones.

        Those that waited longest come first.
        """
        query = (
            select(WANTED.c.account, WANTED.c.scope, WANTED.c.subject, WANTED.c.partition)
            .where(WANTED.c.target == self._target, WANTED.c.due_at <= now, WANTED.c.partition.in_(partitions))
            .order_by(WANTED.c.due_at)
            .limit(limit + len(busy))
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            found = {LaneKey(row.account, row.scope, row.subject): row.partition for row in rows}
        free = [key for key in found if key not in busy]
        return {key: found[key] for key in free[:limit]}

    async def read(self, key: LaneKey) -> Lane | None:
        """Read one lane."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(WANTED).where(self._is(key)))).one_or_none()
        return None if row is None else _lane(row)

    async def after(self, last: LaneKey | None, limit: int) -> list[Lane]:
        """Read lanes that want or have anything, in the order of their keys, behind `last`."""
        query = select(WANTED).where(WANTED.c.target == self._target, or_(WANTED.c.tasks > 0, self._left()))
        if last is not None:
            query = query.where(tuple_(literal(last.account), literal(last.scope), literal(last.subject)) < _NAMED)
        async with self._database.read() as connection:
            return [_lane(row) for row in await connection.execute(query.order_by(*_NAMED.clauses).limit(limit))]

    async def rest(self, key: LaneKey, sequence: int) -> None:
        """Let a lane rest, unless a newer state came meanwhile."""
        await self._set(key, WANTED.c.sequence == sequence, due_at=None, dirty_since=None, parked=False)

    async def park(self, key: LaneKey, until: datetime) -> None:
        """Let a lane wait."""
        await self._set(key, WANTED.c.target == self._target, due_at=until, parked=True)

    async def wake(self, keys: Sequence[LaneKey], now: datetime) -> None:
        """Let resting or parked lanes be looked at now."""
        since = func.coalesce(WANTED.c.dirty_since, _literal(now))
        async with self._database.write() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                await connection.execute(
                    update(WANTED)
                    .where(WANTED.c.target == self._target, _is_one_of(keys[start : start + _AT_ONCE]))
                    .values(due_at=now, dirty_since=since, parked=False)
                )

    async def wake_all_at(self, configuration: str, now: datetime) -> None:
        """Let every lane that wants or has anything be looked at, once for each new `configuration` of the target.

        Another mode, language or `live_from` asks for other records, without any snapshot that says so.
        """
        wake = (
            update(WANTED)
            .where(WANTED.c.target == self._target, or_(WANTED.c.tasks > 0, self._left()))
            .values(due_at=now, dirty_since=func.coalesce(WANTED.c.dirty_since, _literal(now)), parked=False)
        )

        async def write() -> None:
            async with self._database.write() as connection:
                known = await read_target(connection, self._target)
                if known.configuration != configuration:
                    await connection.execute(wake)
                    await save_target(connection, self._target, replace(known, configuration=configuration))

        await despite_conflicts(write)

    async def backlog(self, now: datetime) -> tuple[int, datetime | None]:
        """Count the parked lanes, and tell since when the oldest change has waited."""
        ours = and_(WANTED.c.target == self._target, WANTED.c.due_at.is_not(None))
        query = select(
            func.count().filter(WANTED.c.parked, WANTED.c.due_at > now), func.min(WANTED.c.dirty_since)
        ).where(ours)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one()
        return row[0], row[1]

    async def consumed(self, topic: str, partition: int) -> Consumed | None:
        """Tell how far a partition was read; None where it never was."""
        async with self._database.read() as connection:
            return await read_consumed(connection, self._reader, topic, partition)

    async def _set(self, key: LaneKey, condition: ColumnElement[bool], **values: object) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(WANTED).where(self._is(key), condition).values(values))

    def _left(self) -> ColumnElement[bool]:
        """Whether the ledger has an episode of the lane that has not ended."""
        named = (LEDGER.c.account == WANTED.c.account, LEDGER.c.scope == WANTED.c.scope)
        return exists().where(
            LEDGER.c.target == self._target, *named, LEDGER.c.subject == WANTED.c.subject, LEDGER.c.state != "closed"
        )

    def _is(self, key: LaneKey) -> ColumnElement[bool]:
        return and_(WANTED.c.target == self._target, _is_one_of([key]))

    def _values(self, lane: Lane) -> dict[str, Any]:
        state = lane.state
        return {
            "target": self._target,
            "account": state.key.account,
            "scope": state.key.scope,
            "subject": state.key.subject,
            "topic": state.place.topic,
            "partition": state.place.partition,
            "offset": state.place.offset,
            "epoch": state.stamp.through.epoch,
            "through": state.stamp.through.offset,
            "as_of": state.stamp.as_of,
            "origin": state.origin,
            "traceparent": state.traceparent,
            "received_at": state.received_at,
            "wanted": state.wanted,
            "view": state.view,
            "tasks": state.tasks,
            "ask_first": state.ask_first,
            "policy_revision": state.policy_revision,
            "brought": json.dumps(dict(state.brought), ensure_ascii=False, sort_keys=True),
            "sequence": lane.sequence,
            "due_at": lane.due_at,
            "dirty_since": lane.dirty_since,
            "parked": lane.parked,
        }


def _is_one_of(keys: Iterable[LaneKey]) -> ColumnElement[bool]:
    return _NAMED.in_([(key.account, key.scope, key.subject) for key in keys])


def _literal(now: datetime) -> ColumnElement[datetime]:
    return literal(now, WANTED.c.dirty_since.type)


def _lane(row: Row[Any]) -> Lane:
    state = WantedState(
        key=LaneKey(row.account, cast("Scope", row.scope), row.subject),
        place=Origin(row.topic, row.partition, row.offset),
        stamp=Stamp(Through(row.epoch, row.through), row.as_of),
        received_at=row.received_at,
        wanted=row.wanted,
        view=row.view,
        tasks=row.tasks,
        origin=row.origin,
        traceparent=row.traceparent,
        ask_first=row.ask_first,
        policy_revision=row.policy_revision,
        brought=json.loads(row.brought),
    )
    return Lane(state, row.sequence, row.due_at, row.dirty_since, row.parked)
