"""The ticket desk on a port."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from connectors.targets.standard_webhooks import webhook
from contracts.errors import Rejected
from contracts.settings import Listen
from desk.receive import api, pages, webhooks
from desk.receive.desk import Desk
from desk.receive.journal import Journal


def application(desk: Desk, secret: str | None, journal_name: str = "") -> FastAPI:
    """Make the application; without a secret nothing need be signed.

    Raises:
        Rejected: the secret is none of Standard Webhooks'.
    """
    app = FastAPI(title="Quayside ticket desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.webhook = webhook(secret) if secret else None
    app.state.desk = desk
    app.state.journal_name = journal_name
    app.state.subscriber = webhooks.Subscriber()
    app.include_router(api.router)
    app.include_router(webhooks.router)
    app.include_router(pages.router)
    app.add_exception_handler(Rejected, api.refusal)
    return app


def serve(listen: Listen, secret: str | None, data: Path | None, started: Callable[[str], None]) -> None:
    """Run a ticket desk until SIGTERM or SIGINT; `started` is told its address.

    Raises:
        Rejected: the port is taken, the secret is none, or the journal cannot be read.
    """
    journal = Journal(data)
    try:
        app = application(Desk(journal, lambda: datetime.now(UTC)), secret, str(data or ""))
        with bound(listen) as listening:
            host, port = listening.getsockname()[:2]
            started(f"http://{host}:{port}")
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
            server.run(sockets=[listening])
    finally:
        journal.close()


def bound(listen: Listen) -> socket.socket:
    """Take a port; raises Rejected where it is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((listen.host, listen.port))
        listening.listen()  # so that whoever is told the address can connect, even before it is served
    except OSError as error:
        listening.close()
        raise Rejected(f"{listen.host}:{listen.port} cannot be listened on: {error.strerror}", code="port") from error
    return listening
