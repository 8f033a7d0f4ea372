"""What every action does once its words are understood: it is taken, and told."""

import asyncio
from typing import TYPE_CHECKING

import typer

from contracts.operator_action import Act
from desk.commands.options import Config

if TYPE_CHECKING:
    from desk.acting.taking import Details


def act_on(
    act: Act,
    place: str,
    account: str | None,
    who: tuple[str, str],
    details: "Details",
    config: Config,
    done: str,
    *,
    is_order: bool = False,
    is_open: bool = False,
) -> None:
    """Act on an order, a case or an orphaned parcel. who: by, why. done: what is said then.

    is_order: on an order alone; is_open: on one that is not closed.
    """
    from desk.acting.taking import Wish, take, told
    from desk.configuration import load

    action, origin = asyncio.run(take(load(config), Wish(act, place, *who, account, is_order, is_open), details))
    for line in told(action, origin, done):
        typer.echo(line)
