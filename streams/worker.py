"""The role `worker`: the stages on Kafka, with the connectors of this deployment."""

import asyncio
from collections.abc import Sequence
from typing import Any

from connectors.operations import operations_pages
from connectors.registry import POLLERS, SOURCES
from contracts.errors import Rejected
from contracts.metrics import UNKNOWN_CODES
from contracts.settings import Settings
from contracts.topics import STAGES
from streams.engine.stage import Stage
from streams.engine.worker import run_worker
from streams.stages import deliver, documents, resolve
from streams.stages.normalise import Connectors, normalise


def stages_of(settings: Settings, names: Sequence[str] = STAGES) -> list[Stage[Any, Any]]:
    """Give the stages of these names, in the order of the record's way; raises Rejected at an unknown name."""
    if unknown := [name for name in names if name not in STAGES]:
        raise Rejected(f"no stage is called {unknown[0]!r}; there are: {', '.join(STAGES)}", code="unknown_stage")
    connectors = Connectors(sources=SOURCES, pollers=POLLERS, zones=_zones(settings))
    stages: dict[str, Stage[Any, Any]] = {
        "normalise": normalise(connectors, _count_unknown),
        "documents": documents.STAGE,
        "resolve": resolve.STAGE,
        "deliver": deliver.STAGE,
    }
    return [stages[name] for name in STAGES if name in names]


async def run_worker_role(
    settings: Settings, names: Sequence[str], stop: asyncio.Event, bound: asyncio.Future[int] | None = None
) -> None:
    """Run these stages until `stop`; `bound` is given the port of the pages. Raises as `run_worker` does."""
    ready = asyncio.Event()
    recovering = {"partitions": lambda: None if ready.is_set() else "partitions are being assigned and recovered"}
    async with operations_pages(settings.listen.worker, recovering) as port:
        if bound is not None:
            bound.set_result(port)
        await run_worker(
            stages_of(settings, names),
            settings.kafka,
            settings.policy,
            stop=stop,
            ready=ready,
            clock=settings.clock.clock(),
        )


def _zones(settings: Settings) -> dict[tuple[str, str], str]:
    """The zones of accounts that name one: local times in their payloads are in it."""
    sources = {(account.connector, account.name): account.zone for account in settings.sources if account.zone}
    return sources | {(account.connector, account.name): account.zone for account in settings.pollers}


def _count_unknown(connector: str) -> None:
    UNKNOWN_CODES.labels(connector).inc()
