"""The role `ingress`: a process that takes what is pushed to us. Several of them may share the work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.ingress.accounts import open_doors
from connectors.ingress.durable import Durable
from connectors.ingress.intake import ingress_app
from connectors.ingress.ticking import keep_ticking
from connectors.kafka import client_settings
from connectors.operations import serving
from connectors.registry import SOURCES
from contracts.settings import Settings

CONNECTIONS = 1024
"""How many connections are kept at once, more than requests may be under way: some are idle, or ask how we are."""


async def run_ingress(settings: Settings, stop: asyncio.Event, bound: asyncio.Future[int] | None = None) -> None:
    """Run the role until `stop`; `bound` is given the port as soon as senders can connect.

    It serves even while the broker is away, and then answers 503. On `stop` it takes no more, finishes what is under
    way, flushes, and returns. Raises Rejected where the configuration does not hold.
    """
    async with ingress(settings) as port:
        if bound is not None:
            bound.set_result(port)
        await stop.wait()


@asynccontextmanager
async def ingress(settings: Settings) -> AsyncIterator[int]:
    """Run the role for as long as the context lasts; gives the port."""
    client_settings(settings.kafka, "ingress")  # what is wrong with them is told now, not when a request comes
    doors = open_doors(settings.sources, SOURCES)
    clock = settings.clock.clock()
    durable = Durable(settings.kafka, clock)
    app = ingress_app(doors, durable, {"broker": durable.unready})
    async with asyncio.TaskGroup() as group:
        connecting = group.create_task(durable.keep_connected(), name="keep-connected")
        ticking = group.create_task(keep_ticking(durable, clock, settings.clock.tick_seconds), name="keep-ticking")
        async with serving(app, settings.listen.ingress, limit_concurrency=CONNECTIONS) as port:
            yield port
        ticking.cancel()
        connecting.cancel()
