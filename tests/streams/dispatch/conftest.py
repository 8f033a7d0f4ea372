"""Dispatch on the real broker, against a target in memory."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from connectors.kafka import create_topics, producer
from contracts.settings import KafkaSettings, Listen, RoleSettings, Settings, TargetAccount
from contracts.topics import DEAD_LETTERS, HINTS, INBOUND, SNAPSHOTS
from desk.broker import Broker
from tests.streams.dispatch.samples import TopicRecord

Tell = Callable[..., Awaitable[None]]


@pytest.fixture
async def settings(broker: Broker, tmp_path: Path) -> Settings:
    """Topics of its own, a database of its own, and one target called `desk`."""
    kafka = KafkaSettings(
        bootstrap=broker.bootstrap, prefix=f"t{uuid4().hex[:8]}", partitions=2, session_timeout_seconds=6
    )
    await create_topics(kafka, (SNAPSHOTS, INBOUND, HINTS, DEAD_LETTERS))
    desk = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", poll_seconds=0.2, tries=3)
    return Settings(
        state=tmp_path, kafka=kafka, listen=RoleSettings(dispatch=Listen(port=0)), targets=(desk,), logs="json"
    )


@pytest.fixture
async def writer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    """A producer."""
    async with producer(settings.kafka, "test") as started:
        yield started


@pytest.fixture
def tell(settings: Settings, writer: AIOKafkaProducer) -> Tell:
    """Write records of the topic, durably."""

    async def write(*records: TopicRecord) -> None:
        topic = settings.kafka.topic(SNAPSHOTS.name)
        sent = [await writer.send(topic, one.value, key=one.key, headers=list(one.headers)) for one in records]
        for future in sent:
            await future

    return write
