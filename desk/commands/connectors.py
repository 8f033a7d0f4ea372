"""`quayside connectors`: which systems can be connected."""

import typer

app = typer.Typer(no_args_is_help=True, help="The systems that can be connected.")


@app.callback()
def connectors() -> None:
    """Keep `list` a command of its own, though it is the only one yet."""


@app.command("list")
def list_connectors() -> None:
    """List every connector: its name, whether it pushes, is read or is written to, and the pages it follows."""
    from rich.console import Console
    from rich.table import Table

    from connectors.registry import POLLERS, SOURCES, TARGETS

    table = Table("connector", "kind", "system", "codes", "documentation")
    for source in SOURCES.values():
        table.add_row(source.name, "source", source.title, str(len(source.codes)), "\n".join(source.documentation))
    for kind, records in (("poller", POLLERS), ("target", TARGETS)):
        for record in records.values():
            table.add_row(record.name, kind, record.title, "", "\n".join(record.documentation))
    Console().print(table)
