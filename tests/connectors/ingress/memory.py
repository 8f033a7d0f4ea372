"""A writer to memory: what ingress does with a broker, without one."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.ingress.durable import RETRY_AFTER, Durable
from contracts.clock import WallClock
from contracts.envelope import Headers
from contracts.errors import Retryable
from contracts.settings import KafkaSettings

EPOCH = datetime(2026, 3, 10, tzinfo=UTC)


class Memory(Durable):
    """Keeps the records in the order in which they became durable. `gate` closed holds writes; `away` refuses them."""

    def __init__(self, clock: WallClock | None = None, partitions: int = 1) -> None:
        super().__init__(KafkaSettings(), clock or WallClock())
        self.records: list[tuple[bytes | None, bytes, Headers, int | None]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = asyncio.Event()
        self.away = False
        self.refused = 0
        self.writing = 0
        self._partitions = partitions
        self._changed = asyncio.Condition()

    async def write(self, key: bytes | None, value: bytes, headers: Headers, partition: int | None = None) -> None:
        self.waiting.set()
        self.writing += 1
        await self.gate.wait()
        self.writing -= 1
        if self.away:
            self.refused += 1
            await self._tell()
            raise Retryable("the broker is away", code="not_durable", retry_after=RETRY_AFTER)
        self.records.append((key, value, headers, partition))
        await self._tell()

    async def partitions(self) -> list[int]:
        return list(range(self._partitions))

    async def holds(self, count: int) -> None:
        """Wait until so many records are there."""
        await self._until(lambda: len(self.records) >= count)

    async def refuses(self, count: int) -> None:
        """Wait until so many records have been refused."""
        await self._until(lambda: self.refused >= count)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(condition)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
