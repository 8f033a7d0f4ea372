"""The command line, `quayside`."""

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def quayside() -> None:
    """Deliveries under one roof."""


def main() -> None:
    """Run the command line."""
    app()
