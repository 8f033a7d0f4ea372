"""Writing: many loops want one partition, and each is answered when its own records are durable."""

import asyncio
from pathlib import Path

import pytest
from aiokafka.errors import KafkaTimeoutError

from contracts.errors import Fatal
from contracts.topics import TRACKING
from desk.broker import Broker
from streams.engine.sending import Sender
from streams.engine.writes import Batches, Written
from tests.faults.arena import arena


class Batch:
    """A batch that holds ten records."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []

    def append(self, *, key: bytes | None, value: bytes | None, timestamp: None, headers: object) -> object:
        del key, timestamp, headers
        if len(self.values) == 10:
            return None
        self.values.append(value)
        return True

    def close(self) -> None:
        pass


class Producer:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.written: list[list[bytes | None]] = []
        self.answers: list[asyncio.Future[None]] = []

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, _: str, *, partition: int) -> "asyncio.Future[None]":
        del partition
        self.written.append(batch.values)
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]


def one(value: bytes, partition: int = 0) -> Batches:
    return {("tracking", partition): [Written(b"key", value, [])]}


async def turn() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_comes_while_a_write_is_under_way_goes_together_and_in_order() -> None:
    producer = Producer()
    sender = Sender(producer, str)
    sends = [asyncio.create_task(sender.send(one(b"%d" % number))) for number in range(4)]
    await turn()
    late = [asyncio.create_task(sender.send(one(b"%d" % number))) for number in range(4, 16)]
    await turn()
    assert producer.written == [[b"0", b"1", b"2", b"3"]]
    producer.answers[0].set_result(None)
    await asyncio.gather(*sends)
    await turn()
    assert producer.written[1:] == [[b"%d" % number for number in range(4, 14)], [b"14", b"15"]]
    assert not any(task.done() for task in late)
    for answer in producer.answers[1:]:
        answer.set_result(None)
    await asyncio.gather(*late)


async def test_a_write_that_is_not_durable_is_told_to_all_who_wait_for_it_and_to_nobody_else() -> None:
    producer = Producer()
    sender = Sender(producer, str)
    failing = [asyncio.create_task(sender.send(one(b"x"))) for _ in range(2)]
    other = asyncio.create_task(sender.send(one(b"y", partition=1)))
    await turn()
    producer.answers[0].set_exception(KafkaTimeoutError())
    producer.answers[1].set_result(None)
    for task in failing:
        with pytest.raises(Fatal, match="KafkaTimeoutError"):
            await task
    await other
    again = asyncio.create_task(sender.send(one(b"z")))
    await turn()
    producer.answers[2].set_result(None)
    await again


async def test_a_crowd_at_one_partition_is_served(broker: Broker, tmp_path: Path) -> None:
    """Two hundred at once, again and again: aiokafka's own queue takes the last of them for timed out."""
    async with arena(broker, tmp_path) as on:
        sender = Sender(on.client, on.kafka.topic)
        for turn_number in range(10):
            await asyncio.gather(*(sender.send(one(b"%d/%d" % (turn_number, number))) for number in range(200)))
        values = [record.value for record in await on.read(TRACKING)]
        assert values == [b"%d/%d" % (turn_number, number) for turn_number in range(10) for number in range(200)]
