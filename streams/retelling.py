"""What people and systems told of an order itself, told once more, as it stands in `deliveries`.

A closed delivery forgets it, and its ERP does not have it: acceptances and remedies, proofs and readings, cases and
surveys, what was done with tasks, what operators decided; and what earlier versions of the order promised, since the
ERP gives the newest alone. Each record is written again as it was, so that it counts from when it was first received.
How far back that goes is the topic's retention.
"""

from collections.abc import Sequence

from aiokafka.errors import KafkaError

from connectors.kafka import producer
from connectors.scanning import Record, places, reading, scan
from contracts.documents import Order
from contracts.envelope import Envelope
from contracts.errors import Fatal
from contracts.events import TYPE_OF
from contracts.exchange import DocumentSlice
from contracts.identity import order_key
from contracts.model import read
from contracts.settings import KafkaSettings
from contracts.topics import DELIVERIES
from streams.engine.placement import partition_of

_STAGES_TELL = {
    "quayside.document.slice.v1",
    "quayside.document.dropped.v1",
    "quayside.parcel.facts.v1",
    "quayside.parcel.claim.v1",
    "quayside.lane.estimated.v1",
    "quayside.tick.v1",
}
"""What follows anew from documents that are read afresh."""
TOLD_ONCE = frozenset(DELIVERIES.schemas) - _STAGES_TELL


async def told_of(kafka: KafkaSettings, account: str, order: str) -> list[Record]:
    """Read what was told of an order, each once, in the order of its telling; raises Fatal where the broker is away."""
    key = order_key(account, order)
    found: dict[str, Record] = {}
    async with reading(kafka) as consumer:
        async for record in scan(consumer, places(kafka, DELIVERIES, partition_of(key, kafka.partitions))):
            if record.key == key and record.value is not None:
                envelope = Envelope.read(record.headers)
                if envelope.type in TOLD_ONCE or _is_the_orders(envelope.type, record.value):
                    found.setdefault(envelope.id, record)
    return list(found.values())


def _is_the_orders(event_type: str, value: bytes) -> bool:
    """Whether it is a version of the order itself."""
    if event_type != TYPE_OF[DocumentSlice]:
        return False
    told = read(DocumentSlice, value)
    return told.kind == Order.kind and not told.afresh


async def tell_again(kafka: KafkaSettings, records: Sequence[Record]) -> None:
    """Write records to `deliveries` again, as they were; raises Fatal where that may not have been done."""
    try:
        async with producer(kafka, "retell") as sender:
            for record in records:
                await sender.send_and_wait(
                    kafka.topic(DELIVERIES.name), record.value, record.key, headers=list(record.headers)
                )
    except KafkaError as error:
        raise Fatal(f"it may not have been told again: {type(error).__name__}", code="send_failed") from error
