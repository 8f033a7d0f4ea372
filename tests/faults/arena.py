"""Where the engine is put through its faults: topics of its own on the real broker, and workers as processes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from connectors.kafka import client_settings, create_topics, producer
from contracts.clock import INGRESS
from contracts.envelope import NO_STAMP, Envelope, Headers, Stamp
from contracts.settings import KafkaSettings
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import DEAD_LETTERS, DOCUMENTS, INBOUND, SNAPSHOTS, TRACKING, Topic, changelog
from desk.broker import Broker
from streams.engine.placement import partition_of
from streams.failpoints import VARIABLE
from tests.streams.engine.toys import headers_of

SESSION_SECONDS = 3.0
STATEFUL = ("counter", "alarm", "tally")
PATIENCE = 60.0


@dataclass
class Worker:
    """A worker process, and what it said."""

    process: subprocess.Popen[bytes]
    log: Path

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    @property
    def joined(self) -> bool:
        """Whether it has been given its partitions."""
        return self.assignments > 0

    @property
    def assignments(self) -> int:
        """How often it has been given partitions."""
        return self.log.read_text().count("partitions owned")

    @property
    def code(self) -> int | None:
        return self.process.poll()

    async def ended(self) -> int:
        await until(lambda: self.code is not None, "the worker to end")
        assert self.code is not None
        return self.code

    async def stop(self) -> None:
        """End gracefully; a worker that cannot is a failure."""
        await until(lambda: self.joined or self.code is not None, "the worker to join")
        if self.code is None:
            self.signal(signal.SIGTERM)
        assert await self.ended() == 0, self.log.read_text()

    async def kill(self) -> None:
        self.signal(signal.SIGKILL)
        await self.ended()


async def until(
    condition: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str, seconds: float = PATIENCE
) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while True:
        met = condition()
        if met if isinstance(met, bool) else await met:
            return
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        await asyncio.sleep(0.05)


@dataclass
class Arena:
    """Topics under a prefix of their own."""

    bootstrap: str
    folder: Path
    partitions: int = 4
    session_seconds: float = SESSION_SECONDS
    prefix: str = field(default_factory=lambda: f"arena-{uuid.uuid4().hex[:8]}")
    workers: list[Worker] = field(default_factory=list)

    @property
    def kafka(self) -> KafkaSettings:
        return KafkaSettings(
            bootstrap=self.bootstrap,
            prefix=self.prefix,
            partitions=self.partitions,
            session_timeout_seconds=self.session_seconds,
        )

    async def __aenter__(self) -> Self:
        topics = [INBOUND, DOCUMENTS, TRACKING, SNAPSHOTS, DEAD_LETTERS, *map(changelog, STATEFUL)]
        await create_topics(self.kafka, topics)
        self.client: AIOKafkaProducer = producer(self.kafka, "test")
        await self.client.start()
        self.admin = AIOKafkaAdminClient(**client_settings(self.kafka, "test"))
        await self.admin.start()
        self.reader = AIOKafkaConsumer(**client_settings(self.kafka, "test"), enable_auto_commit=False)
        await self.reader.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in self.workers:
            if worker.code is None:
                worker.process.kill()
            worker.process.wait()
        await self.client.stop()
        await self.reader.stop()
        await self.admin.delete_topics(sorted(self.kafka.topic(name) for name in await self._names()))
        await self.admin.close()

    async def _names(self) -> list[str]:
        prefix = self.kafka.topic("")
        return [name.removeprefix(prefix) for name in await self.admin.list_topics() if name.startswith(prefix)]

    def start(self, *stages: str, failpoint: str = "", rules: int = 1) -> Worker:
        """Start a worker process for these toy stages."""
        settings = {"kafka": self.kafka.model_dump(mode="json"), "stages": stages, "rules": rules}
        log = self.folder / f"worker-{len(self.workers)}.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker_process", json.dumps(settings)],
                env=os.environ | {"PYTHONUNBUFFERED": "1"} | ({VARIABLE: failpoint} if failpoint else {}),
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=Path(__file__).parents[2],
            )
        worker = Worker(process, log)
        self.workers.append(worker)
        return worker

    async def put(self, topic: Topic, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Write a record where its key belongs."""
        partition = 0 if key is None else partition_of(key, self.partitions)
        await self.client.send_and_wait(
            self.kafka.topic(topic.name), value, key=key, partition=partition, headers=headers
        )

    async def scan(self, topic: Topic, key: bytes, at: datetime, data: bytes = b"scan") -> None:
        """Write an event."""
        await self.put(topic, key, data, headers_of(f"{key!r}-{at}", at=at))

    async def tick(self, topic: Topic, *ticks: Tick) -> None:
        """Write ticks into each partition, in their order."""
        headers = [("ce_type", TICK_TYPE.encode())]
        name = self.kafka.topic(topic.name)
        sent = [
            await self.client.send(name, tick.encode(), partition=partition, headers=headers)
            for tick in ticks
            for partition in range(self.partitions)
        ]
        await asyncio.gather(*sent)

    async def time(self, now: datetime) -> None:
        """Let time pass at a stage that reads `documents`, as if normalise had passed it on."""
        passed = range(self.partitions)
        await self.tick(DOCUMENTS, *(Tick("normalise", now, {INGRESS: now}, partition=number) for number in passed))

    async def read(self, topic: Topic | str) -> list[ConsumerRecord]:
        """Read a topic from its beginning to its end."""
        name = self.kafka.topic(topic if isinstance(topic, str) else topic.name)
        consumer = AIOKafkaConsumer(**client_settings(self.kafka, "test"), enable_auto_commit=False)
        await consumer.start()
        try:
            places = [TopicPartition(name, partition) for partition in range(self.partitions)]
            consumer.assign(places)
            for place, begin in (await consumer.beginning_offsets(places)).items():
                consumer.seek(place, begin)
            ends = await consumer.end_offsets(places)
            found: list[ConsumerRecord] = []
            while [place for place in places if await consumer.position(place) < ends[place]]:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += records
        finally:
            await consumer.stop()
        return found

    async def latest(self, topic: Topic = SNAPSHOTS) -> dict[bytes, bytes]:
        """Read a topic as its readers do: the newest by stamp, a lower one skipped."""
        held: dict[bytes, tuple[Stamp, bytes]] = {}
        for record in sorted(await self.read(topic), key=lambda record: (record.partition, record.offset)):
            stamp = Envelope.read(record.headers).stamp
            if stamp >= held.get(record.key, (NO_STAMP, b""))[0]:
                held[record.key] = stamp, record.value
        return {key: value for key, (_, value) in held.items()}

    async def lag(self, topics: Sequence[Topic]) -> int:
        """Count the records that the group has not committed yet."""
        places = [
            TopicPartition(self.kafka.topic(topic.name), partition)
            for topic in topics
            for partition in range(self.partitions)
        ]
        try:
            committed = await self.admin.list_consumer_group_offsets(self.kafka.topic("worker"))
        except GroupCoordinatorNotAvailableError:  # the broker's first group is only being made
            committed = {}
        ends = await self.reader.end_offsets(places)
        return sum(ends[place] - max(0, committed[place].offset if place in committed else 0) for place in places)

    async def settled(self, *topics: Topic, among: Iterable[Worker] = (), seconds: float = PATIENCE) -> None:
        """Wait until the group has read all of `topics`; each stage's output is the next one's input, so in order."""

        async def done() -> bool:
            for worker in among:
                assert worker.code is None, worker.log.read_text()
            return await self.lag(topics) == 0

        for _ in topics:
            await until(done, f"{[topic.name for topic in topics]} to be read", seconds)


def arena(broker: Broker, folder: Path, **settings: object) -> Arena:
    """Make an arena on a broker."""
    return Arena(broker.bootstrap, folder, **settings)  # type: ignore[arg-type]
