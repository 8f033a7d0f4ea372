"""(3) Recovery: a worker that begins with many keys in its changelog, counts of one digit or open deliveries."""

import asyncio
import itertools
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import TopicPartition

from benchmarks import cost, deliver
from benchmarks.contenders.engine import COUNTING as STAGE
from benchmarks.contenders.engine import NoPolicy
from benchmarks.counting import Bench
from benchmarks.running import LOOK_SECONDS, NotEqual, process, resident_mib, written
from benchmarks.topics import AT, COUNTING, PARTITIONS, Record, counted, fill, make
from connectors.kafka import producer
from contracts.settings import KafkaSettings
from contracts.topics import Topic
from streams.engine.core import PartitionCore
from streams.engine.placement import partition_of
from streams.engine.replay import Stored

PATIENCE_SECONDS = 120.0
_RECOVERED = re.compile(r"state recovered\s.*?records=(\d+) seconds=([\d.]+)")


@dataclass(frozen=True, slots=True)
class Recovered:
    """One recovery. records: read, in so many seconds, as the worker says.

    answered_seconds: from then until each partition has answered its first event; resident_mib: the memory then.
    """

    records: int
    seconds: float
    answered_seconds: float
    resident_mib: float


@dataclass(slots=True)
class Kept:
    """What a changelog holds, and the runs on it. topics: the source, the output, and more. bytes: a key's, on average.

    stored: so many keys as a changelog has them. event: one of another key, named by its number.
    """

    name: str
    worker: str
    topics: tuple[Topic, ...]
    stored: Callable[[int], Iterable[tuple[bytes, bytes]]]
    event: Callable[[int], Record]
    bytes: float = 0.0
    runs: list[Recovered] = field(default_factory=list)


def kinds() -> list[Kept]:
    """Give what is recovered: the least that a key can have, and what the deliver step keeps."""
    return [
        Kept("a count of one digit", "engine", COUNTING, _counts, _event),
        Kept("an open delivery", "deliver", deliver.TOPICS, cost.open_deliveries, cost.order_event),
    ]


async def measure(bench: Bench, keys: int, repeats: int) -> list[Kept]:
    """Write a changelog of so many keys of each kind, and start a worker on it, `repeats` times."""
    found = kinds()
    for kept in found:
        await _measure(bench, kept, keys, repeats)
    return found


async def _measure(bench: Bench, kept: Kept, keys: int, repeats: int) -> None:
    prefix = f"bench-{uuid.uuid4().hex[:8]}"
    names = await make(bench.bootstrap, prefix, kept.topics)
    records: list[Record] = [(key, value, []) for key, value in kept.stored(keys)]
    kept.bytes = sum(len(key) + len(value or b"") for key, value, _ in records) / len(records)
    # Compressed and in batches, as the engine writes it.
    async with producer(KafkaSettings(bootstrap=bench.bootstrap, prefix=prefix), "filling") as writer:
        await fill(writer, next(name for name in names if name.endswith(".changelog")), records)
    command = (sys.executable, "-m", f"benchmarks.contenders.{kept.worker}")
    arguments = (bench.bootstrap, prefix, str(PARTITIONS), str(bench.folder))
    events = _events(kept)
    for number in range(repeats):
        await fill(bench.producer, names[0], next(events))
        log = bench.folder / f"{prefix}-{number}.log"
        async with process([*command, *arguments], log) as running, asyncio.timeout(PATIENCE_SECONDS):
            run = await _recover(bench, running, log, names[1], (number + 1) * PARTITIONS)
        if run.records != keys + number * PARTITIONS:  # those of the events of earlier runs, too
            raise NotEqual(f"{run.records} keys were recovered of {keys}")
        kept.runs.append(run)
    await bench.admin.delete_topics(names)


async def _recover(bench: Bench, running: "subprocess.Popen[bytes]", log: Path, output: str, answers: int) -> Recovered:
    """Wait until the changelog is read, and then until all events have their answers."""
    while (found := _said(log)) is None:
        await _look(running)
    began = time.monotonic()
    answered = written(bench.reader, [TopicPartition(output, partition) for partition in range(PARTITIONS)])
    while await answered() < answers:
        await _look(running)
    return Recovered(int(found[1]), float(found[2]), time.monotonic() - began, resident_mib(running.pid))


def _said(log: Path) -> re.Match[str] | None:
    return _RECOVERED.search(log.read_text(encoding="utf-8", errors="replace"))


async def _look(running: "subprocess.Popen[bytes]") -> None:
    if running.poll() is not None:
        raise NotEqual(f"the worker ended with {running.poll()}")
    await asyncio.sleep(LOOK_SECONDS)


def _events(kept: Kept) -> Iterator[list[Record]]:
    """Give one event for each partition, of keys that are not stored, again and again."""
    numbers = itertools.count()
    while True:
        found: dict[int, Record] = {}
        while len(found) < PARTITIONS:
            event = kept.event(next(numbers))
            found.setdefault(partition_of(event[0], PARTITIONS), event)
        yield list(found.values())


def _counts(number: int) -> Iterator[tuple[bytes, bytes]]:
    """Count each key once, in process."""
    core: PartitionCore[int, NoPolicy] = PartitionCore(STAGE, NoPolicy(), partition=0, partitions=1)
    records, _ = counted(number, number)
    stored = [Stored(STAGE.source.name, 0, at, *record) for at, record in enumerate(records)]
    for writes in core.take(stored, AT):
        yield from ((key, value) for key, value in writes.changelog if value is not None)


def _event(number: int) -> Record:
    (_, value, headers), *_ = counted(1, 1)[0]
    return b'["factory","NEW-%d"]' % number, value, headers
