"""The engine: a counting stage."""

import asyncio
import signal
from dataclasses import dataclass

import uvloop

from benchmarks.contenders.place import place
from benchmarks.topics import OUTPUT, SOURCE
from contracts.clock import Clock
from contracts.envelope import Event
from contracts.settings import KafkaSettings
from streams.engine.stage import Outcome, Output, Stage, StateFormat
from streams.engine.worker import run_worker


@dataclass(frozen=True, slots=True)
class NoPolicy:
    """Nothing to decide."""

    fingerprint: str = "none"
    revision: int = 1


def count(state: int | None, event: Event | None, _clock: Clock, _policy: NoPolicy) -> Outcome[int]:
    """Count a key's events, and say how many they are."""
    if event is None:
        return Outcome(state)
    number = (state or 0) + 1
    written = b"%d" % number
    return Outcome(number, (Output(OUTPUT, event.key, "bench.counted.v1", written.decode(), written),))


COUNTING: Stage[int, NoPolicy] = Stage(
    name="counting",
    source=SOURCE,
    step=count,
    state=StateFormat(number=1, encode=lambda number: b"%d" % number, decode=int),
)


async def main() -> None:
    """Run until asked to end."""
    where = place()
    kafka = KafkaSettings(
        bootstrap=where.bootstrap, prefix=where.prefix, partitions=where.partitions, session_timeout_seconds=10
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_worker([COUNTING], kafka, NoPolicy(), stop=stop)


if __name__ == "__main__":
    uvloop.run(main())
