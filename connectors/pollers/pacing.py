"""Calls that wait, so that a system which allows so many in any span of time never gets more of them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """At most `calls` of one name in any `seconds`. clock: seconds that never go back; sleep: how waiting is done."""

    def __init__(
        self, calls: int, seconds: float, clock: Callable[[], float] = monotonic, sleep: Sleep = asyncio.sleep
    ) -> None:
        """Take the limit; nothing was called yet."""
        self._calls = calls
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._made: dict[str, deque[float]] = {}

    async def turn(self, name: str) -> None:
        """Wait until one more call of this name may go."""
        made = self._made.setdefault(name, deque())
        if len(made) == self._calls:
            await self._sleep(max(0.0, made.popleft() + self._seconds - self._clock()))
        made.append(self._clock())
