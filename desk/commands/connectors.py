"""`quayside connectors`: which systems can be connected."""

import typer

app = typer.Typer(no_args_is_help=True, help="The systems that can be connected.")


@app.callback()
def connectors() -> None:
    """Keep `list` a command of its own, though it is the only one yet."""


@app.command("list")
def list_connectors() -> None:
    """List every connector: its name, whether it pushes, is read, written to or told of parcels, and its pages."""
    from connectors.registry import POLLERS, SOURCES, TARGETS, TRACKERS

    trackers = {name: tracker.target for name, tracker in TRACKERS.items()}
    for kind, records in (("source", SOURCES), ("poller", POLLERS), ("target", TARGETS), ("tracker", trackers)):
        for record in records.values():
            typer.echo(f"{record.name:<17} {kind:<7} {record.title}")
            for page in record.documentation:
                typer.echo(f"{'':<25} {page}")
