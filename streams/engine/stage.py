"""A stage: a pure step and a declaration. The engine does the rest.

What a step answers is made for every event, so it is of msgspec's structs: a tenth of a frozen dataclass's cost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import msgspec

from contracts.clock import Clock
from contracts.envelope import Event
from contracts.errors import Fatal
from contracts.topics import Topic

S = TypeVar("S")
P = TypeVar("P", bound="Policy")


class Policy(Protocol):
    """What the engine needs of a policy: which one it is, and whether it is newer."""

    @property
    def fingerprint(self) -> str:
        """A hash of everything that can change an answer."""

    @property
    def revision(self) -> int:
        """Grows with each change; only a higher one folds keys again."""


class Wake(msgspec.Struct, frozen=True, gc=False):
    """An instant at which, with no further event, the answer changes, and whose silence that rests on.

    It is due when the stage's time, and up to when each source of `rests_on` was heard, have reached `at`.
    """

    at: datetime
    rests_on: tuple[str, ...] = ()


class Output(msgspec.Struct, frozen=True, gc=False):
    """One record to write. In a compacted topic only the last of a chunk is written per key.

    id: deterministic from what it says (`ce_id`). source and time default to the causing event's.
    """

    topic: Topic
    key: bytes
    type: str
    id: str
    data: bytes | None
    source: str | None = None
    time: datetime | None = None


class Outcome(msgspec.Struct, Generic[S], frozen=True):
    """What a step answers: the new state (None forgets the key), what to write, when to be asked again."""

    state: S | None
    outputs: tuple[Output, ...] = ()
    wake_at: tuple[Wake, ...] = ()


@dataclass(frozen=True, slots=True)
class StateFormat(Generic[S]):
    """How a state is stored: compact bytes that begin with a format number.

    upcasters: for each older number, how its bytes become those of the next. A number newer than `number` is Fatal:
    this code is older than its data, and dropping state would be worse than standing still.
    """

    number: int
    encode: Callable[[S], bytes]
    decode: Callable[[bytes], S]
    upcasters: Mapping[int, Callable[[bytes], bytes]] = field(default_factory=dict)

    def write(self, state: S) -> bytes:
        """Store a state."""
        return self.number.to_bytes() + self.encode(state)

    def read(self, stored: bytes) -> S:
        """Read a stored state, lifting an older format; raises Fatal at a newer or an unknown one."""
        number, body = stored[0], stored[1:]
        if number == self.number:
            return self.decode(body)
        if number > self.number:
            raise Fatal(f"a state has format {number}; this version reads up to {self.number}", code="format_newer")
        while number < self.number:
            if number not in self.upcasters:
                raise Fatal(f"no upcaster from state format {number}", code="format_unknown")
            body = self.upcasters[number](body)
            number += 1
        return self.decode(body)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Why a key rests: its step failed three times in a row, or a deadline of it failed."""

    since: datetime
    error: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Stage(Generic[S, P]):
    """One room of the record's way.

    step(state, event, clock, policy): pure. `event` is None when time has passed and nothing else. It may raise
    Rejected (the event is wrong); anything else it raises is a mistake of ours, and is dead-lettered as well.
    state: None for a stage without state. version: the fold's own version; a higher one tries quarantined keys again.
    quarantined(key, state, quarantine, clock, policy): what to write when a key begins to rest (a finding), and, with
    quarantine None, when it no longer does.
    """

    name: str
    source: Topic
    step: Callable[[S | None, Event | None, Clock, P], Outcome[S]]
    state: StateFormat[S] | None = None
    version: int = 1
    quarantined: Callable[[bytes, S | None, Quarantine | None, Clock, P], tuple[Output, ...]] | None = None
