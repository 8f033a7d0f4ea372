"""`quayside receive`: a ticket desk for trying things out."""

import os
from pathlib import Path
from typing import Annotated

import typer

from contracts.errors import Rejected
from contracts.settings import Listen


def receive(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8490,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    secret_env: Annotated[
        str | None,
        typer.Option(help="Environment variable with the secret (`whsec_…`) that signs what is sent here."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(dir_okay=False, help="File that keeps what happened; memory only if left out.")
    ] = None,
) -> None:
    """Receive tasks as a small ticket system would, show them on a page, and let people close them.

    It keeps what it got, verifies its signature, and answers like a real one: the same key twice is one task.
    """
    from desk.receive.serving import serve

    secret = None if secret_env is None else os.environ.get(secret_env)
    if secret_env is not None and not secret:
        raise Rejected(f"the environment variable {secret_env} is not set", code="secret_missing")
    kept = f"in {data}" if data else "in memory only"
    serve(
        Listen(host=host, port=port),
        secret,
        data,
        lambda url: typer.echo(f"The ticket desk is open at {url}, and keeps its tasks {kept}. Ctrl-C closes it."),
    )
