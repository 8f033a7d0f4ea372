"""A worker as a process, with toy stages: `python -m tests.faults.worker_process JSON`."""

import asyncio
import json
import signal
import sys

import uvloop

from contracts.errors import QuaysideError
from contracts.settings import KafkaSettings
from streams.engine.worker import run_worker
from tests.streams.engine.toys import ROUTE, TOYS, Rules


async def main(settings: dict[str, object]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    names = settings["stages"]
    assert isinstance(names, list)
    await run_worker(
        [TOYS[name] for name in names],
        KafkaSettings.model_validate(settings["kafka"]),
        Rules(int(str(settings["rules"]))),
        stop=stop,
        route=ROUTE,
    )


if __name__ == "__main__":
    try:
        uvloop.run(main(json.loads(sys.argv[1])))
    except QuaysideError as error:
        sys.exit(f"{type(error).__name__} {error.code}: {error.reason}")
