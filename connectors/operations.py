"""Every role's own pages: `/healthz` (alive), `/readyz` (able to work, or why not), `/metrics` (Prometheus).

They stand on loopback unless the configuration says otherwise. Ingress has them in its own application; every other
role serves them beside its work:

    async with operations_pages(settings.listen.worker, {"broker": reason_or_none}) as port:
        ...
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from contracts.errors import Rejected
from contracts.metrics import REGISTRY
from contracts.settings import Listen

Readiness = Mapping[str, Callable[[], str | None]]
"""What a role needs, by name: each tells why it is not ready, or None."""

GRACE_SECONDS = 20
"""How long a server that is asked to stop waits for the requests under way."""
_BACKLOG = 512


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def operations_routes(readiness: Readiness) -> list[BaseRoute]:
    """Make the three pages."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def readyz(_request: Request) -> Response:
        reasons = {name: reason for name, check in readiness.items() if (reason := check()) is not None}
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    async def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(REGISTRY), headers={"content-type": content_type})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


@asynccontextmanager
async def operations_pages(listen: Listen, readiness: Readiness) -> AsyncIterator[int]:
    """Serve a role's pages for as long as the context lasts; gives the port. Raises Rejected where it is taken."""
    async with serving(Starlette(routes=operations_routes(readiness)), listen) as port:
        yield port


@asynccontextmanager
async def serving(app: ASGIApp, listen: Listen, **settings: int) -> AsyncIterator[int]:
    """Serve `app` for as long as the context lasts; gives the port. On leaving, requests under way are finished.

    settings: more of uvicorn's. Raises Rejected where the address cannot be had.
    """
    config = uvicorn.Config(
        app,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **settings,  # type: ignore[arg-type]
    )
    with _listening(listen) as listener:
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]), name="http-server")
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task


def _listening(listen: Listen) -> socket.socket:
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        listener = socket.create_server((listen.host, listen.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = f"cannot listen at {listen.host}, port {listen.port}: {error.strerror or error}"
        raise Rejected(reason, code="cannot_listen") from error
    # Connections inherit it. asyncio sets it only where a socket says its protocol, which this one does not. Without it
    # an answer in two parts waits for the other side's delayed acknowledgement, 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
