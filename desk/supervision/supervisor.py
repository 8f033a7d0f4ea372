"""Keeps what it was given running: started again after a crash, given up after too many, drained in order."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from contracts.errors import Fatal
from desk.supervision.restarts import CRASHES, pause_before_restart

USAGE = 2
"""The exit code of our command line for what another start cannot mend: a wrong configuration, a taken port."""


class Supervised(Protocol):
    """What can be kept running."""

    @property
    def name(self) -> str:
        """What people call it."""

    async def start(self) -> None:
        """Start it; again after it has ended."""

    async def ended(self) -> int:
        """Wait until it has ended, and give its exit code."""

    async def stop(self) -> None:
        """Have it end, in bounded time."""

    def kill(self) -> None:
        """End it at once."""


class Supervisor:
    """Runs groups of children. They are drained group by group, in the order given.

    tell(name, sentence) is told what happens to each.
    """

    def __init__(
        self,
        groups: Sequence[Sequence[Supervised]],
        tell: Callable[[str, str], None],
        pause: Callable[[Sequence[float], float], float | None] = pause_before_restart,
    ) -> None:
        self._groups = groups
        self._tell = tell
        self._pause = pause
        self._draining: dict[str, asyncio.Event] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Keep all running until `stop`, or until one is given up (raised as Fatal); then drain all."""
        everyone = [child for group in self._groups for child in group]
        self._draining = {child.name: asyncio.Event() for child in everyone}
        keeping = {child.name: asyncio.create_task(self._keep(child), name=child.name) for child in everyone}
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait([stopping, *keeping.values()], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        for group in self._groups:
            for child in group:
                self._draining[child.name].set()
            if group:
                await asyncio.wait([keeping[child.name] for child in group])
        for task in keeping.values():
            task.result()

    def kill(self) -> None:
        """End all at once: somebody asked for the second time."""
        for group in self._groups:
            for child in group:
                child.kill()

    async def _keep(self, child: Supervised) -> None:
        draining = asyncio.create_task(self._draining[child.name].wait())
        crashes: list[float] = []
        try:
            while not draining.done():
                code = await self._run_once(child, draining)
                if draining.done():
                    return
                crashes.append(time.monotonic())
                pause = self._judge(child.name, code, crashes)
                self._tell(child.name, f"ended by itself with {_said(code)} and starts again in {pause:g} s")
                await asyncio.wait([draining], timeout=pause)
        finally:
            draining.cancel()

    def _judge(self, name: str, code: int, crashes: list[float]) -> float:
        if code == USAGE:
            raise Fatal(f"{name} cannot run as it is configured; what is wrong stands above", code="role_misconfigured")
        pause = self._pause(crashes, crashes[-1])
        if pause is None:
            reason = f"{name} ended {CRASHES} times within a minute, the last time with {_said(code)}; why stands above"
            raise Fatal(reason, code="role_given_up")
        return pause

    async def _run_once(self, child: Supervised, draining: "asyncio.Task[bool]") -> int:
        await child.start()
        ending = asyncio.create_task(child.ended(), name=f"{child.name}-ended")
        await asyncio.wait([ending, draining], return_when=asyncio.FIRST_COMPLETED)
        if not ending.done():
            await child.stop()
        return await ending


def _said(code: int) -> str:
    signals = 128
    return f"signal {code - signals}" if code > signals else f"exit code {code}"
