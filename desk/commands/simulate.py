"""`quayside simulate`: canonical events in; what would be noticed and wanted, and when, out. No broker."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from contracts.envelope import read_time, write_time
from contracts.errors import Rejected
from contracts.policy import Policy
from contracts.snapshot import Snapshot
from desk.configuration.policy_file import read_policy
from streams.simulation import Change, Heard, Simulation


class _Line(msgspec.Struct):
    type: str
    data: msgspec.Raw
    received_at: datetime


class _Account(msgspec.Struct):
    account: str


def simulate(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Canonical events as JSON lines; `-` reads standard input.")
    ],
    until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Up to when (RFC 3339); else as long as something changes, 90 days at most."),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A policy in YAML, or a configuration that has one; else the defaults."),
    ] = None,
    final: Annotated[bool, typer.Option("--final", help="Show the final snapshots alone.")] = False,
) -> None:
    """Play canonical events: each change as a JSON line, then the final snapshots.

    A line of FILE is {"type": …, "received_at": RFC 3339, "data": {…}},
    as `quayside map` writes it. A change tells the instant, whose snapshot
    it is, what holds and which tasks are wanted. The same file gives the
    same lines: no broker and no wall clock has a say.

    An event that is refused is named on standard error; then the exit code is 1.
    """
    simulation = Simulation(_events(file), read_policy(policy) if policy else Policy())
    refused = 0
    for found in simulation.run(_instant(until) if until else None):
        if not isinstance(found, Change):
            refused += 1
            typer.echo(f"quayside: {found.event}: refused: {found.reason}", err=True)
        elif not final:
            typer.echo(_json(_change(found)))
    for snapshot in simulation.final():
        typer.echo(_json({"final": snapshot.model_dump(mode="json", exclude_defaults=True)}))
    raise typer.Exit(1 if refused else 0)


def _events(file: Path) -> list[Heard]:
    name = "standard input" if str(file) == "-" else str(file)
    try:
        lines = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Rejected(f"{name} cannot be read: {error.strerror}", code="unreadable") from error
    return [_event(line, f"{name}:{number}") for number, line in enumerate(lines.splitlines(), 1) if line.strip()]


def _event(line: bytes, place: str) -> Heard:
    try:
        told = msgspec.json.decode(line, type=_Line)
        account = msgspec.json.decode(told.data, type=_Account).account
    except msgspec.MsgspecError as error:
        raise Rejected(f"{place}: not an event: {error}", code="malformed") from error
    except RecursionError as error:
        raise Rejected(f"{place}: not an event: it is nested too deeply", code="malformed") from error
    if told.received_at.tzinfo is None:
        raise Rejected(f"{place}: received_at has no zone", code="bad_time")
    try:
        received_at = told.received_at.astimezone(UTC)
    except OverflowError as error:
        reason = f"{place}: received_at is before the year 1 or after 9999 in UTC"
        raise Rejected(reason, code="bad_time") from error
    return Heard(received_at, account, line, place)


def _instant(text: str) -> datetime:
    try:
        return read_time(text)
    except Rejected as error:
        raise Rejected(f"--until: {error.reason}", code=error.code) from error


def _change(change: Change) -> dict[str, Any]:
    snapshot: Snapshot = change.snapshot
    return {
        "at": _time(change.at),
        "scope": snapshot.scope,
        "account": snapshot.account,
        "subject": snapshot.subject,
        "status": _status(snapshot),
        "findings": [
            {"kind": found.kind, "subject": found.subject, "since": _time(found.since)} for found in snapshot.findings
        ],
        "wanted": [
            {"kind": task.kind, "subject": task.subject, "role": task.role, "due_at": _time(task.due_at)}
            for task in snapshot.wanted.tasks
        ],
        "notices": [{"key": notice.key, "since": _time(notice.since)} for notice in snapshot.wanted.notices],
    }


def _status(snapshot: Snapshot) -> str | None:
    if snapshot.view is not None:
        return snapshot.view.status
    return snapshot.case.state if snapshot.case is not None else None


def _time(at: datetime) -> str:
    return write_time(at).decode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
