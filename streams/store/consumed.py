"""How far each reader has read each partition: written in the transaction of what was read."""

from dataclasses import dataclass

from sqlalchemy import and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from streams.store.tables import CONSUMED


@dataclass(frozen=True, slots=True)
class Consumed:
    """How far a partition was read; met_at: where it ended when it was first met."""

    epoch: int
    next_offset: int
    met_at: int


async def read_consumed(connection: AsyncConnection, reader: str, topic: str, partition: int) -> Consumed | None:
    """Read how far `reader` has read a partition; None where it never did."""
    query = select(CONSUMED).where(
        CONSUMED.c.reader == reader, CONSUMED.c.topic == topic, CONSUMED.c.partition == partition
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Consumed(row.epoch, row.next_offset, row.met_at)


async def save_consumed(
    connection: AsyncConnection, reader: str, topic: str, partition: int, consumed: Consumed
) -> None:
    """Write how far `reader` has read a partition."""
    values = {"epoch": consumed.epoch, "next_offset": consumed.next_offset, "met_at": consumed.met_at}
    where = and_(CONSUMED.c.reader == reader, CONSUMED.c.topic == topic, CONSUMED.c.partition == partition)
    done = await connection.execute(update(CONSUMED).where(where).values(values))
    if not done.rowcount:
        await connection.execute(insert(CONSUMED).values(reader=reader, topic=topic, partition=partition, **values))
