"""Everybody who pushes into the demo: Kuaidi100's stand-in, on a port, and those whose pushes go when they are due."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.operations import serving
from contracts.clock import WallClock
from contracts.settings import Listen
from desk.demo.deployment import ACCOUNT, TRACKER, Deployment
from desk.demo.monitoring import Monitored, Monitoring
from desk.demo.playing import Letter
from desk.demo.pushes import Push


class Senders:
    """Who sends what. outbox: what is to be posted now, in this order. clock: the day's, and later an ordinary one."""

    def __init__(self, deployment: Deployment, clock: WallClock, tell: Callable[[str], None]) -> None:
        """Begin the day, with the parcels that are registered by hand; `tell` hears what is worth a line."""
        self._deployment = deployment
        self.clock = clock
        self.outbox: asyncio.Queue[Letter] = asyncio.Queue()
        self.monitoring = Monitoring(
            key=deployment.secrets[TRACKER],
            companies=frozenset(deployment.registered_carriers.values()),
            clock=self._now,
            send=self._to_subscriber,
            tell=tell,
        )
        salt = deployment.secrets[ACCOUNT["kuaidi100"]]
        for parcel in deployment.story.parcels:
            if parcel.by_hand:
                self.monitoring.register_by_hand(parcel.number, deployment.push_url, salt)

    def send(self, push: Push) -> None:
        """Have its sender send a push that is due."""
        if push.by == "kuaidi100":
            self.monitoring.push(push)
        else:
            secret = self._deployment.secrets[ACCOUNT[push.by]]
            self.outbox.put_nowait(Letter(push, self._deployment.door(push.by), push.signed(secret)))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Take registrations for as long as the context lasts; raises Rejected where the port is taken."""
        app = Starlette(routes=[Route("/poll", self._subscribe, methods=["POST"])])
        async with serving(app, Listen(port=self._deployment.ports["kuaidi100"])):
            yield

    def asked(self) -> int:
        """Count how often a registration was asked for."""
        return sum(len(answers) for answers in self.monitoring.answers.values())

    def _now(self) -> datetime:
        return self.clock.now()

    async def _subscribe(self, request: Request) -> Response:
        return JSONResponse(self.monitoring.subscribe(await request.body()))

    def _to_subscriber(self, push: Push, known: Monitored) -> None:
        self.outbox.put_nowait(Letter(push, known.callback, push.signed(known.salt)))
