"""The engine with the real deliver step."""

import asyncio
import signal

import uvloop

from benchmarks.contenders.place import place
from contracts.policy import Policy
from contracts.settings import KafkaSettings
from streams.engine.worker import run_worker
from streams.stages.deliver import STAGE


async def main() -> None:
    """Run until asked to end."""
    where = place()
    kafka = KafkaSettings(
        bootstrap=where.bootstrap, prefix=where.prefix, partitions=where.partitions, session_timeout_seconds=10
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_worker([STAGE], kafka, Policy(pollers=("factory",)), stop=stop)


if __name__ == "__main__":
    uvloop.run(main())
