"""Listening to hints: one reader a process, outside any consumer group, for the accounts that it looks after.

It begins at the end of `hints`. What came earlier, or while the broker was away, the next poll makes up for.
"""

import asyncio
from collections.abc import Collection

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from connectors.hinting.waiting import Waiting
from connectors.scanning import Record, expect, places, reading
from contracts.errors import Fatal, Rejected
from contracts.hint import Hint
from contracts.identity import hint_key
from contracts.model import read
from contracts.settings import KafkaSettings
from contracts.topics import HINTS

AGAIN_SECONDS = 1.0
"""After which a reader that lost the broker begins anew."""

log = structlog.get_logger(__name__)


class Listener:
    """Hears the hints of some accounts."""

    def __init__(self, kafka: KafkaSettings, accounts: Collection[str]) -> None:
        """Take whose hints count; nothing is read yet."""
        self._kafka = kafka
        self._waiting = {account: Waiting() for account in accounts}
        self._accounts = {hint_key(account): account for account in accounts}
        self._reason: str | None = "hints are not listened to yet"

    def of(self, account: str) -> Waiting:
        """Give the hints of one of them."""
        return self._waiting[account]

    def unready(self) -> str | None:
        """Say why no hint is heard; None where they are."""
        return self._reason

    async def keep_listening(self) -> None:
        """Listen, and anew whenever the broker was away, until cancelled."""
        while True:
            try:
                async with reading(self._kafka, stays=True) as consumer:
                    await self._listen(consumer)
            except (KafkaError, Fatal) as error:
                self._reason = f"hints cannot be read: {error}"
                log.warning("hints cannot be read", reason=str(error))
                await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        wanted = places(self._kafka, HINTS)
        await expect(consumer, wanted)
        consumer.assign(wanted)
        for place, end in (await consumer.end_offsets(wanted)).items():
            consumer.seek(place, end)
        self._reason = None
        while True:
            for records in (await consumer.getmany(*wanted, timeout_ms=1000)).values():
                for record in records:
                    self._hear(record)

    def _hear(self, record: Record) -> None:
        account = self._accounts.get(record.key or b"")
        if account is None:
            return
        try:
            self._waiting[account].add(read(Hint, record.value).named)
        except Rejected as error:
            log.warning("not a hint", account=account, offset=record.offset, reason=error.reason)
