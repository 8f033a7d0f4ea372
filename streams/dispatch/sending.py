"""Sends what the outbox holds to Kafka: at least once, in order, after its cause is durable."""

import asyncio

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from contracts.settings import KafkaSettings
from streams.dispatch.pausing import pause
from streams.store.outbox import Letter, Outbox

LOOK_EVERY = 0.5
_AT_ONCE = 200
_log = structlog.get_logger(__name__)


class OutboxSender:
    """Empties one target's outbox."""

    def __init__(self, outbox: Outbox, producer: AIOKafkaProducer, kafka: KafkaSettings) -> None:
        """Take the outbox and a started producer."""
        self._outbox = outbox
        self._producer = producer
        self._kafka = kafka

    async def run(self, quiet: asyncio.Event) -> None:
        """Send until `quiet`, which says that nothing more will be added, and then once more."""
        while not quiet.is_set():
            if not await self.send():
                await pause(LOOK_EVERY, quiet)
        await self.send()

    async def send(self) -> int:
        """Send the oldest letters; tell how many. What Kafka did not take stays, and is sent again."""
        waiting = await self._outbox.waiting(_AT_ONCE)
        if not waiting:
            return 0
        try:
            sent = [await self._put(letter) for _, letter in waiting]
            await asyncio.gather(*sent)
        except KafkaError as error:
            _log.warning("outbox_waits", error=type(error).__name__, letters=len(waiting))
            return 0
        await self._outbox.sent([letter_id for letter_id, _ in waiting])
        return len(waiting)

    async def _put(self, letter: Letter) -> "asyncio.Future[object]":
        topic = self._kafka.topic(letter.topic)
        return await self._producer.send(topic, letter.value, key=letter.key, headers=letter.headers)  # type: ignore[no-any-return]
