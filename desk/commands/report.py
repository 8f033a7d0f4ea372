"""`quayside report`: how well deliveries and their carriers went, by what the newest snapshots say."""

import asyncio
import json
import re
from typing import Annotated

import typer

from contracts.errors import Rejected
from desk.commands.options import Config
from streams.measures.report import By

app = typer.Typer(no_args_is_help=True, help="How well deliveries and carriers went.")

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@app.command()
def deliveries(
    by: Annotated[By, typer.Option(help="What the rows are.")] = By.MONTH,
    month: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="Only what was promised for this month, in its zone.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a row instead of a table.")] = False,
    config: Config = None,
) -> None:
    """On time in full by order and by line, lines on time, orders that went wrong.

    What each measure means, and its source: docs/reference/measures.md.
    """
    from desk.configuration import load
    from desk.report import as_object, table
    from streams.measures.report import delivery_report
    from streams.tracing.snapshots import read_snapshots

    if month and not _MONTH.fullmatch(month):
        raise Rejected(f"--month: found {month!r}; expected a month such as 2026-03", code="bad_month")
    settings = load(config)
    snapshots = asyncio.run(read_snapshots(settings.kafka))
    rows = delivery_report(snapshots, by, settings.clock.clock().now(), month)
    if as_json:
        for row in rows:
            typer.echo(json.dumps(as_object(row), ensure_ascii=False))
    elif rows:
        from rich.console import Console

        Console().print(table(rows, by))
    else:
        typer.echo("There are no orders yet." if not month else f"No order was promised for {month}.")


@app.command()
def carriers(
    since: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="Only what came to its end from this day on, in UTC.")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a carrier, service, lane and proposal instead of a table.")
    ] = False,
    config: Config = None,
) -> None:
    """Each carrier, its services and lanes: on time, hours, loss, damage, exceptions, silence, data quality.

    Below stands what the policy proposes to do about them. What each measure means: docs/reference/measures.md.
    """
    from desk.carriers import as_objects, carrier_table, sentence, since_of
    from desk.configuration import load
    from streams.measures.carriers import scorecard
    from streams.measures.legs import legs_of
    from streams.measures.proposals import proposals
    from streams.tracing.snapshots import read_snapshots

    began = since_of(since)
    settings = load(config)
    legs = legs_of(asyncio.run(read_snapshots(settings.kafka)), began)
    card = scorecard(legs, settings.policy)
    proposed = proposals(card, settings.policy)
    if as_json:
        for row in as_objects(card, proposed):
            typer.echo(json.dumps(row, ensure_ascii=False))
    elif card:
        from rich.console import Console

        Console().print(carrier_table(card))
        for proposal in proposed:
            typer.echo(sentence(proposal))
    else:
        typer.echo(
            "No parcel has come to its end yet." if began is None else f"No parcel came to its end since {since}."
        )
