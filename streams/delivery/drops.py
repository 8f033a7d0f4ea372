"""Lines that a document served once and serves no longer: since when nothing of it is to come any more."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from contracts.envelope import Event
from contracts.exchange import LinesDropped

Stamped = tuple[int, int, datetime]
"""Epoch, offset and time of the stage that wrote something: of two the higher counts."""


class Dropped(msgspec.Struct, frozen=True, array_like=True):
    """A line that a document served until `since`. line: empty where the document named the product alone."""

    line: str
    product: str
    since: datetime


class DropsFact(msgspec.Struct, frozen=True, array_like=True):
    """All lines that one document no longer serves."""

    stamp: Stamped
    lines: tuple[Dropped, ...]


def stamp_of(event: Event) -> Stamped:
    """Read by which stamp a stage's word counts."""
    stamp = event.envelope.stamp
    return (*stamp.through, stamp.as_of)


def with_drops(known: Mapping[str, DropsFact], told: LinesDropped, stamp: Stamped) -> dict[str, DropsFact]:
    """Add what is told of one document to what is known, by `KIND/DOCUMENT`."""
    name = f"{told.kind}/{told.document}"
    newest = known.get(name)
    if newest is not None and newest.stamp >= stamp:
        return dict(known)
    lines = tuple(Dropped(line.order_line, line.product, line.since) for line in told.lines)
    return dict(sorted({**known, name: DropsFact(stamp, lines)}.items()))
