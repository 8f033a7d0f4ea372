"""A topic is read from its beginning to the end that it has."""

import pytest

from connectors.kafka import create_topics, producer
from connectors.scanning import places, reading, scan
from contracts.settings import KafkaSettings
from contracts.topics import INBOUND
from desk.broker import Broker

RECORDS = 20


@pytest.fixture
async def kafka(broker: Broker) -> KafkaSettings:
    settings = KafkaSettings(bootstrap=broker.bootstrap, prefix="scanning", partitions=2)
    await create_topics(settings, [INBOUND])
    client = producer(settings, "test")
    await client.start()
    try:
        for number in range(RECORDS):
            await client.send_and_wait(settings.topic(INBOUND.name), b"value", f"key {number}".encode())
    finally:
        await client.stop()
    return settings


async def test_every_scan_begins_at_the_beginning(kafka: KafkaSettings) -> None:
    """A consumer that was assigned a moment ago is being placed at the end meanwhile, by its own default."""
    for _ in range(30):
        async with reading(kafka) as consumer:
            assert len([record async for record in scan(consumer, places(kafka, INBOUND))]) == RECORDS
