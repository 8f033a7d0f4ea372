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
from streams.stages import cases, deliver, documents, lanes, resolve
from streams.stages.normalise import Account, Connectors, normalise


def stages_of(settings: Settings, names: Sequence[str] = STAGES) -> list[Stage[Any, Any]]:
    """Give the stages of these names, in the order of the record's way; raises Rejected at an unknown one, or none."""
    if not names:
        raise Rejected(f"no stage is named; there are: {', '.join(STAGES)}", code="unknown_stage")
    if unknown := [name for name in names if name not in STAGES]:
        raise Rejected(f"no stage is called {unknown[0]!r}; there are: {', '.join(STAGES)}", code="unknown_stage")
    connectors = Connectors(sources=SOURCES, pollers=POLLERS, accounts=_accounts(settings))
    stages: dict[str, Stage[Any, Any]] = {
        "normalise": normalise(connectors, _count_unknown),
        "documents": documents.STAGE,
        "resolve": resolve.STAGE,
        "cases": cases.STAGE,
        "deliver": deliver.STAGE,
        "lanes": lanes.STAGE,
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


def _accounts(settings: Settings) -> dict[tuple[str, str], Account]:
    """What this deployment says of its accounts: the zone of their local times, their connectors' options."""
    pushed = {(account.connector, account.name): Account(account.zone, account.options) for account in settings.sources}
    polled = {(account.connector, account.name): Account(account.zone, account.options) for account in settings.pollers}
    return pushed | polled


def _count_unknown(connector: str) -> None:
    UNKNOWN_CODES.labels(connector).inc()
