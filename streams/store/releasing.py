"""Releasing a policy revision at a target: what it brought, and was held, goes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, exists, func, literal, select, update

from streams.dispatch.entry import State
from streams.dispatch.holding import Holding
from streams.store.database import Database, despite_conflicts
from streams.store.tables import LEDGER, WANTED
from streams.store.targets import read_target, save_target


async def read_holding(database: Database, target: str, above: int, *, shadow: bool) -> Holding:
    """Read what a target knows of revisions."""
    async with database.read() as connection:
        released = (await read_target(connection, target)).released
        mine = and_(LEDGER.c.target == target, LEDGER.c.policy_revision > released, LEDGER.c.shadow == shadow)
        query = select(LEDGER.c.policy_revision, func.count()).where(mine, LEDGER.c.state != State.HELD)
        rows = await connection.execute(query.group_by(LEDGER.c.policy_revision))
        return Holding(above, released, {row[0]: row[1] for row in rows})


async def read_held(database: Database) -> Mapping[str, Mapping[int, int]]:
    """Count what is held, by target and revision; shadows left out."""
    query = select(LEDGER.c.target, LEDGER.c.policy_revision, func.count()).where(
        LEDGER.c.state == State.HELD, ~LEDGER.c.shadow
    )
    found: dict[str, dict[int, int]] = {}
    async with database.read() as connection:
        for target, revision, count in await connection.execute(
            query.group_by(LEDGER.c.target, LEDGER.c.policy_revision)
        ):
            found.setdefault(target, {})[revision] = count
    return found


async def release(database: Database, target: str, revision: int, now: datetime) -> int:
    """Release a revision and all before it, and wake the lanes whose tasks it held; tell how many tasks those are."""
    held = and_(LEDGER.c.target == target, LEDGER.c.state == State.HELD, LEDGER.c.policy_revision <= revision)
    same = and_(*(LEDGER.c[name] == WANTED.c[name] for name in ("account", "scope", "subject")))
    since = func.coalesce(WANTED.c.dirty_since, literal(now, WANTED.c.dirty_since.type))

    async def write() -> int:
        async with database.write() as connection:
            known = await read_target(connection, target)
            await save_target(connection, target, replace(known, released=max(known.released, revision)))
            count = (await connection.execute(select(func.count()).select_from(LEDGER).where(held))).scalar_one()
            await connection.execute(
                update(WANTED)
                .where(WANTED.c.target == target, exists().where(held, same))
                .values(due_at=now, dirty_since=since, parked=False)
            )
        return int(count)

    return await despite_conflicts(write)
