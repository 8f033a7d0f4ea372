"""A fake that stands for a whole module of tests, since starting a server takes as long as ten of them."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.operations import serving
from contracts.settings import Listen

PATIENCE = 10.0


@dataclass
class Standing:
    """Where it is served; each test gives it an application of its own."""

    url: str = ""
    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application of the test that runs."""
        assert self.app is not None
        await self.app(scope, receive, send)


@contextmanager
def standing() -> Iterator[Standing]:
    """Serve on a free port of this machine, in a thread with a loop of its own."""
    place, ready = Standing(), threading.Event()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with serving(place, Listen(port=0)) as port:
            place.url = f"http://127.0.0.1:{port}"
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        assert ready.wait(PATIENCE), "the fake does not start"
        yield place
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        loop.close()
