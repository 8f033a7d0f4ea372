"""How far the pace of each target is used up, for all processes that call it."""

from datetime import datetime

from sqlalchemy import insert, select, update

from streams.dispatch.pace import Pace, next_turn
from streams.store.database import Database, despite_conflicts
from streams.store.tables import PACES


class PaceStore:
    """Gives out the turns of one target. Its processes' clocks must agree, as machines' clocks by NTP do."""

    def __init__(self, database: Database, target: str, pace: Pace) -> None:
        """Take the database, the target's name and its pace."""
        self._database = database
        self._target = target
        self._pace = pace

    async def take(self, now: datetime) -> datetime:
        """Take the next turn; give when it is."""

        async def write() -> datetime:
            mine = PACES.c.target == self._target
            async with self._database.write() as connection:
                known = await connection.execute(select(PACES.c.full_at).where(mine).with_for_update())
                turn = next_turn(self._pace, known.scalar_one_or_none(), now)
                done = await connection.execute(update(PACES).where(mine).values(full_at=turn.full_at))
                if not done.rowcount:
                    await connection.execute(insert(PACES).values(target=self._target, full_at=turn.full_at))
            return turn.at

        return await despite_conflicts(write)
