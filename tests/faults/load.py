"""Events at an even rate, so that whatever happens to the workers happens under load."""

import asyncio
from collections import Counter
from typing import Self

from contracts.topics import Topic
from tests.faults.arena import Arena
from tests.streams.engine.toys import NOON, headers_of

RATE = 600
"""Events a second."""


class Load:
    """Writes numbered events, evenly, until told to stop."""

    def __init__(self, on: Arena, topic: Topic, keys: int = 100) -> None:
        self.on, self.topic, self.keys = on, topic, keys
        self.sent: Counter[bytes] = Counter()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not self._stop.is_set():
            due = int((loop.time() - began) * RATE) - self.sent.total()
            await asyncio.gather(*(self._send(self.sent.total() + number) for number in range(due)))
            await asyncio.sleep(0.02)

    async def _send(self, number: int) -> None:
        key = b'["erp","SO-%d"]' % (number % self.keys)
        self.sent[key] += 1
        await self.on.put(self.topic, key, b"%d" % number, headers_of(f"e{number}", at=NOON))

    async def __aenter__(self) -> Self:
        self._writing = asyncio.create_task(self.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await self._writing
