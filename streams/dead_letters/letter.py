"""One dead letter, read from its record. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from contracts.clock import BEFORE_TIME
from contracts.envelope import ReadHeader, read_time
from contracts.errors import Rejected
from streams.engine.writes import SourceRecord

_PREFIX = "quayside-dead-"
UNKNOWN = "unknown"
"""The stage and the code of a letter that says none."""


class LetterId(NamedTuple):
    """Where a letter stands in the topic of dead letters; written `PARTITION/OFFSET`."""

    partition: int
    offset: int

    def __str__(self) -> str:
        """Write it as the commands take it."""
        return f"{self.partition}/{self.offset}"

    @classmethod
    def parse(cls, text: str) -> "LetterId":
        """Read it; raises Rejected where it is none."""
        partition, separator, offset = text.partition("/")
        if not (separator and partition.isdecimal() and offset.isdecimal()):
            raise Rejected(f"not a dead letter's id: {text!r} (expected PARTITION/OFFSET)", code="bad_letter_id")
        return cls(int(partition), int(offset))


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What is told of one.

    topic: where the dead record stood, or was to go. partition, offset: None where it never stood there, being too
    large. path: of the value at fault.
    """

    id: LetterId
    at: datetime
    stage: str
    code: str
    reason: str
    path: str = ""
    topic: str = ""
    partition: int | None = None
    offset: int | None = None
    key: str = ""
    traceparent: str = ""
    replayed_at: datetime | None = None

    @property
    def origin(self) -> str:
        """Where the dead record stood: `TOPIC/PARTITION/OFFSET`; `TOPIC` alone where it never stood there."""
        if self.partition is None or self.offset is None:
            return self.topic
        return f"{self.topic}/{self.partition}/{self.offset}"


def read_letter(record: SourceRecord) -> DeadLetter:
    """Read a record of the topic. One that lacks something is still a dead letter: what is there is told."""
    told = {name.removeprefix(_PREFIX): value or b"" for name, value in record.headers if name.startswith(_PREFIX)}
    said = {name: value.decode(errors="replace") for name, value in told.items()}
    return DeadLetter(
        id=LetterId(record.partition, record.offset),
        at=_instant(said.get("at", "")),
        stage=said.get("stage", UNKNOWN),
        code=said.get("code", UNKNOWN),
        reason=said.get("reason", ""),
        path=said.get("path", ""),
        topic=said.get("topic", ""),
        partition=_number(said.get("partition", "")),
        offset=_number(said.get("offset", "")),
        key=(record.key or b"").decode(errors="replace"),
        traceparent=said.get("traceparent", ""),
    )


def own_headers(headers: Iterable[ReadHeader]) -> list[ReadHeader]:
    """Give the headers that the record had before it died."""
    return [(name, value) for name, value in headers if not name.startswith(_PREFIX)]


def _instant(text: str) -> datetime:
    try:
        return read_time(text).astimezone(UTC)
    except Rejected:
        return BEFORE_TIME


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
