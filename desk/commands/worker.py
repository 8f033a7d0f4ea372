"""`quayside worker`: the stages that turn what came in into delivery records and findings."""

from typing import Annotated

import typer

from contracts.topics import STAGES
from desk.commands.options import Config


def worker(
    stages: Annotated[
        str, typer.Option(help="The stages to run, separated by commas; all of a deployment's workers share the work.")
    ] = ",".join(STAGES),
    config: Config = None,
) -> None:
    """Fold events into delivery records, notice what is late or short, and write snapshots of what is so."""
    from desk.configuration import load
    from desk.roles import run_role
    from streams.worker import run_worker_role

    names = [name.strip() for name in stages.split(",") if name.strip()]
    run_role(lambda settings, stop: run_worker_role(settings, names, stop), load(config))
