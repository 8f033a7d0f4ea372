"""The projection of the dead letters' topic in SQL: all but the records themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, select, update

from streams.dead_letters.letter import DeadLetter, LetterId
from streams.store.consumed import Consumed, read_consumed, save_consumed
from streams.store.database import Database, despite_conflicts
from streams.store.tables import DEAD_LETTERS

READER = "dead-letters"


class DeadLetterStore:
    """The projection of one epoch's topic."""

    def __init__(self, database: Database, epoch: int) -> None:
        """Take the database, and which of the topics that ever had this name."""
        self._database = database
        self._epoch = epoch

    async def consumed(self, topic: str, partition: int) -> int:
        """Tell from where on a partition is to be read."""
        async with self._database.read() as connection:
            known = await read_consumed(connection, READER, topic, partition)
        return known.next_offset if known is not None and known.epoch == self._epoch else 0

    async def add(self, letters: Sequence[DeadLetter], topic: str, read: Mapping[int, int]) -> None:
        """Add letters, and how far each partition was read, in one transaction; those that are there stay."""

        async def write() -> None:
            async with self._database.write() as connection:
                for letter in letters:
                    known = select(DEAD_LETTERS.c.offset).where(self._is(letter.id))
                    if (await connection.execute(known)).one_or_none() is None:
                        await connection.execute(insert(DEAD_LETTERS).values(self._values(letter)))
                for partition, offset in read.items():
                    await save_consumed(connection, READER, topic, partition, Consumed(self._epoch, offset, 0))

        await despite_conflicts(write)

    async def forget_before(self, partition: int, offset: int) -> None:
        """Forget letters whose records the topic no longer keeps."""
        older = and_(DEAD_LETTERS.c.partition == partition, DEAD_LETTERS.c.offset < offset)
        async with self._database.write() as connection:
            await connection.execute(delete(DEAD_LETTERS).where(DEAD_LETTERS.c.epoch == self._epoch, older))
            await connection.execute(delete(DEAD_LETTERS).where(DEAD_LETTERS.c.epoch < self._epoch))

    async def select(
        self, *, stage: str | None = None, code: str | None = None, replayed: bool = False, limit: int = 100
    ) -> list[DeadLetter]:
        """Give the newest letters, the newest last; those that were replayed only where `replayed` asks for them."""
        query = select(DEAD_LETTERS).where(*self._listed(replayed=replayed))
        if stage is not None:
            query = query.where(DEAD_LETTERS.c.stage == stage)
        if code is not None:
            query = query.where(DEAD_LETTERS.c.code == code)
        newest = query.order_by(
            DEAD_LETTERS.c.at.desc(), DEAD_LETTERS.c.partition.desc(), DEAD_LETTERS.c.offset.desc()
        ).limit(limit)
        async with self._database.read() as connection:
            found = [_letter(row) for row in await connection.execute(newest)]
        return found[::-1]

    async def count(self, *, replayed: bool = False) -> int:
        """Tell how many letters there are; those that were replayed only where `replayed` asks for them."""
        query = select(func.count()).select_from(DEAD_LETTERS).where(*self._listed(replayed=replayed))
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one()

    async def get(self, letter_id: LetterId) -> DeadLetter | None:
        """Give one letter; None where there is none."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(DEAD_LETTERS).where(self._is(letter_id)))).one_or_none()
        return None if row is None else _letter(row)

    async def mark_replayed(self, letter_id: LetterId, at: datetime) -> None:
        """Note that a letter was replayed."""
        async with self._database.write() as connection:
            await connection.execute(update(DEAD_LETTERS).where(self._is(letter_id)).values(replayed_at=at))

    def _listed(self, *, replayed: bool) -> list[Any]:
        listed = [DEAD_LETTERS.c.epoch == self._epoch]
        return listed if replayed else [*listed, DEAD_LETTERS.c.replayed_at.is_(None)]

    def _is(self, letter_id: LetterId) -> Any:  # noqa: ANN401 - SQLAlchemy's condition
        return and_(
            DEAD_LETTERS.c.epoch == self._epoch,
            DEAD_LETTERS.c.partition == letter_id.partition,
            DEAD_LETTERS.c.offset == letter_id.offset,
        )

    def _values(self, letter: DeadLetter) -> dict[str, object]:
        return {
            "epoch": self._epoch,
            "partition": letter.id.partition,
            "offset": letter.id.offset,
            "at": letter.at,
            "stage": letter.stage,
            "code": letter.code,
            "reason": letter.reason,
            "path": letter.path,
            "origin": letter.origin,
            "key": letter.key,
            "traceparent": letter.traceparent,
        }


def _letter(row: Row[Any]) -> DeadLetter:
    topic, *place = row.origin.split("/")
    partition, offset = map(int, place) if place else (None, None)
    return DeadLetter(
        id=LetterId(row.partition, row.offset),
        at=row.at,
        stage=row.stage,
        code=row.code,
        reason=row.reason,
        path=row.path,
        topic=topic,
        partition=partition,
        offset=offset,
        key=row.key,
        traceparent=row.traceparent,
        replayed_at=row.replayed_at,
    )
