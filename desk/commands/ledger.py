"""`quayside ledger`: what each target has, what waits, and what fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import Rejected
from desk.commands.options import Config
from streams.dispatch.entry import State

if TYPE_CHECKING:
    from contracts.settings import Settings
    from streams.store.database import Database

app = typer.Typer(no_args_is_help=True, help="What each target has, what waits, and what fails.")

Target = Annotated[str | None, typer.Option(help="At this target only.")]
Shadow = Annotated[bool, typer.Option("--shadow", help="What would have gone in mode `shadow`, instead of what went.")]


@app.command()
def status(config: Config = None) -> None:
    """Tell of each target how many tasks it has, what waits to be sent, and what fails."""
    from desk.configuration import load
    from desk.ledger import standing
    from streams.store.overview import TargetStatus, statuses

    async def run(settings: "Settings") -> None:
        async with opened(settings) as database:
            known = await statuses(database)
        accounts = {account.name: account for account in settings.dispatched}
        if not (accounts or known):
            typer.echo("No target is configured, and the ledger knows of none.")
        for name in sorted({*accounts, *known}):
            for line in standing(name, accounts.get(name), known.get(name, TargetStatus())):
                typer.echo(line)

    asyncio.run(run(load(config)))


@app.command(name="list")
def list_entries(
    target: Target = None,
    state: Annotated[list[State] | None, typer.Option(help="In this state; may be said several times.")] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Those whose last try failed.")] = False,
    shadow: Shadow = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, those that began last.")] = 100,
    config: Config = None,
) -> None:
    """List tasks as the ledger has them, those that began last at the end."""
    from rich.console import Console

    from desk.configuration import load
    from desk.ledger import table
    from streams.store.overview import Asked, find

    asked = Asked(target=target, states=frozenset(state or ()), failing=failing, shadow=shadow, limit=limit)

    async def run(settings: "Settings") -> None:
        async with opened(settings) as database:
            await _refuse_unknown(target, settings, database)
            lines = await find(database, asked)
        if lines:
            Console().print(table(lines))
        else:
            typer.echo("There is no such task.")

    asyncio.run(run(load(config)))


@app.command()
def show(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="An order's number; or a parcel's, nobody's yet.")],
    target: Target = None,
    shadow: Shadow = False,
    config: Config = None,
) -> None:
    """Show everything that the ledger has of an order: each task and episode, what was written, why it fails."""
    from desk.configuration import load
    from desk.ledger import in_full
    from streams.store.overview import Asked, find

    async def run(settings: "Settings") -> None:
        async with opened(settings) as database:
            await _refuse_unknown(target, settings, database)
            lines = await find(database, Asked(target=target, subject=order, shadow=shadow, limit=1000))
        if not lines:
            raise Rejected(f"the ledger has no task of {order!r}", code="no_entry")
        for line in in_full(lines):
            typer.echo(line)

    asyncio.run(run(load(config)))


async def _refuse_unknown(target: str | None, settings: "Settings", database: "Database") -> None:
    from streams.store.overview import statuses

    known = {account.name for account in settings.dispatched} | set(await statuses(database))
    if target is not None and target not in known:
        there = ", ".join(sorted(known)) or "none"
        raise Rejected(f"no target is called {target!r}; there are: {there}", code="unknown_target")


@asynccontextmanager
async def opened(settings: "Settings") -> "AsyncIterator[Database]":
    """Open the ledger's database; raises Rejected where an SQLite file is not there, instead of making an empty one."""
    from streams.store.database import missing_file, open_database
    from streams.store.migrate import migrate

    if (missing := missing_file(settings.database_url())) is not None:
        raise Rejected(f"there is no ledger yet: {missing} is made by `quayside dispatch`", code="no_ledger")
    async with open_database(settings.database_url()) as database:
        await migrate(database)
        yield database
