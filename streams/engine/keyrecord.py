"""What a changelog record holds: one key's state and what the engine knows of it, or a partition's marks of time.

Bytes: one of the record format's number, then a MessagePack array. The stage's own state has a format of its own
inside (`StateFormat`).
"""

from typing import TypeVar

import msgspec

from contracts.envelope import Origin, ReadHeader
from contracts.errors import Fatal
from contracts.ticks import Mark
from streams.engine.deadlines import Wakes
from streams.engine.timekeeping import Marks

FORMAT = 1
MARKS_KEY = b"\x00marks"
"""The reserved key of a partition's marks: no key of ours begins with a zero byte (`contracts.identity`)."""

RecordHeaders = tuple[ReadHeader, ...]


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """An event of a quarantined key, whole, until its key's fold works again."""

    topic: str
    partition: int
    offset: int
    value: bytes
    headers: RecordHeaders

    @property
    def place(self) -> Origin:
        """Where the record stands."""
        return Origin(self.topic, self.partition, self.offset)

    @property
    def size(self) -> int:
        """Bytes that it takes, nearly."""
        return len(self.value) + sum(len(name) + len(value or b"") for name, value in self.headers) + 32


class Rest(msgspec.Struct, frozen=True, array_like=True):
    """Why a key is quarantined, since when (microseconds since 1970), and what waits for it."""

    since: int
    error: str
    waiting: tuple[Waiting, ...] = ()


class KeyRecord(msgspec.Struct, array_like=True, gc=False):
    """One key. While it is worked on its fields change; `state` stays as it was stored until the key is closed.

    epoch, through: the highest offset folded, and its topic's epoch. as_of: the last fold's now, in microseconds
    since 1970. version: the stage's when it was folded. failures: steps that failed in a row. origin, traceparent:
    the last event's, for what a deadline writes.
    """

    epoch: int
    through: int
    as_of: int
    state: bytes | None = None
    wakes: Wakes = ()
    failures: int = 0
    policy_revision: int = 0
    version: int = 0
    origin: bytes = b""
    traceparent: bytes = b""
    rest: Rest | None = None

    @property
    def order(self) -> tuple[int, int, int]:
        """What never falls for a key: a record lower than another was written by a process that was stopped."""
        return self.epoch, self.through, self.as_of

    def encode(self) -> bytes:
        """Write the changelog record's value."""
        return _PREFIX + _ENCODER.encode(self)


class MarksRecord(msgspec.Struct, frozen=True, array_like=True):
    """The marks of a partition, and the offset whose tick changed them last."""

    epoch: int
    through: int
    marks: tuple[tuple[str, int, Mark], ...]

    @property
    def order(self) -> tuple[int, int, int]:
        """As a key's."""
        return self.epoch, self.through, 0

    def encode(self) -> bytes:
        """Write the changelog record's value."""
        return _PREFIX + _ENCODER.encode(self)

    def by_place(self) -> Marks:
        """Give the marks by upstream and partition."""
        return {(stage, partition): mark for stage, partition, mark in self.marks}


_PREFIX = bytes((FORMAT,))
_ENCODER = msgspec.msgpack.Encoder()
_KEY = msgspec.msgpack.Decoder(KeyRecord)
_MARKS = msgspec.msgpack.Decoder(MarksRecord)

Record = TypeVar("Record", KeyRecord, MarksRecord)


def read_key(value: bytes) -> KeyRecord:
    """Read a key's record; raises Fatal where this version cannot."""
    return _read(_KEY, value)


def read_marks(value: bytes) -> MarksRecord:
    """Read a partition's marks; raises Fatal where this version cannot."""
    return _read(_MARKS, value)


def _read(decoder: "msgspec.msgpack.Decoder[Record]", value: bytes) -> Record:
    if not value or value[0] != FORMAT:
        raise Fatal(
            f"a changelog record has format {value[:1].hex() or 'none'}; this version reads {FORMAT}",
            code="format_newer",
        )
    try:
        return decoder.decode(value[1:])
    except msgspec.MsgspecError as error:
        raise Fatal(f"a changelog record cannot be read: {error}", code="changelog_corrupt") from error
