"""What is known of a target as a whole: its configuration, how far people's changes were read, what is released."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from streams.store.tables import TARGETS


@dataclass(frozen=True, slots=True)
class TargetState:
    """One target's row. mark: in the target's own terms. released: the highest policy revision that was released.

    reconciled_at: when all that it has was last compared with what should be there, in real time.
    """

    mark: str = ""
    configuration: str = ""
    released: int = 0
    reconciled_at: datetime | None = None


async def read_target(connection: AsyncConnection, target: str) -> TargetState:
    """Read it; in a transaction that may write nobody changes it meanwhile."""
    row = (await connection.execute(select(TARGETS).where(TARGETS.c.target == target).with_for_update())).one_or_none()
    return TargetState() if row is None else TargetState(*row[1:])


async def save_target(connection: AsyncConnection, target: str, state: TargetState) -> None:
    """Write it."""
    done = await connection.execute(update(TARGETS).where(TARGETS.c.target == target).values(asdict(state)))
    if not done.rowcount:
        await connection.execute(insert(TARGETS).values(target=target, **asdict(state)))
