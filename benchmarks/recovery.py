"""(3) Recovery: a worker that begins with a hundred thousand keys in its changelog."""

import asyncio
import re
import sys
import uuid
from dataclasses import dataclass

from aiokafka import TopicPartition

from benchmarks.counting import Bench
from benchmarks.running import NotEqual, process, resident_mib, watch, written
from benchmarks.topics import COUNTING, PARTITIONS, counted, fill, make

KEYS = 100_000
_RECOVERED = re.compile(r"state recovered\s.*?records=(\d+) seconds=([\d.]+)")
ENGINE = (sys.executable, "-m", "benchmarks.contenders.engine")


@dataclass(frozen=True, slots=True)
class Recovered:
    """One recovery: records read, seconds, and the worker's memory before its first event, in MiB."""

    records: int
    seconds: float
    resident_mib: float


async def measure(bench: Bench, repeats: int) -> list[Recovered]:
    """Count each key once, then start the worker anew, `repeats` times."""
    prefix = f"bench-{uuid.uuid4().hex[:8]}"
    names = await make(bench.bootstrap, prefix, COUNTING)
    records, _ = counted(KEYS, KEYS)
    await fill(bench.producer, names[0], records)
    places = [TopicPartition(names[1], partition) for partition in range(PARTITIONS)]
    command = [*ENGINE, bench.bootstrap, prefix, str(PARTITIONS), str(bench.folder)]
    async with process(command, bench.folder / "filling.log") as running:
        measured = await watch(running, written(bench.reader, places), KEYS, 120)
    if measured.total < KEYS:
        raise NotEqual(f"{measured.total} of {KEYS} keys were counted")
    return [await _recover(bench, command, number) for number in range(repeats)]


async def _recover(bench: Bench, command: list[str], number: int) -> Recovered:
    log = bench.folder / f"recovery-{number}.log"
    async with process(command, log) as running, asyncio.timeout(120):
        while (found := _RECOVERED.search(log.read_text(encoding="utf-8", errors="replace"))) is None:
            if running.poll() is not None:
                raise NotEqual(f"the worker ended with {running.poll()}")
            await asyncio.sleep(0.02)
        return Recovered(int(found[1]), float(found[2]), resident_mib(running.pid))
