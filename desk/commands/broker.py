"""`quayside broker`: the embedded Kafka by itself."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from contracts.errors import Fatal
from desk.broker import running_broker


def broker(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port on loopback; a free one if left out.")
    ] = None,
    data: Annotated[Path, typer.Option(help="Folder of the broker's data and log.")] = Path("state", "broker"),
) -> None:
    """Run a single-node Apache Kafka until Ctrl-C or SIGTERM.

    It needs no Java and no docker: what is missing is downloaded once. It ends with whoever started it.
    """
    # Set, since a shell may have started us with SIGINT ignored; from here on both unwind and stop Kafka.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        with running_broker(data, port) as running:
            typer.echo(f"Kafka is up at {running.bootstrap}; its log is {running.folder.log}. Ctrl-C stops it.")
            code = running.wait()
    except KeyboardInterrupt:
        typer.echo("Kafka has stopped.")
        return
    message = f"Kafka ended by itself with code {code}; why stands in {running.folder.log}"
    raise Fatal(message, code="broker_ended")
