"""The ledger of all targets as people ask for it; reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, func, select

from streams.dispatch.entry import Entry, State
from streams.store.database import Database
from streams.store.ledger import entry_of
from streams.store.releasing import read_held
from streams.store.tables import LEDGER, WANTED


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are asked for; everything that is not said is of no matter.

    subject: an order's or a parcel's number. failing: those whose last try failed. shadow: what would have gone, else
    what went. limit: of those that began last.
    """

    target: str | None = None
    subject: str | None = None
    states: frozenset[State] = frozenset()
    failing: bool = False
    shadow: bool = False
    limit: int = 100


class Line(NamedTuple):
    """An entry, and when its lane is looked at again; None while that rests."""

    entry: Entry
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """What the ledger has of one target.

    counts, shadow: entries by state, and those that are shadows. failing: entries whose last try failed. waiting: lanes
    with something to do, the oldest since `waiting_since`; parked: those of them that wait for a next try. held: tasks
    that wait for their policy revision to be released, by revision.
    """

    counts: Mapping[State, int] = field(default_factory=dict)
    shadow: int = 0
    failing: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None
    parked: int = 0
    held: Mapping[int, int] = field(default_factory=dict)


async def find(database: Database, asked: Asked) -> list[Line]:
    """Give the entries that are asked for, those that began last at the end."""
    async with database.read() as connection:
        rows = await connection.execute(_query(asked))
        found = [Line(entry_of(row), row.due_at) for row in rows]
    return found[::-1]


async def statuses(database: Database) -> dict[str, TargetStatus]:
    """Give the status of every target that the ledger knows, by name."""
    entries = select(
        LEDGER.c.target, LEDGER.c.shadow, LEDGER.c.state, func.count(), func.count(LEDGER.c.failing_since)
    ).group_by(LEDGER.c.target, LEDGER.c.shadow, LEDGER.c.state)
    lanes = select(
        WANTED.c.target,
        func.count(WANTED.c.due_at),
        func.min(WANTED.c.dirty_since),
        func.count().filter(WANTED.c.parked, WANTED.c.due_at.is_not(None)),
    ).group_by(WANTED.c.target)
    held = await read_held(database)
    async with database.read() as connection:
        counted = [tuple(row) for row in await connection.execute(entries)]
        waiting = {row[0]: tuple(row)[1:] for row in await connection.execute(lanes)}
    found = {
        name: TargetStatus(
            {State(state): count for target, shadow, state, count, _ in counted if target == name and not shadow},
            sum(count for target, shadow, _, count, _ in counted if target == name and shadow),
            sum(failing for target, _, _, _, failing in counted if target == name),
            *waiting.get(name, ()),
        )
        for name in sorted({row[0] for row in counted} | set(waiting))
    }
    return {name: replace(status, held=held.get(name, {})) for name, status in found.items()}


def _query(asked: Asked) -> Select[tuple[object, ...]]:
    same = and_(*(LEDGER.c[name] == WANTED.c[name] for name in ("target", "account", "scope", "subject")))
    query = select(*LEDGER.c, WANTED.c.due_at).select_from(LEDGER.outerjoin(WANTED, same))
    query = query.where(LEDGER.c.shadow == asked.shadow)
    if asked.target is not None:
        query = query.where(LEDGER.c.target == asked.target)
    if asked.subject is not None:
        query = query.where(LEDGER.c.subject == asked.subject)
    if asked.states:
        query = query.where(LEDGER.c.state.in_(sorted(asked.states)))
    if asked.failing:
        query = query.where(LEDGER.c.failing_since.is_not(None))
    newest = (LEDGER.c.since.desc(), LEDGER.c.task.desc(), LEDGER.c.episode.desc(), LEDGER.c.target.desc())
    return query.order_by(*newest).limit(asked.limit)
