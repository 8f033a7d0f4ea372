"""The newest snapshots, read from their topic."""

from collections.abc import Collection

from aiokafka import AIOKafkaConsumer

from connectors.scanning import places, reading, scan
from contracts.envelope import Envelope
from contracts.identity import parts
from contracts.model import read
from contracts.settings import KafkaSettings
from contracts.snapshot import Snapshot
from contracts.topics import SNAPSHOTS

_SUBJECT = 2
"""account, scope, subject"""


async def read_snapshots(kafka: KafkaSettings) -> list[Snapshot]:
    """Give the newest snapshot of each key; raises Fatal where the broker is away."""
    async with reading(kafka) as consumer:
        return await newest_snapshots(consumer, kafka)


async def snapshots_named(kafka: KafkaSettings, *names: str) -> list[Snapshot]:
    """Give the newest snapshot of each account and scope whose subject has one of these names, by key.

    Raises Fatal where the broker cannot be reached.
    """
    async with reading(kafka) as consumer:
        return await newest_snapshots(consumer, kafka, names)


async def newest_snapshots(
    consumer: AIOKafkaConsumer, kafka: KafkaSettings, names: Collection[str] | None = None
) -> list[Snapshot]:
    """Give the newest snapshot of each key, by key; a lower stamp is skipped. names: of subjects; all if left out."""
    held: dict[bytes, tuple[Envelope, bytes]] = {}
    async for record in scan(consumer, places(kafka, SNAPSHOTS)):
        if record.key is None or record.value is None:
            continue
        if names is not None and parts(record.key)[_SUBJECT] not in names:
            continue
        envelope = Envelope.read(record.headers)
        known = held.get(record.key)
        if known is None or envelope.stamp >= known[0].stamp:
            held[record.key] = (envelope, record.value)
    return [read(Snapshot, value) for _, (_, value) in sorted(held.items())]
