"""`quayside release`: what a new policy brought all at once, and was held, goes to a target."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import Rejected
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.settings import Settings


def release(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The target's name.")],
    revision: Annotated[int, typer.Argument(metavar="REVISION", min=1, help="The policy's `revision`.")],
    config: Config = None,
) -> None:
    """Let the tasks go that a policy revision brought all at once, and every earlier one.

    `quayside ledger status` tells what is held, `quayside ledger list --state held` shows it.
    """
    from desk.configuration import load

    settings = load(config)
    if target not in (known := [account.name for account in settings.dispatched]):
        raise Rejected(
            f"no target is called {target!r}; there are: {', '.join(known) or 'none'}", code="unknown_target"
        )
    count = asyncio.run(_release(settings, target, revision))
    tasks = "1 task is" if count == 1 else f"{count} tasks are"
    typer.echo(
        f"{tasks} released at {target}; policy revision {revision} and those before it hold nothing there any more"
    )


async def _release(settings: "Settings", target: str, revision: int) -> int:
    from datetime import UTC, datetime

    from desk.commands.ledger import opened
    from streams.store.releasing import release as release_revision

    async with opened(settings) as database:
        return await release_revision(database, target, revision, datetime.now(UTC))
