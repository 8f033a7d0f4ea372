"""`quayside map`: a raw payload in, canonical events out."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from contracts.connector import Context, Poller, Source
from contracts.envelope import read_time, write_time
from contracts.errors import Rejected
from contracts.events import TYPE_OF
from contracts.model import rejection
from contracts.raw import RawRequest


def map_payload(
    connector: Annotated[str, typer.Argument(help="The connector that understands it; see `connectors list`.")],
    file: Annotated[Path, typer.Argument(help="The payload, byte for byte as it is sent; `-` reads standard input.")],
    account: Annotated[str, typer.Option(help="The account it came from.")] = "sample",
    received_at: Annotated[str | None, typer.Option(help="When it came (RFC 3339); now, if left out.")] = None,
    zone: Annotated[str | None, typer.Option(help="The zone of its local times, where it does not say.")] = None,
    content_type: Annotated[str, typer.Option(help="Its content type, where the connector asks for one.")] = "",
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the account, such as unit.box=XBX.")
    ] = None,
) -> None:
    """Show what a raw payload says, as canonical events in JSON lines, which `simulate` takes.

    Problems are told on standard error. Exit code 1 if the payload was refused.
    """
    from connectors.registry import POLLERS, SOURCES, find
    from contracts.settings import SourceAccount

    readers: dict[str, Source | Poller] = {**SOURCES, **POLLERS}
    reader = find(readers, connector)
    options = _options(option or [])
    _check(account, zone)
    if isinstance(reader, Source):
        reader.check(SourceAccount(name=account, connector=connector, zone=zone, options=options))
    at = _instant(received_at) if received_at else datetime.now(UTC)
    context = Context(connector, account, at, zone, options)
    raw = RawRequest(connector, account, _payload(file), at, content_type)
    try:
        mapped = reader.to_events(reader.read(raw), context)
    except Rejected as refused:
        typer.echo(f"quayside: refused: {refused}", err=True)
        raise typer.Exit(1) from refused
    for code in mapped.unknown_codes:
        typer.echo(f"quayside: code {code!r} is in no table of {connector}: it became `unknown`", err=True)
    for event in mapped.events:
        line = {
            "type": TYPE_OF[type(event)],
            "received_at": write_time(at).decode(),
            "data": json.loads(event.encode()),
        }
        typer.echo(json.dumps(line, ensure_ascii=False))


def _check(account: str, zone: str | None) -> None:
    """Refuse a name and a zone that no account of a configuration can have."""
    from pydantic import TypeAdapter, ValidationError

    from contracts.settings import Name
    from desk.configuration.zones import mistaken_zone

    try:
        TypeAdapter(Name).validate_python(account)
    except ValidationError as error:
        raise Rejected(f"--account: {rejection(error).sentence}", code="bad_account") from error
    if (mistake := mistaken_zone(zone)) is not None:
        raise Rejected(f"--zone: {mistake}", code="bad_zone")


def _instant(text: str) -> datetime:
    try:
        return read_time(text)
    except Rejected as error:
        raise Rejected(f"--received-at: {error.reason}", code=error.code) from error


def _options(given: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for one in given:
        name, separator, value = one.partition("=")
        if not (name and separator):
            raise Rejected(f"--option: found {one!r}; expected NAME=VALUE", code="bad_option")
        options[name] = value
    return options


def _payload(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise Rejected(f"{file} cannot be read: {error.strerror}", code="unreadable") from error
