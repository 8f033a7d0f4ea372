"""`quayside reconcile`: what a target really has against what should be there."""

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import Rejected
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.settings import Settings
    from streams.dispatch.reconciling import Compared, Mended


def reconcile(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The target's name.")],
    mend: Annotated[bool, typer.Option("--mend", help="Let dispatch see to what disagrees.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON lines.")] = False,
    config: Config = None,
) -> None:
    """Compare all that should be at a target with what it really has, and tell where they disagree.

    Exit code 1 where they do. With --mend each of these is marked in the ledger and its order is woken: the running
    `quayside dispatch` then asks the target and does what is left to do, within its limit and one step after another.
    Exit code 1 then says that something is left which only people can mend.
    """
    from rich.console import Console

    from desk.configuration import load
    from desk.reconciled import as_lines, summary, table

    compared, mended = asyncio.run(_reconcile(load(config), target, mend=mend))
    if as_json:
        for line in as_lines(compared.differences):
            typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        if compared.differences:
            Console().print(table(compared.differences))
        typer.echo(summary(target, compared, mended))
    left = compared.differences if mended is None else mended.left
    if left:
        raise typer.Exit(1)


async def _reconcile(settings: "Settings", name: str, *, mend: bool) -> "tuple[Compared, Mended | None]":
    from desk.commands.ledger import opened
    from streams.dispatch.reconciling import reconciling
    from streams.dispatch.role import chosen, target_of

    (account,) = chosen(settings, name)
    if account.mode == "shadow":
        raise Rejected(f"{name} is a shadow: nothing of ours is there", code="shadow")
    if target_of(account).is_told_only:
        raise Rejected(f"{name} can only be told: nobody can read what it has", code="told_only")
    async with opened(settings) as database:
        reconciler = reconciling(settings, account, target_of(account), database, lambda: datetime.now(UTC))
        async with reconciler as open_one:
            compared = await open_one.compare()
            return compared, await open_one.mend(compared.differences) if mend else None
