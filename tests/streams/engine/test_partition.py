"""A partition's loop: in what order it writes, and what it does not do when a write fails."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from faust.types import TP

from contracts.clock import INGRESS, WallClock
from contracts.errors import Fatal
from contracts.metrics import REGISTRY
from contracts.ticks import TICK_TYPE, Tick
from streams.engine.backlog import FULL_BYTES
from streams.engine.core import PartitionCore
from streams.engine.partition import OwnedPartition
from streams.engine.replay import Stored
from streams.engine.segment import KEYS_LIMIT
from streams.engine.writes import Batches
from tests.streams.engine.toys import ALARM, LIMIT, NOON, ROUTE, TALLY, Rules, headers_of

PLACE = TP("quayside.documents", 0)


@dataclass
class Unread:
    """What one fetch brought."""

    records: Sequence[Stored]
    size: int = 0

    @property
    def number(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Stored]:
        return iter(self.records)


class Kafka:
    """Notes what is sent, in its order; fails at the topic that it is told to."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.alive = True
        self.log: list[str] = []
        self.loaded: list[str] = []
        self.sent = asyncio.Event()
        self.acknowledged = asyncio.Event()

    def guard(self) -> None:
        if not self.alive:
            raise Fatal("no heartbeat")

    def behind(self, _: TP) -> float:
        return 8

    def done(self, _: TP, offset: int) -> None:
        self.log.append(f"acknowledged {offset}")
        self.acknowledged.set()

    def add(self, batches: Batches, *, more: bool = False) -> None:
        del more
        self.loaded += [topic for topic, _ in batches]

    async def send(self) -> None:
        await asyncio.sleep(0)
        loaded, self.loaded = self.loaded, []
        for topic in loaded:
            if topic == self.failing:
                raise Fatal("Kafka did not take a batch")
            self.log.append(topic)
            self.sent.set()


def owned(kafka: Kafka) -> OwnedPartition:
    core = PartitionCore(ALARM, Rules(), partition=0, partitions=1, route=ROUTE)
    return OwnedPartition(PLACE, core, kafka, WallClock(), kafka)


def day(number: int = 1) -> list[Stored]:
    """Scans of so many keys, and the time at which their deadlines are due."""
    scans = [Stored(*PLACE, offset, b"key-%d" % offset, b"scan", headers_of("scan")) for offset in range(number)]
    tick = Tick("normalise", NOON + LIMIT + timedelta(1), {INGRESS: NOON + LIMIT}, partition=0).encode()
    return [*scans, Stored(*PLACE, number, None, tick, [("ce_type", TICK_TYPE.encode())])]


async def run(partition: OwnedPartition, kafka: Kafka) -> None:
    """Run the loop until it has nothing left, then let it leave."""
    task = asyncio.create_task(partition.run())
    finished = asyncio.create_task(kafka.acknowledged.wait())
    await asyncio.wait({task, finished}, return_when=asyncio.FIRST_COMPLETED)
    finished.cancel()
    partition.leave()
    await task


async def test_outputs_come_before_the_changelog_then_time_is_passed_on_then_the_chunk_is_acknowledged() -> None:
    kafka = Kafka()
    partition = owned(kafka)
    partition.put(Unread(day()))
    await run(partition, kafka)
    assert kafka.log == ["snapshots", "alarm.changelog", "tracking", "acknowledged 2"]


@pytest.mark.parametrize("topic", ["snapshots", "alarm.changelog", "tracking"])
async def test_a_chunk_of_which_a_write_failed_is_not_acknowledged_and_the_loop_ends(topic: str) -> None:
    kafka = Kafka(failing=topic)
    partition = owned(kafka)
    partition.put(Unread(day()))
    with pytest.raises(Fatal):
        await run(partition, kafka)
    assert topic not in kafka.log
    assert not any(entry.startswith("acknowledged") for entry in kafka.log)


async def test_a_process_that_may_own_nothing_any_more_writes_nothing() -> None:
    kafka = Kafka()
    kafka.alive = False
    partition = owned(kafka)
    partition.put(Unread(day()))
    with pytest.raises(Fatal):
        await run(partition, kafka)
    assert kafka.log == []


async def test_how_far_a_partition_is_behind_shows_while_it_is_owned_and_no_longer() -> None:
    kafka = Kafka()
    partition = owned(kafka)
    partition.put(Unread(day()))
    labels = {"stage": "alarm", "partition": "0"}
    task = asyncio.create_task(partition.run())
    await kafka.acknowledged.wait()
    assert REGISTRY.get_sample_value("quayside_consumer_lag", labels) == 8
    assert (REGISTRY.get_sample_value("quayside_time_lag_seconds", labels) or 0) > 0
    partition.leave()
    await task
    assert REGISTRY.get_sample_value("quayside_consumer_lag", labels) is None
    assert REGISTRY.get_sample_value("quayside_time_lag_seconds", labels) is None


@pytest.mark.slow
async def test_a_partition_that_is_left_amid_many_deadlines_leaves_the_rest_to_the_next_owner() -> None:
    kafka = Kafka()
    partition = owned(kafka)
    records = day(2 * KEYS_LIMIT + 1)
    for _ in partition.core.take(records[:-1], NOON):
        pass
    partition.put(Unread(records[-1:]))
    task = asyncio.create_task(partition.run())
    await kafka.sent.wait()
    partition.leave()
    await task
    assert kafka.log == ["snapshots", "alarm.changelog"]


class Prompt(Kafka):
    """Has nothing to wait for."""

    async def send(self) -> None:
        self.loaded.clear()


async def test_chunks_of_which_nothing_is_to_be_written_leave_the_others_their_turn() -> None:
    kafka = Prompt()
    partition = owned(kafka)
    records = day(4000)[:-1]
    for _ in partition.core.take(records, NOON):
        pass
    for _ in range(3):
        partition.put(Unread(records))
    task = asyncio.create_task(partition.run())
    turns = 0
    while len(kafka.log) < 7:
        await asyncio.sleep(0)
        turns += 1
    assert turns >= len(kafka.log)
    partition.leave()
    await task


async def test_a_partition_that_is_left_begins_no_chunk_that_waits() -> None:
    kafka = Kafka()
    partition = owned(kafka)
    partition.put(Unread(day()))
    partition.leave()
    await partition.run()
    assert kafka.log == []


async def test_what_follows_from_much_is_handed_on_before_its_end_and_is_durable_before_the_changelog() -> None:
    kafka = Kafka()
    core = PartitionCore(TALLY, Rules(), partition=0, partitions=1, route=ROUTE)
    partition = OwnedPartition(PLACE, core, kafka, WallClock(), kafka)
    partition.put(Unread([Stored(*PLACE, offset, b"key", b"scan", headers_of("scan")) for offset in range(200)]))
    await run(partition, kafka)
    assert kafka.log == ["tracking", "tracking", "snapshots", "tally.changelog", "acknowledged 200"]


@pytest.mark.parametrize(("size", "full"), [(FULL_BYTES - 1, False), (FULL_BYTES, True)])
async def test_a_partition_says_when_enough_waits(size: int, *, full: bool) -> None:
    partition = owned(Kafka())
    partition.put(Unread(day(), size - 1))
    partition.put(Unread(day(), 1))
    assert partition.full == full
