"""One account's hints, awaited in the seconds of the running loop's clock."""

import asyncio
from collections.abc import Collection

from connectors.hinting.pending import Pending, Taken
from contracts.hint import Named


class Waiting:
    """The hints of one account, and waiting for them."""

    def __init__(self) -> None:
        """Wait for none yet."""
        self._pending = Pending()
        self._came = asyncio.Event()

    def add(self, named: Named) -> None:
        """Take one hint."""
        self._pending.add((named,), asyncio.get_running_loop().time())
        self._came.set()

    async def take(self, until: float, stop: asyncio.Event | None = None) -> Taken:
        """Give what is to be looked at as soon as it is due; nothing at `until`, or once `stop` is set."""
        loop = asyncio.get_running_loop()
        while loop.time() < until and not (stop is not None and stop.is_set()):
            if taken := self._pending.take(loop.time()):
                return taken
            due = self._pending.next_look()
            self._came.clear()
            await self._wake(until if due is None else min(due, until), stop)
        return {}

    def looked(self, taken: Taken, news: Collection[Named]) -> None:
        """Say what came of looking: what was no news is looked at again a little later."""
        self._pending.looked(taken, news, asyncio.get_running_loop().time())

    def rest(self, seconds: float) -> None:
        """Give nothing for so long."""
        self._pending.rest(asyncio.get_running_loop().time() + seconds)

    async def _wake(self, at: float, stop: asyncio.Event | None) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self._came, stop) if event is not None]
        try:
            seconds = max(0.0, at - asyncio.get_running_loop().time())
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
