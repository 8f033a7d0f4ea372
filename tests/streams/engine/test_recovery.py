"""Recovering from changelogs on a real broker: whole, in chunks, and given up as soon as it is no longer wanted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from contracts.errors import Fatal
from contracts.topics import changelog
from desk.broker import Broker
from streams.engine import recovery
from streams.engine.core import PartitionCore
from streams.engine.keyrecord import KeyRecord
from streams.engine.placement import partition_of
from streams.engine.recovery import recover
from tests.faults.arena import Arena, arena
from tests.streams.engine.toys import COUNTER, ROUTE, Rules

KEYS = [b"key-%d" % number for number in range(5000)]
PARTITIONS = 2
Cores = dict[TopicPartition, PartitionCore[object, Rules]]


def stored(through: int) -> bytes:
    """A key's record that was read up to an offset."""
    return KeyRecord(1, through, 0).encode()


@pytest.fixture
async def on(broker: Broker, tmp_path: Path) -> AsyncIterator[Arena]:
    async with arena(broker, tmp_path, partitions=PARTITIONS) as made:
        yield made


async def write(on: Arena, key: bytes, value: bytes | None) -> None:
    topic = on.kafka.topic(changelog("counter").name)
    await on.client.send(topic, value, key=key, partition=partition_of(key, PARTITIONS))


async def write_all(on: Arena) -> dict[bytes, bytes]:
    """Two records for each key, and a tombstone for every tenth; gives what is then held."""
    for through in (1, 2):
        for key in KEYS:
            await write(on, key, stored(through))
    for key in KEYS[::10]:
        await write(on, key, None)
    await on.client.flush()
    return {key: stored(2) for number, key in enumerate(KEYS) if number % 10}


def cores(on: Arena) -> Cores:
    return {
        TopicPartition(on.kafka.topic(changelog("counter").name), partition): PartitionCore(
            COUNTER,  # type: ignore[arg-type]
            Rules(),
            partition=partition,
            partitions=PARTITIONS,
            route=ROUTE,
        )
        for partition in range(PARTITIONS)
    }


def held(recovered: Cores) -> dict[bytes, bytes]:
    return {key: value for core in recovered.values() for key, value in core.table.items()}


async def test_the_newest_record_of_each_key_is_held_by_its_partition_and_the_loop_turns_meanwhile(on: Arena) -> None:
    expected, recovered, turns = await write_all(on), cores(on), 0

    async def heart() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beating = asyncio.create_task(heart())
    assert await recover(on.kafka, recovered, wanted=lambda: True)
    beating.cancel()
    assert held(recovered) == expected
    for place, core in recovered.items():
        assert {partition_of(key, PARTITIONS) for key in core.table} == {place.partition}
    assert turns > 2 * len(KEYS) / recovery.CHUNK


async def test_what_is_no_longer_wanted_is_given_up_after_the_chunk_under_way(on: Arena) -> None:
    await write_all(on)
    recovered, asked = cores(on), 0

    def wanted() -> bool:
        nonlocal asked
        asked += 1
        return False

    assert not await recover(on.kafka, recovered, wanted=wanted)
    assert asked == 1
    assert len(held(recovered)) <= recovery.CHUNK


async def test_a_changelog_that_nobody_has_written_is_recovered_at_once(on: Arena) -> None:
    recovered, began = cores(on), datetime.now(UTC)
    assert await recover(on.kafka, recovered, wanted=lambda: True)
    assert held(recovered) == {}
    assert (datetime.now(UTC) - began).total_seconds() < 5


async def test_a_changelog_that_cannot_be_read_is_fatal_since_its_state_may_not_be_guessed(on: Arena) -> None:
    elsewhere = on.kafka.model_copy(update={"bootstrap": "127.0.0.1:1"})
    with pytest.raises(Fatal, match="a changelog cannot be read"):
        await recover(elsewhere, cores(on), wanted=lambda: True)
