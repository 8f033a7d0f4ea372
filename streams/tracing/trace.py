"""Following an input through the topics, and finding the inputs of an order."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition

from connectors.scanning import Record, places, read_one, reading, scan
from contracts.envelope import Envelope, Event, Origin
from contracts.errors import Rejected
from contracts.identity import order_key, readable
from contracts.settings import KafkaSettings
from contracts.snapshot import Finding, Snapshot
from contracts.topics import CASES, DEAD_LETTERS, DELIVERIES, DOCUMENTS, HINTS, INBOUND, TRACKING, Topic, changelog
from streams.dead_letters.letter import read_letter
from streams.engine.keyrecord import KeyRecord, read_key
from streams.engine.placement import partition_of
from streams.stages import deliver
from streams.stages.resting import resting_name
from streams.tracing.fate import fate_at, together
from streams.tracing.outcome import Fate, Outcome
from streams.tracing.snapshots import newest_snapshots

STAGE_OF = {
    DOCUMENTS.name: "documents",
    TRACKING.name: "resolve",
    CASES.name: "cases",
    DELIVERIES.name: "deliver",
}

_WOKEN = Fate(Outcome.APPLIED, "a hint: it woke whoever reads this account, and what is read then is an input itself")


@dataclass(frozen=True, slots=True)
class Step:
    """A canonical event that came of an input, where it stands, and its fate there."""

    type: str
    key: str
    stage: str
    place: Origin
    fate: Fate


@dataclass(frozen=True, slots=True)
class Traced:
    """One input: what it was, what came of it, and its one fate."""

    origin: Origin
    source: str
    received_at: datetime
    fate: Fate
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedOrder:
    """One order: its newest snapshot, the inputs that told of it, oldest first, and why its key rests if it does."""

    snapshot: Snapshot
    inputs: tuple[tuple[datetime, str, Origin | None], ...] = ()
    resting: tuple[Finding, ...] = ()


async def trace_origin(kafka: KafkaSettings, origin: Origin) -> Traced:
    """Say what became of the raw record at `origin`; raises Rejected where there is none."""
    if origin.topic != kafka.topic(INBOUND.name) or origin.partition >= kafka.partitions:
        there = f"{kafka.topic(INBOUND.name)}/0 to {kafka.partitions - 1}"
        raise Rejected(f"{origin} is no input: those stand in {there}", code="no_input")
    async with reading(kafka, group=kafka.topic("worker")) as consumer:
        record = await read_one(consumer, origin)
        if record is None or record.key is None:
            raise Rejected(f"{origin} is no input: it never was, or is older than what is kept", code="no_input")
        envelope = Envelope.read(record.headers)
        steps = [step async for step in _steps(consumer, kafka, origin, _written_after(record))]
        fate = await _fate(consumer, kafka, origin, record, steps)
    return Traced(origin, envelope.source, envelope.received_at, fate, tuple(steps))


async def trace_order(kafka: KafkaSettings, order: str) -> list[TracedOrder]:
    """Show every account's order of this number, and where what is known of it came from."""
    async with reading(kafka) as consumer:
        newest = await newest_snapshots(consumer, kafka)
        resting = {snapshot.subject: snapshot.findings for snapshot in newest if snapshot.scope == "stage"}
        return [
            TracedOrder(
                snapshot,
                tuple(await _inputs(consumer, kafka, snapshot)),
                resting.get(resting_name(deliver.STAGE.name, order_key(snapshot.account, order)), ()),
            )
            for snapshot in newest
            if (snapshot.scope, snapshot.subject) == ("order", order)
        ]


async def _inputs(
    consumer: AIOKafkaConsumer, kafka: KafkaSettings, snapshot: Snapshot
) -> list[tuple[datetime, str, Origin | None]]:
    key = order_key(snapshot.account, snapshot.subject)
    place = places(kafka, DELIVERIES, partition_of(key, kafka.partitions))
    told: dict[tuple[str, Origin | None], datetime] = {}
    async for record in scan(consumer, place):
        if record.key == key:
            envelope = Envelope.read(record.headers)
            told.setdefault((envelope.type, envelope.origin), envelope.received_at)
    return sorted((at, type_name, origin) for (type_name, origin), at in told.items())


async def _steps(
    consumer: AIOKafkaConsumer, kafka: KafkaSettings, origin: Origin, since: datetime
) -> AsyncIterator[Step]:
    written = str(origin).encode()
    for topic in (DOCUMENTS, TRACKING, CASES, DELIVERIES, HINTS):
        found = [
            record
            async for record in scan(consumer, places(kafka, topic), since)
            if record.key is not None and dict(record.headers).get("ce_origin") == written
        ]
        for record in found:
            yield await _step(consumer, kafka, topic, record)


async def _step(consumer: AIOKafkaConsumer, kafka: KafkaSettings, topic: Topic, record: Record) -> Step:
    place = Origin(record.topic, record.partition, record.offset)
    event = Event(record.key or b"", record.value or b"", place, record.headers)
    if topic is HINTS:
        return Step(event.type, readable(event.key), "hint", place, _WOKEN)
    stage = STAGE_OF[topic.name]
    fate = await _dead(consumer, kafka, place)
    if fate is None:
        # Asked before the state is read: what is read by now is in it.
        is_read = await _is_read(consumer, place)
        kept = await _state(consumer, kafka, stage, record.partition, event.key)
        fate = fate_at(stage, event, kept, is_read=is_read)
    return Step(event.type, readable(event.key), stage, place, fate)


async def _is_read(consumer: AIOKafkaConsumer, place: Origin) -> bool:
    committed = await consumer.committed(TopicPartition(place.topic, place.partition))
    return committed is not None and committed > place.offset


async def _state(
    consumer: AIOKafkaConsumer, kafka: KafkaSettings, stage: str, partition: int, key: bytes
) -> KeyRecord | None:
    """Read what a stage keeps of a key: the highest record of it, as recovery does."""
    highest: KeyRecord | None = None
    async for record in scan(consumer, places(kafka, changelog(stage), partition)):
        if record.key != key:
            continue
        held = read_key(record.value) if record.value is not None else None
        if held is None or highest is None or held.order >= highest.order:
            highest = held
    return highest


async def _dead(consumer: AIOKafkaConsumer, kafka: KafkaSettings, place: Origin) -> Fate | None:
    async for record in scan(consumer, places(kafka, DEAD_LETTERS)):
        letter = read_letter(record)
        if letter.origin == str(place):
            return Fate(Outcome.DEAD_LETTERED, f"{letter.stage}: {letter.reason}")
    return None


async def _fate(
    consumer: AIOKafkaConsumer, kafka: KafkaSettings, origin: Origin, record: Record, steps: list[Step]
) -> Fate:
    if (dead := await _dead(consumer, kafka, origin)) is not None:
        return dead
    if not steps and not await _is_read(consumer, origin):
        return Fate(Outcome.WAITING, "normalise has not read it yet")
    gravest = together((step.type, step.fate) for step in steps)
    if gravest is _WOKEN:
        # The same hint again is no duplicate: something changed again.
        return gravest
    earlier = await _told_before(consumer, kafka, origin, record.key)
    if earlier is not None and gravest.outcome not in {Outcome.DEAD_LETTERED, Outcome.WAITING}:
        return Fate(Outcome.DUPLICATE, f"the same bytes came as {earlier}")
    return gravest


async def _told_before(
    consumer: AIOKafkaConsumer, kafka: KafkaSettings, origin: Origin, key: bytes | None
) -> Origin | None:
    """Find the same request earlier; it has the same key, and so stands in the same partition."""
    async for record in scan(consumer, places(kafka, INBOUND, origin.partition)):
        if record.offset >= origin.offset:
            return None
        if record.key == key:
            return Origin(record.topic, record.partition, record.offset)
    return None


def _written_after(record: Record) -> datetime:
    """What came of a record was written after it, by clocks that differ by less than an hour."""
    return datetime.fromtimestamp(record.timestamp / 1000, UTC) - timedelta(hours=1)
