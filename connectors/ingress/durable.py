"""Writing to `inbound`, and knowing when it is durable.

A request is accepted when its instant of receipt is stamped, and settled when it is durable (acks=all) or refused.
Whoever asks for time to be passed on first waits until everything accepted earlier is settled.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from connectors import kafka
from connectors.unreachable import why_unreachable
from contracts.clock import WallClock
from contracts.envelope import Headers
from contracts.errors import Fatal, Retryable
from contracts.settings import KafkaSettings
from contracts.topics import INBOUND

RETRY_AFTER = timedelta(seconds=10)
_PENDING_BYTES = 64 * 1024 * 1024
_RECONNECT_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Durable:
    """The one writer of a process. patience: real seconds that a write may take before it counts as refused."""

    def __init__(self, settings: KafkaSettings, clock: WallClock, *, patience: float = 8.0) -> None:
        """Take the broker's settings; nothing is connected before `keep_connected` runs."""
        self._settings = settings
        self._clock = clock
        self._patience = patience
        self._topic = settings.topic(INBOUND.name)
        self._producer: AIOKafkaProducer | None = None
        self._broken = asyncio.Event()
        self._accepted: set[asyncio.Future[None]] = set()
        self._pending_bytes = 0
        self._last_failure: str | None = "not connected to the broker yet"

    def unready(self) -> str | None:
        """Say why writing does not work, as far as the last try told; None where it does."""
        return self._last_failure

    @contextmanager
    def accepting(self) -> Iterator[datetime]:
        """Accept a request: gives its instant of receipt. It is settled when the context is left."""
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._accepted.add(settled)
        try:
            yield self._clock.now()
        finally:
            self._accepted.discard(settled)
            settled.set_result(None)

    async def settle(self) -> None:
        """Wait until everything that has been accepted by now is durable or refused."""
        if self._accepted:
            await asyncio.wait(set(self._accepted))

    async def write(self, key: bytes | None, value: bytes, headers: Headers, partition: int | None = None) -> None:
        """Write one record; it is durable when this returns. Raises Retryable where that cannot be said in time.

        Not durable in time does not mean never: what was refused may still be written, and told again.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._send(key, value, headers, partition)
        except TimeoutError as error:
            raise self._failed(f"the broker did not confirm within {self._patience:g} s") from error
        except KafkaError as error:
            if not error.retriable:
                self._broken.set()
            raise self._failed(f"the broker refused: {error}") from error
        self._last_failure = None

    async def partitions(self) -> list[int]:
        """Give the partitions of `inbound`. Raises Retryable where the broker does not tell."""
        try:
            async with asyncio.timeout(self._patience):
                return sorted(await self._connected().partitions_for(self._topic))
        except (TimeoutError, KafkaError) as error:
            raise self._failed(f"the broker does not tell the partitions of {self._topic}") from error

    async def keep_connected(self) -> None:
        """Connect, and connect anew whenever the producer can go on no longer, until cancelled.

        Connected means that `inbound` is there, too: what nobody has made yet is waited for.
        """
        while True:
            producer = kafka.producer(
                self._settings, "ingress", request_timeout_ms=int(self._patience * 1000), metadata_max_age_ms=30_000
            )
            try:
                await producer.start()
                await self._until_there(producer)
                self._producer, self._last_failure = producer, None
                log.info("connected", broker=self._settings.bootstrap)
                await self._broken.wait()
            except KafkaError as error:
                why = await why_unreachable(kafka.client_settings(self._settings, "ingress"))
                self._not_connected(f"{why} ({type(error).__name__})")
                await asyncio.sleep(_RECONNECT_SECONDS)
            finally:
                self._producer = None
                self._broken.clear()
                if not await kafka.close(producer, self._patience):
                    log.warning("left unwritten", bytes=self._pending_bytes)

    async def _until_there(self, producer: AIOKafkaProducer) -> None:
        """Wait for the topic before anything names it to the producer, which would ask for it ten times a second."""
        while True:
            try:
                kafka.refuse_missing({self._topic} - (await producer.client.fetch_all_metadata()).topics())
            except Fatal as error:
                self._not_connected(error.reason)
                await asyncio.sleep(_RECONNECT_SECONDS)
            else:
                return

    async def _send(self, key: bytes | None, value: bytes, headers: Headers, partition: int | None) -> None:
        producer = self._connected()
        if self._pending_bytes + len(value) > _PENDING_BYTES:
            raise self._failed("too much is waiting for the broker already")
        self._pending_bytes += len(value)
        try:
            written = await producer.send(self._topic, value, key, partition, headers=headers)
        except BaseException:
            self._pending_bytes -= len(value)
            raise
        written.add_done_callback(lambda done: self._settled_at_last(done, len(value)))
        # A write that is given up stays the producer's: cancelling it would forget what it holds in memory.
        await asyncio.shield(written)

    def _settled_at_last(self, written: asyncio.Future[object], size: int) -> None:
        self._pending_bytes -= size
        if not written.cancelled():
            written.exception()  # seen: whoever waited was told, or has long refused it

    def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise self._failed(self._last_failure or "the broker cannot be reached")
        return self._producer

    def _not_connected(self, reason: str) -> None:
        if self._last_failure != reason:
            log.warning("not connected", reason=reason)
        self._last_failure = reason

    def _failed(self, reason: str) -> Retryable:
        if self._last_failure is None:
            log.warning("not durable", reason=reason)
        self._last_failure = reason
        return Retryable(reason, code="not_durable", retry_after=RETRY_AFTER)
