"""Running a contender and watching it from outside: what it wrote, and what it cost, alike for all."""

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from contracts.envelope import Envelope, Origin, Stamp, Through

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS = 0.02
"""Between two looks at whether it has begun, or is about to end."""
SELDOM_SECONDS = 0.2
"""Between two looks meanwhile: where all processors are busy, a look takes time from what is looked at."""
NEARLY = 0.8
START_SECONDS = 120.0
LAST_LINES = 15
AT = datetime(2026, 3, 2, tzinfo=UTC)


ENVELOPE = {
    name for name, _ in Envelope("-", "-", "-", AT, AT, Origin("-", 0, 0), stamp=Stamp(Through(1, 0), AT)).headers()
}
"""The headers of each output."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: events in a span of seconds, the processor time they took, and how many there were in all."""

    events: int
    seconds: float
    cpu_seconds: float
    total: int

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of processor time an event."""
        return self.cpu_seconds / self.events * 1e6


class NotEqual(Exception):
    """A contender wrote something else than the others must."""


class TooShort(Exception):
    """A run was over before it could be measured."""


@asynccontextmanager
async def process(command: Sequence[str | Path], log: Path) -> AsyncIterator["subprocess.Popen[bytes]"]:
    """Run a contender for as long as the context lasts."""
    with log.open("wb") as output:
        running = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)  # noqa: ASYNC220 - returns at once
    try:
        yield running
    except NotEqual as error:
        raise NotEqual("\n".join([str(error), *_last_lines(log)])) from error
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(running.wait, 20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


Progress = Callable[[], Awaitable[int]]
"""How many events a contender has finished."""


def _last_lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]


async def watch(running: "subprocess.Popen[bytes]", progress: Progress, events: int, budget: float) -> Measured:
    """Measure from the first progress seen to the last event, or until `budget` seconds are over.

    Raises NotEqual where the contender ends, TooShort where all was done when it was looked at for the first time.
    """
    began = time.monotonic()
    while (first := await progress()) == 0:
        if running.poll() is not None or time.monotonic() - began > START_SECONDS:
            raise NotEqual(f"it did nothing; it ended with {running.poll()}")
        await asyncio.sleep(LOOK_SECONDS)
    if first >= events:
        raise TooShort(f"{events} events are too few: they were done before they could be measured")
    cpu_first, began, done = cpu_seconds(running.pid), time.monotonic(), first
    while done < events and time.monotonic() - began < budget:
        if running.poll() is not None:
            raise NotEqual(f"it ended with {running.poll()}")
        await asyncio.sleep(LOOK_SECONDS if done >= NEARLY * events else SELDOM_SECONDS)
        done = await progress()
    ended, cpu_last = time.monotonic(), cpu_seconds(running.pid)
    return Measured(done - first, ended - began, cpu_last - cpu_first, done)


def written(reader: AIOKafkaConsumer, places: list[TopicPartition]) -> Progress:
    """Tell progress by what was written."""

    async def progress() -> int:
        return sum((await reader.end_offsets(places)).values())

    return progress


def committed(admin: AIOKafkaAdminClient, group: str) -> Progress:
    """Tell progress by what the group has committed."""

    async def progress() -> int:
        try:
            found = await admin.list_consumer_group_offsets(group)
        except GroupCoordinatorNotAvailableError:  # a new broker has none before the first group joins
            return 0
        return sum(max(offset.offset, 0) for offset in found.values())

    return progress


async def check(
    reader: AIOKafkaConsumer, places: list[TopicPartition], expected: Counter[bytes], *, whole: bool
) -> int:
    """Check what was written: each key's counts from one upwards without a gap, to the end where it is `whole`.

    Each in the same envelope: a peer that writes less works less.
    """
    reader.assign(places)
    await reader.seek_to_beginning(*places)
    ends = await reader.end_offsets(places)
    said: dict[bytes, int] = defaultdict(int)
    left = {place for place in places if ends[place]}
    number = 0
    while left:
        for place, records in (await reader.getmany(*left, timeout_ms=1000)).items():
            for record in records:
                said[record.key] += 1
                number += 1
                if int(record.value) != said[record.key]:
                    raise NotEqual(f"{record.key!r} was counted {record.value!r} after {said[record.key] - 1}")
                if missing := ENVELOPE - {name for name, value in record.headers if value}:
                    raise NotEqual(f"{record.key!r} was written without {', '.join(sorted(missing))}")
            if await reader.position(place) >= ends[place]:
                left.discard(place)
    reader.unsubscribe()
    too_often = [key for key, count in said.items() if count > expected[key]]
    too_seldom = [key for key, count in expected.items() if whole and said.get(key, 0) < count]
    if too_often or too_seldom:
        raise NotEqual(f"{len(too_often)} keys were counted too often, {len(too_seldom)} too seldom")
    return number


def cpu_seconds(pid: int) -> float:
    """Read the processor time that a process and its threads took (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def resident_mib(pid: int) -> float:
    """Read the memory that a process holds, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
