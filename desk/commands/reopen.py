"""`quayside reopen`: a closed delivery becomes a delivery again, from the documents as they are now."""

import asyncio
from typing import Annotated

import typer

from desk.commands.options import Config


def reopen(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's number.")],
    account: Annotated[
        str | None, typer.Option(metavar="NAME", help="The polled account, where there are several.")
    ] = None,
    config: Config = None,
) -> None:
    """Read an order and every document that names it afresh, so that a closed delivery is one again.

    Whoever polls the account goes on undisturbed. It works beside running
    roles, and does no harm to a delivery that is not closed.
    """
    from desk.configuration import load
    from desk.reopening import reopen as read_afresh
    from desk.reopening import told

    for line in told(asyncio.run(read_afresh(load(config), order, account))):
        typer.echo(line)
