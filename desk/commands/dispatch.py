"""`quayside dispatch`: what is wanted goes out."""

from typing import Annotated

import typer

from desk.commands.options import Config


def dispatch(
    target: Annotated[
        str | None, typer.Argument(help="The target account to dispatch to; all of them if left out.")
    ] = None,
    config: Config = None,
) -> None:
    """Open, update and close tasks at the targets, until they hold what the snapshots want.

    Each target has its own place and its own lanes: one that is away slows no other. Several processes share the work.
    """
    from desk.configuration import load
    from desk.roles import run_role
    from streams.dispatch.role import run_dispatch

    run_role(lambda settings, stop: run_dispatch(settings, target, stop), load(config))
