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

        async def take_it() -> datetime:
            mine = PACES.c.target == self._target
            async with self._database.write() as connection:
                found = await connection.execute(select(PACES.c.full_at).where(mine).with_for_update())
                known = found.scalar_one_or_none()
                turn = next_turn(self._pace, known, now)
                # No update where nothing was found: it would write over what another process has inserted since.
                write = insert(PACES).values(target=self._target) if known is None else update(PACES).where(mine)
                await connection.execute(write.values(full_at=turn.full_at))
            return turn.at

        return await despite_conflicts(take_it)
