"""`quayside dead-letters`: what could not be taken, why, and trying it again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import Rejected
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.settings import Settings
    from streams.dead_letters.topic import DeadLetterTopic
    from streams.store.database import Database
    from streams.store.dead_letters import DeadLetterStore

app = typer.Typer(no_args_is_help=True, help="What could not be taken, why, and trying it again.")

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="PARTITION/OFFSET, as `list` shows it.")]
Stage = Annotated[str | None, typer.Option(help="Of this stage only.")]
Code = Annotated[str | None, typer.Option(help="With this code only.")]


@app.command(name="list")
def list_letters(
    stage: Stage = None,
    code: Code = None,
    replayed: Annotated[bool, typer.Option("--replayed", help="Those that were replayed, too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest.")] = 100,
    config: Config = None,
) -> None:
    """List dead letters, the newest last. Works whatever runs: the topic is read up to its end first."""
    from rich.console import Console

    from desk.configuration import load
    from desk.dead_letters import none_such, table

    _refuse_unknown(stage)

    async def run(settings: "Settings") -> None:
        async with _opened(settings) as (_, _, store):
            letters = await store.select(stage=stage, code=code, replayed=replayed, limit=limit)
            there = await store.count(replayed=replayed)
        if letters:
            Console().print(table(letters))
        else:
            typer.echo(none_such(stage, code, there))

    asyncio.run(run(load(config)))


@app.command()
def show(
    letter: Annotated[str, typer.Argument(metavar="ID", help="PARTITION/OFFSET, as `list` shows it.")],
    config: Config = None,
) -> None:
    """Show one dead letter in full: why it died, its headers, its value."""
    from desk.configuration import load
    from desk.dead_letters import in_full
    from streams.dead_letters.letter import LetterId, own_headers, read_letter

    letter_id = LetterId.parse(letter)

    async def run(settings: "Settings") -> None:
        async with _opened(settings) as (topic, _, store):
            record = await topic.record(letter_id)
            known = await store.get(letter_id) or read_letter(record)
        for line in in_full(known, own_headers(list(record.headers)), record.value):
            typer.echo(line)

    asyncio.run(run(load(config)))


@app.command()
def replay(ids: Ids, config: Config = None) -> None:
    """Try dead letters again: each record goes to its topic as it was; a refused task goes back to dispatch.

    Those that fail are told, and the exit code is then 1; the others are replayed.
    """
    from desk.configuration import load
    from streams.dead_letters.letter import LetterId

    letter_ids = [LetterId.parse(one) for one in ids]

    async def run(settings: "Settings") -> int:
        from connectors.kafka import producer
        from streams.dead_letters.replaying import Replayer

        failed = 0
        async with _opened(settings) as (topic, database, store), producer(settings.kafka, "replay") as client:
            replayer = Replayer(settings.kafka, topic, client, database, store)
            for letter_id in letter_ids:
                try:
                    typer.echo(f"{letter_id}: {await replayer.replay(letter_id, datetime.now(UTC))}")
                except Rejected as error:
                    failed += 1
                    typer.echo(f"{letter_id}: {error.reason}", err=True)
        return failed

    if asyncio.run(run(load(config))):
        raise typer.Exit(1)


def _refuse_unknown(stage: str | None) -> None:
    """Refuse a stage that buries nothing: all stages of the worker do, and a poll and dispatch what is theirs."""
    from connectors.polling.letter import STAGE as POLL
    from contracts.topics import STAGES
    from streams.dead_letters.letter import UNKNOWN
    from streams.dispatch.letters import STAGE as DISPATCH

    known = (POLL, *STAGES, DISPATCH, UNKNOWN)
    if stage is not None and stage not in known:
        raise Rejected(f"no stage is called {stage!r}; there are: {', '.join(known)}", code="unknown_stage")


@asynccontextmanager
async def _opened(settings: "Settings") -> "AsyncIterator[tuple[DeadLetterTopic, Database, DeadLetterStore]]":
    """Open the topic and its projection, brought up to date."""
    from streams.dead_letters.topic import open_topic
    from streams.store.database import open_database
    from streams.store.dead_letters import DeadLetterStore
    from streams.store.migrate import migrate

    async with open_database(settings.database_url()) as database, open_topic(settings.kafka) as topic:
        await migrate(database)
        store = DeadLetterStore(database, settings.kafka.epoch)
        await topic.project(store)
        yield topic, database, store
