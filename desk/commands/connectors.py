"""`quayside connectors`: which systems can be connected, and the first files of one more."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from contracts.errors import Rejected

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
    """Write the first files of a connector into this checkout of Quayside, its page, and its lines in the lists.

    They pass `make lint`, and their tests fail until the work is done: they say what is missing.
    """
    from desk.scaffold.writing import checkout, told, write_connector

    root = checkout(Path.cwd())
    for path in write_connector(root, name, kind, datetime.now(UTC).date()):
        typer.echo(f"{path}: written")
    typer.echo("What is generated follows from all connectors and their suites: reading them takes a few seconds.")
    # A process of its own: this one knows the connectors that there were.
    if subprocess.run([sys.executable, "-m", "desk.generate"], cwd=root, check=False).returncode:
        raise Rejected("the files above stand, but `python -m desk.generate` fails: see above", code="not_generated")
    typer.echo(told(name, kind))
