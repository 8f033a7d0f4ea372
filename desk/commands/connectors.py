"""`quayside connectors`: which systems can be connected."""

import typer

app = typer.Typer(no_args_is_help=True, help="The systems that can be connected.")


@app.callback()
def connectors() -> None:
    """Keep `list` a command of its own, though it is the only one yet."""


@app.command("list")
def list_connectors() -> None:
    """List every connector: its name, whether it pushes, is read or is written to, and the pages it follows."""
    from connectors.registry import POLLERS, SOURCES, TARGETS

    for kind, records in (("source", SOURCES), ("poller", POLLERS), ("target", TARGETS)):
        for record in records.values():
            typer.echo(f"{record.name:<17} {kind}  {record.title}")
            for page in record.documentation:
                typer.echo(f"{'':<25} {page}")
