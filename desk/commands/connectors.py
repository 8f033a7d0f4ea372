"""`quayside connectors`: which systems can be connected, and the first files of one more."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(no_args_is_help=True, help="The systems that can be connected.")


@app.command("list")
def list_connectors() -> None:
    """List every connector: its name, its kind, how far it is proven, and the pages it follows.

    unproven: no suite runs over it, or on nothing yet. documented: on payloads, or a fake, written from the vendor's
    pages. recorded: on payloads that a sandbox of the vendor's sent. real: on the system itself.
    """
    from desk.maturity import Evidence, read_evidence, records

    shown = read_evidence()
    for kind, name, record in records():
        maturity = shown.get((kind, name), Evidence(kind=kind, name=name)).maturity
        typer.echo(f"{name:<17} {kind:<8} {maturity:<11} {record.title} ({record.read_on.isoformat()})")
        for page in record.documentation:
            typer.echo(f"{'':<38} {page}")


@app.command("new")
def new_connector(
    name: Annotated[str, typer.Argument(help="What it is called: lower case letters, digits and hyphens.")],
    kind: Annotated[
        Literal["source", "poller", "target"],
        typer.Option(help="Whether it pushes to us, is read by us, or is written to by us."),
    ],
) -> None:
    """Write the first files of a connector into this checkout of Quayside, and its line in the registry.

    They pass `make lint`, and their test fails until the work is done: it says what is missing.
    """
    from desk.scaffold.writing import checkout, told, write_connector

    root = checkout(Path.cwd())
    written = write_connector(root, name, kind, datetime.now(UTC).date())
    # A process of its own: this one knows the connectors that there were.
    subprocess.run([sys.executable, "-m", "desk.generate"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    typer.echo(told(root, written, name, kind))
