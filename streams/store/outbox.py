"""Records on their way to Kafka: durable together with what caused them, sent afterwards, at least once."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Headers, ReadHeader
from streams.store.database import Database
from streams.store.tables import OUTBOX


@dataclass(frozen=True, slots=True)
class Letter:
    """One record to write. topic: its declared name."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers | list[ReadHeader] = field(default_factory=list)


async def put(connection: AsyncConnection, target: str, letters: Sequence[Letter]) -> None:
    """Add letters, in the transaction of what caused them."""
    if letters:
        await connection.execute(insert(OUTBOX), [_values(target, letter) for letter in letters])


class Outbox:
    """The outbox of one target's dispatch."""

    def __init__(self, database: Database, target: str) -> None:
        """Take the database and the target's name."""
        self._database = database
        self._target = target

    async def waiting(self, limit: int) -> list[tuple[int, Letter]]:
        """Give the oldest letters that were not sent, with their ids."""
        query = select(OUTBOX).where(OUTBOX.c.target == self._target).order_by(OUTBOX.c.id).limit(limit)
        async with self._database.read() as connection:
            return [
                (row.id, Letter(row.topic, row.key, row.value, [_header(*header) for header in row.headers]))
                for row in await connection.execute(query)
            ]

    async def sent(self, ids: Sequence[int]) -> None:
        """Forget letters that are durable in Kafka."""
        async with self._database.write() as connection:
            await connection.execute(delete(OUTBOX).where(OUTBOX.c.id.in_(ids)))

    async def count(self) -> int:
        """Count those that wait."""
        query = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.target == self._target)
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())


def _values(target: str, letter: Letter) -> dict[str, object]:
    # A header's bytes need not be text, and may be null.
    headers = [[name, None if value is None else b64encode(value).decode()] for name, value in letter.headers]
    return {"target": target, "topic": letter.topic, "key": letter.key, "value": letter.value, "headers": headers}


def _header(name: str, value: str | None) -> ReadHeader:
    return name, None if value is None else b64decode(value)
