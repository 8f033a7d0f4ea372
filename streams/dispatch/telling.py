"""Writing a fact of our own to `inbound`, at once: what an operator does outside any role."""

from datetime import datetime

from aiokafka.errors import KafkaError

from connectors.kafka import producer
from contracts.envelope import Origin
from contracts.errors import Fatal
from contracts.model import Contract
from contracts.settings import KafkaSettings
from contracts.topics import INBOUND
from streams.dispatch.letters import own_request


async def tell(kafka: KafkaSettings, fact: Contract, account: str, at: datetime) -> Origin:
    """Write a fact, and give where it stands once it is durable; raises Fatal where it may not be."""
    key, value, headers = own_request(fact, account, at).record()
    try:
        async with producer(kafka, "act") as sender:
            written = await sender.send_and_wait(kafka.topic(INBOUND.name), value, key, headers=headers)
    except KafkaError as error:
        raise Fatal(f"it may not have been written: {type(error).__name__}", code="send_failed") from error
    return Origin(written.topic, written.partition, written.offset)
