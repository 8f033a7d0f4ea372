"""`quayside trace`: what became of an input, or where what is known of an order came from."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import Rejected
from desk.commands.options import Config

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts.envelope import Origin
    from contracts.settings import KafkaSettings
    from streams.tracing.trace import Traced, TracedOrder


def trace(
    what: Annotated[str, typer.Argument(metavar="ORIGIN|ORDER", help="TOPIC/PARTITION/OFFSET, or an order's number.")],
    config: Config = None,
) -> None:
    """Tell what became of an input, or show an order and the inputs that told of it.

    An input ends in exactly one of: applied, duplicate, superseded, waiting, dead-lettered.
    """
    from contracts.envelope import Origin
    from desk.configuration import load

    kafka = load(config).kafka
    try:
        origin = Origin.parse(what)
    except Rejected:
        lines = _order(kafka, what)
    else:
        lines = _origin(kafka, origin)
    for line in lines:
        typer.echo(line)


def _origin(kafka: "KafkaSettings", origin: "Origin") -> "Iterable[str]":
    from streams.tracing.trace import trace_origin

    return _told(asyncio.run(trace_origin(kafka, origin)))


def _told(traced: "Traced") -> "Iterable[str]":
    yield f"{traced.origin}  from {traced.source}, received {traced.received_at:%Y-%m-%d %H:%M:%S} UTC"
    for step in traced.steps:
        yield f"  {step.type}  {step.key}  at {step.stage} ({step.place})"
        yield f"    {_fate(step.fate.outcome, step.fate.why)}"
    yield _fate(traced.fate.outcome, traced.fate.why)


def _order(kafka: "KafkaSettings", order: str) -> "Iterable[str]":
    from streams.tracing.trace import trace_order

    found = asyncio.run(trace_order(kafka, order))
    if not found:
        raise Rejected(f"no order {order!r} is known, and it is no TOPIC/PARTITION/OFFSET either", code="no_order")
    return [line for traced in found for line in _told_order(traced)]


def _told_order(traced: "TracedOrder") -> "Iterable[str]":
    snapshot = traced.snapshot
    status = snapshot.view.status if snapshot.view else "unknown"
    yield f"Order {snapshot.subject} of {snapshot.account}: {status}"
    for entry in snapshot.view.timeline if snapshot.view else ():
        said = " ".join(part for part in (entry.location, entry.by, entry.text, entry.id) if part)
        yield f"  {entry.at:%Y-%m-%d %H:%M} UTC  {entry.what}  {entry.subject}  {said}".rstrip()
    for finding in (*snapshot.findings, *traced.resting):
        yield f"  found: {finding.kind} of {finding.subject} since {finding.since:%Y-%m-%d %H:%M} UTC"
    for task in snapshot.wanted.tasks:
        yield f"  wanted: {task.kind} for {task.role}, due {task.due_at:%Y-%m-%d %H:%M} UTC"
    yield "Told by:"
    for at, type_name, origin in traced.inputs:
        yield f"  {at:%Y-%m-%d %H:%M:%S} UTC  {type_name}  {origin or 'unknown'}"


def _fate(outcome: str, why: str) -> str:
    return f"=> {outcome}: {why}" if why else f"=> {outcome}"
