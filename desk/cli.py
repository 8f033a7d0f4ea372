"""The command line, `quayside`: what all commands share. Each has its module in desk/commands, and is listed there."""

import errno
import logging
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from contracts.errors import QuaysideError
from desk.commands.choosing import Commands

MISTAKE = 2
INTERRUPTED = 130
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quayside {version('quayside')}")
        raise typer.Exit


@app.callback()
def quayside(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """One delivery record from ERP, carriers and after-sales; findings in time; tasks that arrive."""


def main() -> None:
    """Run the command line; a mistake, and what the world refuses, is one sentence and exit code 2."""
    # Kafka's client tells of every failed try beside the error that it raises; roles, which set up logs, still show it.
    logging.getLogger("aiokafka").addHandler(logging.NullHandler())
    try:
        code = app(standalone_mode=False, prog_name="quayside")
    except QuaysideError as error:
        _tell(str(error))
        sys.exit(MISTAKE)
    except typer.BadParameter as error:
        from desk.mistyped import told

        _tell(told(error))
        sys.exit(MISTAKE)
    except typer.TyperException as error:
        if mistake := error.format_message():  # empty where the help has just been shown instead
            _tell(mistake)
        sys.exit(MISTAKE)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _tell(f"cannot write{f' {error.filename}' if error.filename else ''}: {error.strerror}")
        _drop_what_is_left()
        sys.exit(MISTAKE)
    sys.exit(code if isinstance(code, int) else 0)


def _tell(sentence: str) -> None:
    typer.echo(f"quayside: {sentence}", err=True)


def _drop_what_is_left() -> None:
    """Keep the interpreter from writing once more, as it ends, what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
