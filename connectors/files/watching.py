"""Watching the folder of an account, for as long as it is our turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiokafka import AIOKafkaProducer

from connectors import kafka
from connectors.files import storing
from connectors.files.folder import Folder
from connectors.files.looking import Looking, keep_looking
from connectors.polling.ticking import write_tick
from contracts.clock import poller_source
from contracts.connector import Source
from contracts.errors import Fatal
from contracts.raw import RawRequest
from contracts.settings import KafkaSettings, Settings, SourceAccount
from contracts.ticks import Tick

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Inbox:
    """What a watched folder writes to `inbound`.

    heard_as: the source whose time it tells; None where the account is polled as well, and its poll tells it.
    """

    producer: AIOKafkaProducer
    settings: KafkaSettings
    heard_as: str | None
    every: float

    async def store(self, requests: Sequence[RawRequest]) -> None:
        """Write requests."""
        await storing.store(requests, self.producer, self.settings)

    async def heard(self, at: datetime) -> None:
        """Write a tick into each partition."""
        if self.heard_as is not None:
            await write_tick(Tick.of_source(self.heard_as, at, self.every), self.producer, self.settings)


async def watch_folder(account: SourceAccount, source: Source, settings: Settings) -> None:
    """Look into the account's folder until cancelled; raises KafkaError and TimeoutError where the broker is away."""
    if account.folder is None:
        raise Fatal(f"the account {account.name} has no folder", code="no_folder")
    clock = settings.clock.clock()
    is_polled = any(polled.name == account.name for polled in settings.pollers)
    every = account.folder.every_seconds
    log.info("watching", account=account.name, folder=str(account.folder.path))
    producer = kafka.producer(settings.kafka, f"folder-{account.name}")
    try:
        await producer.start()
        inbox = Inbox(producer, settings.kafka, None if is_polled else poller_source(account.name), every)
        folder = Folder(account.folder.path, account.folder.quiet_seconds)
        looking = Looking(account, source, folder, inbox, clock)
        await keep_looking(looking, clock.real_seconds(timedelta(seconds=every)))
    finally:
        await kafka.close(producer)
