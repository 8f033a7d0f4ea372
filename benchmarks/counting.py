"""(1) Counting: a step with state, changelog and output, by the engine and its peers."""

import sys
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from benchmarks.running import Measured, check, process, watch, written
from benchmarks.topics import COUNTING, PARTITIONS, Record, counted, fill, make

KEYS_PER_EVENT = 0.1
BUDGET = 25.0
"""Seconds after which a slow contender's run is over; what it wrote by then is checked all the same."""
HERE = Path(__file__).parent
BENCH_PYTHON = HERE.parent / ".venv-bench" / "bin" / "python"


@dataclass
class Contender:
    """One of those that are measured. events: how many of the source's it is given, so that its run stays short."""

    name: str
    command: tuple[str, ...]
    share: float = 1.0
    runs: list[Measured] = field(default_factory=list)


ENGINE, CEILING = "engine", "by_hand"


def contenders() -> dict[str, Contender]:
    """Give all of them by what they are called on the command line; the first is ours."""
    python = sys.executable
    return {
        ENGINE: Contender("engine", (python, "-m", "benchmarks.contenders.engine")),
        "stock_faust": Contender(
            "stock Faust with a table", (python, "-m", "benchmarks.contenders.stock_faust"), share=0.1
        ),
        "quix": Contender(
            "Quix Streams with state", (str(BENCH_PYTHON), str(HERE / "contenders" / "quix.py")), share=0.5
        ),
        CEILING: Contender("aiokafka by hand", (python, "-m", "benchmarks.contenders.by_hand")),
    }


@dataclass(frozen=True)
class Bench:
    """The broker's clients that all runs share, and a folder for logs and state."""

    bootstrap: str
    admin: AIOKafkaAdminClient
    producer: AIOKafkaProducer
    reader: AIOKafkaConsumer
    folder: Path


async def run(bench: Bench, contender: Contender, records: list[Record], expected: Counter[bytes]) -> Measured:
    """Run one contender once, on topics of its own; raises NotEqual where what it wrote is wrong."""
    prefix = f"bench-{uuid.uuid4().hex[:8]}"
    names = await make(bench.bootstrap, prefix, COUNTING)
    await fill(bench.producer, names[0], records)
    places = [TopicPartition(names[1], partition) for partition in range(PARTITIONS)]
    state = bench.folder / prefix
    state.mkdir()
    command = [*contender.command, bench.bootstrap, prefix, str(PARTITIONS), str(state)]
    async with process(command, state / "log") as running:
        measured = await watch(running, written(bench.reader, places), len(records), BUDGET)
    whole = measured.total == len(records)
    await check(bench.reader, places, expected, whole=whole)
    await bench.admin.delete_topics(names)
    return measured


async def measure(bench: Bench, events: int, repeats: int, peers: Collection[str]) -> dict[str, Contender]:
    """Run the engine and those peers in turn, `repeats` times."""
    found = {name: contender for name, contender in contenders().items() if name == ENGINE or name in peers}
    sources = {name: counted(int(events * contender.share), _keys(events)) for name, contender in found.items()}
    for number in range(repeats):
        for name, contender in found.items():
            measured = await run(bench, contender, *sources[name])
            contender.runs.append(measured)
            print(
                f"  run {number + 1}/{repeats}  {contender.name:28} {measured.rate:>9,.0f} events/s "
                f"{measured.cost:>7.1f} us CPU/event",
                flush=True,
            )
    return found


def _keys(events: int) -> int:
    return max(1, int(events * KEYS_PER_EVENT))
