"""The demo's processes: the broker, the ticket desk, and the roles of `quayside up`, in two sets.

What comes in (ingress, poll) can end before what is made of it. Time comes from there too, so it then stands still.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from contracts.settings import Settings
from desk.broker import Broker
from desk.demo.deployment import SUBSCRIBER, TARGET, Deployment
from desk.roles import first_of_ours
from desk.supervision.child import Child
from desk.supervision.listening import wait_until_ready
from desk.supervision.roles import children, roles_with_work
from desk.supervision.supervisor import Supervised, Supervisor

RECEIVE_SECRET = "QUAYSIDE_DEMO_RECEIVE_SECRET"  # noqa: S105 - the variable's name
Tell = Callable[[str, str], None]
Result = TypeVar("Result")


@contextmanager
def broker_in(folder: Path) -> Iterator[Broker]:
    """Start a broker; it is killed at the end, since nobody reads its data again. Raises what `Broker.start` does."""
    broker = Broker(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()


class Kept:
    """Processes that are kept running, and end together."""

    def __init__(self, groups: Sequence[Sequence[Supervised]], tell: Tell) -> None:
        """Start them; inside a running event loop."""
        self._stop = asyncio.Event()
        self.supervision = asyncio.create_task(Supervisor(groups, tell).run(self._stop), name="supervision")

    async def stop(self) -> None:
        """Have them finish what is under way, group by group, and end."""
        self._stop.set()
        await self.supervision


@asynccontextmanager
async def kept(groups: Sequence[Sequence[Supervised]], tell: Tell) -> AsyncIterator[Kept]:
    """Keep processes running for as long as the context lasts."""
    processes = Kept(groups, tell)
    try:
        yield processes
    finally:
        await processes.stop()


async def while_kept(work: Coroutine[Any, Any, Result], *processes: Kept) -> Result:
    """Do `work`; raises what a supervisor raised where it gave up meanwhile."""
    working = asyncio.create_task(work, name="demo")
    try:
        await asyncio.wait([working, *(one.supervision for one in processes)], return_when=asyncio.FIRST_COMPLETED)
        for one in processes:
            if one.supervision.done() and not working.done():
                one.supervision.result()
        return await working
    except ExceptionGroup as group:
        raise first_of_ours(group) from group
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


class Roles:
    """The roles of a configuration, not started yet."""

    def __init__(self, deployment: Deployment, settings: Settings, tell: Tell) -> None:
        """Make them."""
        self._listens = roles_with_work(settings)
        self.groups = children(self._listens, settings.kafka.bootstrap, deployment.config, tell)
        self._tell = tell

    @property
    def incoming(self) -> list[list[Child]]:
        """Where records and time come from."""
        return self.groups[:1]

    @property
    def working(self) -> list[list[Child]]:
        """What is made of them."""
        return self.groups[1:]

    @property
    def worker(self) -> Child:
        """The worker."""
        return next(child for group in self.groups for child in group if child.name == "worker")

    async def ready(self) -> None:
        """Wait until all of them can work."""
        await wait_until_ready(self._listens, self._tell)


def ticket_desk(deployment: Deployment, tell: Tell) -> Child:
    """Make the ticket desk's process."""
    return _receive("desk", deployment, deployment.secrets[TARGET], tell, "--data", str(deployment.journal))


def portal(deployment: Deployment, tell: Tell) -> Child:
    """Make the process of the customers' portal, a subscriber by Standard Webhooks."""
    return _receive("portal", deployment, deployment.secrets[SUBSCRIBER], tell)


def _receive(name: str, deployment: Deployment, secret: str, tell: Tell, *more: str) -> Child:
    command = [sys.executable, "-P", "-m", "desk", "receive", "--port", str(deployment.ports[name])]
    environ = dict(os.environ) | {RECEIVE_SECRET: secret, "PYTHONUNBUFFERED": "1"}
    return Child(name, [*command, "--secret-env", RECEIVE_SECRET, *more], tell, environ=environ)
