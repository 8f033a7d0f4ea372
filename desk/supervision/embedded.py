"""The embedded broker as something that is kept running. It is up before the roles are, and stops after them."""

import asyncio

from desk.broker import Broker


class EmbeddedBroker:
    """A broker that was started already; after a crash it starts again on the same data and port."""

    name = "broker"

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def start(self) -> None:
        """Start it unless it runs; raises what `Broker.start` raises."""
        if not self._broker.is_running:
            await asyncio.to_thread(self._broker.start)

    async def ended(self) -> int:
        """Wait until it has ended."""
        return await asyncio.to_thread(self._broker.wait)

    async def stop(self) -> None:
        """Stop it cleanly, in half a minute at most."""
        await asyncio.to_thread(self._broker.stop)

    def kill(self) -> None:
        """End it at once."""
        self._broker.kill()
