"""`quayside check`: everything that is wrong with a configuration, line by line."""

from pathlib import Path
from typing import Annotated

import typer


def check(
    file: Annotated[
        Path | None,
        typer.Argument(envvar="QUAYSIDE_CONFIG", help="The configuration; `quayside.yaml` if left out."),
    ] = None,
    effective: Annotated[
        bool, typer.Option("--print", help="Show the configuration as it takes effect, without secrets.")
    ] = False,
) -> None:
    """Explain every mistake in the configuration: its line, what was found, what is allowed.

    Exit code 2 where there is one; warnings alone pass. Secrets are looked for where this command runs.
    """
    from desk.configuration import configured_file, read_settings, show

    path = configured_file(file)
    reading = read_settings(path, with_secrets=True)
    for mistake in reading.mistakes:
        typer.echo(str(mistake), err=True)
    if reading.settings is not None and effective:
        typer.echo(show(reading.settings), nl=False)
    if not reading.is_usable:
        raise typer.Exit(2)
    if not effective:
        typer.echo(f"{path or 'the defaults'}: nothing is wrong")
