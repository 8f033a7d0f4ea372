"""Writing: many loops want one partition, and each is answered when its own records are durable."""

import asyncio
from pathlib import Path

import pytest
from aiokafka.errors import KafkaTimeoutError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from contracts.errors import Fatal
from contracts.topics import TRACKING
from desk.broker import Broker
from streams.engine.sending import Sender
from streams.engine.writes import Batches, Written
from tests.faults.arena import arena

TEN_RECORDS = 61 + 10 * 13
"""Bytes of a batch of ten records as `one` makes them: Kafka's own head, then lengths, key and value of each."""


class Producer:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.written: list[list[bytes | None]] = []
        self.answers: list[asyncio.Future[None]] = []

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(TEN_RECORDS, 0)

    async def send_batch(self, batch: BatchBuilder, _: str, *, partition: int) -> "asyncio.Future[None]":
        del partition
        found = MemoryRecords(bytes(batch._build())).next_batch()
        assert found is not None
        self.written.append([record.value for record in found])
        assert batch.record_count() == len(self.written[-1])
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]


def one(value: bytes, partition: int = 0) -> Batches:
    return {("tracking", partition): [Written(b"key", value, [])]}


async def send(sender: Sender, batches: Batches) -> None:
    """Write what comes alone."""
    load = sender.load()
    load.add(batches)
    await load.send()


async def turn() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_comes_while_a_write_is_under_way_goes_together_and_in_order() -> None:
    producer = Producer()
    sender = Sender(producer, str)
    sends = [asyncio.create_task(send(sender, one(b"%02d" % number))) for number in range(4)]
    await turn()
    late = [asyncio.create_task(send(sender, one(b"%02d" % number))) for number in range(4, 16)]
    await turn()
    assert producer.written == [[b"00", b"01", b"02", b"03"]]
    producer.answers[0].set_result(None)
    await asyncio.gather(*sends)
    await turn()
    assert producer.written[1:] == [[b"%02d" % number for number in range(4, 14)], [b"14", b"15"]]
    assert not any(task.done() for task in late)
    for answer in producer.answers[1:]:
        answer.set_result(None)
    await asyncio.gather(*late)


async def test_what_others_follow_is_packed_at_once_and_written_in_its_order_beside_what_came_alone() -> None:
    producer = Producer()
    sender = Sender(producer, str)
    load = sender.load()
    for begin in range(0, 12, 4):
        records = [Written(b"key", b"%02d" % number, []) for number in range(begin, begin + 4)]
        load.add({("tracking", 0): records}, more=True)
        records.clear()
    load.add(one(b"12"))
    assert producer.written == []
    others = [asyncio.create_task(send(sender, one(value))) for value in (b"aa", b"bb")]
    sent = asyncio.create_task(load.send())
    await turn()
    assert producer.written == [[b"%02d" % number for number in range(10)], [b"10", b"11", b"12"], [b"aa", b"bb"]]
    for answer in producer.answers[:-1]:
        answer.set_result(None)
    await turn()
    assert not sent.done()
    producer.answers[-1].set_result(None)
    await asyncio.gather(sent, *others)
    await load.send()
    assert len(producer.written) == 3


async def test_what_came_alone_stands_before_what_is_packed_after_it() -> None:
    producer = Producer()
    load = Sender(producer, str).load()
    load.add(one(b"first"))
    load.add(one(b"then"), more=True)
    sent = asyncio.create_task(load.send())
    await turn()
    assert producer.written == [[b"first", b"then"]]
    producer.answers[0].set_result(None)
    await sent


async def test_a_write_that_is_not_durable_is_told_to_all_who_wait_for_it_and_to_nobody_else() -> None:
    producer = Producer()
    sender = Sender(producer, str)
    failing = [asyncio.create_task(send(sender, one(b"x"))) for _ in range(2)]
    other = asyncio.create_task(send(sender, one(b"y", partition=1)))
    await turn()
    producer.answers[0].set_exception(KafkaTimeoutError())
    producer.answers[1].set_result(None)
    for task in failing:
        with pytest.raises(Fatal, match="KafkaTimeoutError"):
            await task
    await other
    again = asyncio.create_task(send(sender, one(b"z")))
    await turn()
    producer.answers[2].set_result(None)
    await again


async def test_a_crowd_at_one_partition_is_served(broker: Broker, tmp_path: Path) -> None:
    """Two hundred at once, again and again: aiokafka's own queue takes the last of them for timed out."""
    async with arena(broker, tmp_path) as on:
        sender = Sender(on.client, on.kafka.topic)
        for turn_number in range(10):
            await asyncio.gather(*(send(sender, one(b"%d/%d" % (turn_number, number))) for number in range(200)))
        values = [record.value for record in await on.read(TRACKING)]
        assert values == [b"%d/%d" % (turn_number, number) for turn_number in range(10) for number in range(200)]
