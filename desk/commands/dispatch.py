"""`quayside dispatch`: what is wanted goes out."""

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.settings import Settings


def dispatch(
    target: Annotated[
        str | None, typer.Argument(help="The target account to dispatch to; all of them if left out.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written against what is there; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --dry-run: as JSON lines.")] = False,
    config: Config = None,
) -> None:
    """Open, update and close tasks at the targets, until they hold what the snapshots want.

    Each target has its own place and its own lanes: one that is away slows no other. Several processes share the work.

    With --dry-run nothing runs on: the newest snapshots are read, each target is asked what it has, and what would be
    written is shown, field by field against what is there. Nothing is written, neither there nor to the ledger.
    """
    from desk.configuration import load
    from desk.roles import run_role
    from streams.dispatch.role import run_dispatch

    if dry_run:
        asyncio.run(_rehearse(load(config), target, as_json=as_json))
    else:
        run_role(lambda settings, stop: run_dispatch(settings, target, stop), load(config))


async def _rehearse(settings: "Settings", name: str | None, *, as_json: bool) -> None:
    from rich.console import Console

    from desk.rehearsed import as_line, summary, table
    from streams.dispatch.rehearsal import rehearse
    from streams.dispatch.role import chosen, target_of

    for account in chosen(settings, name):
        steps = [step async for step in rehearse(settings, account, target_of(account), lambda: datetime.now(UTC))]
        if as_json:
            for step in steps:
                typer.echo(json.dumps(as_line(account.name, step), ensure_ascii=False))
            continue
        if steps:
            Console().print(table(steps))
        typer.echo(summary(account.name, steps))
