"""`quayside topics`: the declared topics, made or compared with what the broker has."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from desk.commands.options import Config


class Action(StrEnum):
    """What to do with the topics."""

    CREATE = "create"
    SHOW = "show"


def topics(
    action: Annotated[
        Action, typer.Argument(help="`create` makes what is missing and shows all; `show` changes nothing.")
    ] = Action.CREATE,
    config: Config = None,
) -> None:
    """Make the declared topics, and show them beside what the broker has.

    An existing topic that contradicts its declaration is never changed: the difference is told, and the exit code is 2.
    """
    from rich.console import Console

    from connectors.kafka import create_topics, refuse_contradictions, show_topics
    from desk.configuration import load
    from desk.topics import table

    kafka = load(config).kafka
    make = create_topics if action is Action.CREATE else show_topics
    states = asyncio.run(make(kafka))
    Console().print(table(states, kafka))
    refuse_contradictions(states)
