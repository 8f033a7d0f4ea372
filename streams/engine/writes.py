"""What a core wants written, in the order in which the worker writes it, and what its records look like."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from traceback import walk_tb
from typing import Protocol

import msgspec

from contracts.envelope import Headers, Origin, ReadHeader, Standing, write_time
from contracts.errors import QuaysideError, Rejected
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import DEAD_LETTERS, Topic
from streams.engine.placement import partition_of


class SourceRecord(Standing, Protocol):
    """A consumed record; aiokafka's `ConsumerRecord` is one."""

    @property
    def key(self) -> bytes | None:
        """None on a tick."""

    @property
    def value(self) -> bytes | None:
        """None on a tombstone."""

    @property
    def headers(self) -> Sequence[ReadHeader]:
        """Its headers."""


class Written(msgspec.Struct, frozen=True, gc=False):
    """A record to write, without its place."""

    key: bytes | None
    value: bytes | None
    headers: Headers | list[ReadHeader]


Batches = dict[tuple[str, int], list[Written]]
"""Records by the declared topic's name and partition, each list in its order."""


@dataclass(slots=True)
class Writes:
    """One durable step of a partition: first `outputs` (with the dead letters), then `changelog`, then `ticks`.

    changelog: key and value for the stage's changelog, in the same partition. counts: what became of the records,
    by outcome: `applied`, `duplicate`, `waiting`, `dead_lettered`, `deadline`, `tick`. more: these are the first
    outputs of a step whose other outputs follow, and then its changelog; they need not be durable before those.
    """

    outputs: Batches = field(default_factory=dict)
    changelog: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    ticks: Batches = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    more: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything is to be written."""
        return bool(self.outputs or self.changelog or self.ticks)


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
    headers: Sequence[ReadHeader]
    error: Exception

    def written(self, stage: str, at: datetime) -> Written:
        """Write the whole record, and beside its own headers why it is dead."""
        error = self.error
        code = error.code if isinstance(error, QuaysideError) else "bug"
        reason = describe(error)
        own = self.headers
        beside = {
            "stage": stage,
            "code": code,
            "reason": reason[:REASON_LIMIT],
            "path": error.path if isinstance(error, Rejected) else "",
            "topic": self.place.topic,
            "partition": str(self.place.partition),
            "offset": str(self.place.offset),
            "at": write_time(at).decode(),
            "traceparent": (dict(own).get("traceparent") or b"").decode(errors="replace"),
        }
        return Written(
            self.key,
            self.value,
            [*own, *((f"quayside-dead-{name}", value.encode(errors="replace")) for name, value in beside.items())],
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
