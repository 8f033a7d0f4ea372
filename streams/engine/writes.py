"""What a core wants written, in the order in which the worker writes it, and what its records look like."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from traceback import walk_tb
from typing import Protocol

import msgspec

from contracts.envelope import Envelope, Headers, Origin, write_time
from contracts.errors import QuaysideError, Rejected
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import DEAD_LETTERS, Topic
from streams.engine.placement import partition_of
from streams.engine.stage import Output


class SourceRecord(Protocol):
    """A consumed record; aiokafka's `ConsumerRecord` is one."""

    @property
    def topic(self) -> str:
        """The topic's name on the broker."""

    @property
    def partition(self) -> int:
        """Its partition."""

    @property
    def offset(self) -> int:
        """Its offset."""

    @property
    def key(self) -> bytes | None:
        """None on a tick."""

    @property
    def value(self) -> bytes | None:
        """None on a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Its headers."""


class Written(msgspec.Struct, frozen=True, gc=False):
    """A record to write, without its place."""

    key: bytes | None
    value: bytes | None
    headers: Headers


Batches = dict[tuple[str, int], list[Written]]
"""Records by the declared topic's name and partition, each list in its order."""


@dataclass(slots=True)
class Writes:
    """One durable step of a partition: first `outputs` (with the dead letters), then `changelog`, then `ticks`.

    changelog: key and value for the stage's changelog, in the same partition. counts: what became of the records,
    by outcome: `applied`, `duplicate`, `waiting`, `dead_lettered`, `deadline`, `tick`.
    """

    outputs: Batches = field(default_factory=dict)
    changelog: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    ticks: Batches = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether anything is to be written."""
        return bool(self.outputs or self.changelog or self.ticks)


class Carried(msgspec.Struct, frozen=True, gc=False):
    """What outputs take over from the record that caused them, as header bytes."""

    source: bytes
    time: bytes
    received_at: bytes
    origin: bytes
    traceparent: bytes

    @classmethod
    def of(cls, headers: Sequence[tuple[str, bytes]], place: Origin) -> "Carried":
        """Read them from a record's headers; raises Rejected where a required one is missing, or they are too long."""
        # Ours stand in the order of `Envelope.headers`: a dictionary of all costs as much as folding a counter.
        if (
            len(headers) >= _OURS
            and headers[3][0] == "ce_source"
            and headers[4][0] == "ce_time"
            and headers[6][0] == "ce_receivedat"
        ):
            source, time, received_at = headers[3][1], headers[4][1], headers[6][1]
            found = dict(headers[_OURS:])
        else:
            found = dict(headers)
            if "ce_source" not in found or "ce_time" not in found:
                Envelope.read(headers)
            source, time = found["ce_source"], found["ce_time"]
            received_at = found.get("ce_receivedat", time)
        origin = found.get("ce_origin") or b"%b/%d/%d" % (text(place.topic), place.partition, place.offset)
        traceparent = found.get("traceparent", b"")
        if len(source) + len(time) + len(received_at) + len(origin) + len(traceparent) > CARRIED_LIMIT:
            raise Rejected(f"its envelope takes more than {CARRIED_LIMIT} bytes", code="bad_envelope")
        return cls(source, time, received_at, origin, traceparent)


_OURS = 7
"""Headers that every record of ours begins with."""
CARRIED_LIMIT = 4096
"""Bytes of an envelope that are taken over."""
HEADERS_ALLOWANCE = CARRIED_LIMIT + 1024
"""Bytes for all headers of an output but its id, and for Kafka's own framing."""


ALWAYS_FITS = 64 * 1024
"""Characters of key, id and data that need no closer look: any topic takes a record of a megabyte."""


def fits(output: Output) -> None:
    """Raise Rejected where an output would be larger than its topic takes."""
    size = len(output.key) + len(output.data or b"") + 4 * len(output.id) + HEADERS_ALLOWANCE
    if size > output.topic.record_limit:
        raise Rejected(
            f"what follows from it for {output.topic.name} takes {size} bytes;"
            f" a record there has at most {output.topic.record_limit}",
            code="record_too_large",
        )


@lru_cache(maxsize=4096)
def text(value: str) -> bytes:
    """Encode what is written again and again: types and sources."""
    return value.encode()


@lru_cache(maxsize=4096)
def time_bytes(value: datetime) -> bytes:
    """Write an instant; a chunk's records share a few."""
    return write_time(value)


def output_headers(output: Output, carried: Carried, through: bytes, as_of: bytes) -> Headers:
    """Write the envelope of an output (`contracts.envelope`)."""
    headers: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", output.id.encode()),
        ("ce_type", text(output.type)),
        ("ce_source", carried.source if output.source is None else text(output.source)),
        ("ce_time", carried.time if output.time is None else time_bytes(output.time)),
        ("content-type", b"application/json"),
        ("ce_receivedat", carried.received_at),
    ]
    if carried.origin:
        headers.append(("ce_origin", carried.origin))
    if carried.traceparent:
        headers.append(("traceparent", carried.traceparent))
    headers.append(("ce_through", through))
    headers.append(("ce_asof", as_of))
    return headers


REASON_LIMIT = 2000
"""Characters of a reason that a dead letter keeps."""


def describe(error: BaseException) -> str:
    """Say what went wrong without any of the data: a mistake of ours by its type and place, not by its words."""
    if isinstance(error, QuaysideError):
        return error.reason
    frames = list(walk_tb(error.__traceback__))
    if not frames:
        return type(error).__name__
    frame, line = frames[-1]
    return f"{type(error).__name__} in {frame.f_globals.get('__name__', '?')}, line {line}"


@dataclass(frozen=True, slots=True)
class Dead:
    """A record that a stage could not take, and why."""

    place: Origin
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    error: Exception

    def written(self, stage: str, at: datetime) -> Written:
        """Write the whole record, and beside its own headers why it is dead."""
        error = self.error
        code = error.code if isinstance(error, QuaysideError) else "bug"
        reason = describe(error)
        own = list(self.headers)
        beside = {
            "stage": stage,
            "code": code,
            "reason": reason[:REASON_LIMIT],
            "path": error.path if isinstance(error, Rejected) else "",
            "topic": self.place.topic,
            "partition": str(self.place.partition),
            "offset": str(self.place.offset),
            "at": write_time(at).decode(),
            "traceparent": dict(own).get("traceparent", b"").decode(errors="replace"),
        }
        return Written(
            self.key,
            self.value,
            own + [(f"quayside-dead-{name}", value.encode(errors="replace")) for name, value in beside.items()],
        )

    def partition(self, partitions: int) -> int:
        """Say where it goes: to its key's place, or, without one, where it stood."""
        return self.place.partition % partitions if self.key is None else partition_of(self.key, partitions)


def add_dead(batches: Batches, letters: Iterable[Dead], stage: str, at: datetime, partitions: int) -> None:
    """Write dead letters among the outputs."""
    for letter in letters:
        batches.setdefault((DEAD_LETTERS.name, letter.partition(partitions)), []).append(letter.written(stage, at))


_TICK_HEADERS: Headers = [("ce_type", TICK_TYPE.encode()), ("content-type", b"application/json")]


def is_tick(record: SourceRecord) -> bool:
    """Tell whether a record without a key says that it is a tick."""
    return any(name == "ce_type" and value == _TICK_HEADERS[0][1] for name, value in record.headers)


def tick_batches(ticks: Sequence[Tick], topics: Iterable[Topic], partitions: int) -> Batches:
    """Write ticks into each partition of `topics`."""
    if not ticks:
        return {}
    written = [Written(None, tick.encode(), _TICK_HEADERS) for tick in ticks]
    return {(topic.name, partition): written for topic in topics for partition in range(partitions)}


def records(batches: Batches) -> Iterator[tuple[str, int, Written]]:
    """Go through all records of batches with their topic and partition."""
    for (topic, partition), batch in batches.items():
        for record in batch:
            yield topic, partition, record
