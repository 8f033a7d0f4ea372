"""`quayside import`: files in, as if their sender had pushed them."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from desk.commands.options import Config


def import_files(
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="The account under `sources` whose files they are.")
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="The files, as their sender wrote them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be taken, and send nothing.")] = False,
    content_type: Annotated[str, typer.Option(help="Theirs, where their names do not tell it.")] = "",
    config: Config = None,
) -> None:
    """Take files: tables by a column mapping, EDI, or whatever else the account's connector reads.

    All files are read and mapped first. Where anything in one of them is wrong, all of that is told, nothing is
    sent, and the exit code is 1. Importing a file again does no harm.
    """
    from rich.console import Console

    from desk.configuration import load
    from desk.importing import read_files, send, shown, summary

    settings = load(config)
    found = read_files(settings, account, files, content_type)
    for file in found:
        for mistake in file.judged.mistakes:
            typer.echo(f"{file.path}: {mistake}", err=True)
        if not file.judged.mistakes:
            if dry_run:
                Console().print(shown(file))
            for line in summary(file):
                typer.echo(line)
    if any(file.judged.mistakes for file in found):
        typer.echo("Nothing was sent.", err=True)
        raise typer.Exit(1)
    if dry_run:
        typer.echo("Nothing is wrong; nothing was sent.")
    else:
        typer.echo(f"Sent: {asyncio.run(send(settings, found))} requests, all durable.")
