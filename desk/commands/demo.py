"""`quayside demo`: a sample day through the real edges, faster than the clock."""

import signal
from pathlib import Path
from typing import Annotated, Literal

import typer


def demo(
    check: Annotated[
        bool, typer.Option("--check", help="Kill the worker on the way, judge what came of the day, and end.")
    ] = False,
    state: Annotated[
        Path, typer.Option(file_okay=False, help="The folder of everything that the demo keeps; it begins empty.")
    ] = Path(".quayside", "demo"),
    language: Annotated[Literal["en", "zh-CN"], typer.Option(help="The language of the tasks.")] = "en",
    without: Annotated[
        str | None, typer.Option(metavar="PUSH", help="Leave out one push (NUMBER#1, …), to see `--check` fail.")
    ] = None,
) -> None:
    """Start everything and play one working day of a machine-parts maker; then stay up until Ctrl-C.

    Orders and goods issues come from a file that is polled, carriers' pushes
    are signed and posted, and tasks arrive at a ticket desk. With --check it
    ends by itself: the last line is a JSON object, the exit code 0 if all is
    right.
    """
    from desk.demo.running import run_demo

    # Set, since a shell may have started us with SIGINT ignored; while Kafka starts, both unwind.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    raise typer.Exit(run_demo(state, check=check, without=without, language=language))
