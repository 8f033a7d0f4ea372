"""Standing in line for an account: of all processes, the one that has the account's turn polls it.

The turn is the one partition of `marks`, in the account's own consumer group. The broker gives it to another member
when its holder leaves, or was not heard of for the session's timeout.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from connectors.kafka import client_settings
from contracts.settings import KafkaSettings
from contracts.topics import MARKS

HEARTBEATS = 3
"""In a session's timeout."""
LEAVES_WITHIN_MS = 20_000
"""How long others wait for one who loses the turn: its producers take their time to close."""
Work = Callable[[], Awaitable[None]]


async def stand_in_line(settings: KafkaSettings, account: str, work: Work, on_joined: Callable[[], None]) -> None:
    """Do `work` whenever it is our turn, until cancelled; `work` is cancelled where the turn is lost.

    Raises what `work` raises, and KafkaError where the broker is away.
    """
    session = int(settings.session_timeout_seconds * 1000)
    consumer = AIOKafkaConsumer(
        **client_settings(settings, f"poll-{account}-turn"),
        group_id=f"{settings.prefix}.poll.{account}",
        enable_auto_commit=False,
        session_timeout_ms=session,
        heartbeat_interval_ms=session // HEARTBEATS,
        rebalance_timeout_ms=max(session, LEAVES_WITHIN_MS),
    )
    turn = _Turn(consumer, work, on_joined)
    consumer.subscribe([settings.topic(MARKS.name)], listener=turn)
    try:
        await consumer.start()
        await turn.until_failed()
    finally:
        await turn.end()
        await consumer.stop()


class _Turn(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """Work that is under way as long as the partition is ours."""

    def __init__(self, consumer: AIOKafkaConsumer, work: Work, on_joined: Callable[[], None]) -> None:
        self._consumer = consumer
        self._work = work
        self._on_joined = on_joined
        self._working: asyncio.Future[None] | None = None
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._on_joined()
        if ours := list(assigned):
            self._consumer.pause(*ours)
            self._working = asyncio.ensure_future(self._work())
            self._working.add_done_callback(self._ended)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:  # noqa: ARG002 - it is all of it
        await self.end()

    async def until_failed(self) -> None:
        """Wait until work failed, or the consumer did: it is asked for records, so that the broker knows it alive."""
        asking = asyncio.create_task(self._ask())
        try:
            done, _ = await asyncio.wait({asking, self._failed}, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def end(self) -> None:
        """Cancel the work that is under way, and wait for its end."""
        working, self._working = self._working, None
        if working is not None:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _ask(self) -> None:
        while True:
            await self._consumer.getone()  # it is paused: nothing comes

    def _ended(self, working: asyncio.Future[None]) -> None:
        if not working.cancelled() and (error := working.exception()) and not self._failed.done():
            self._failed.set_exception(error)
