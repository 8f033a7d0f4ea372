"""A key while it is worked on: decoded once when a chunk first touches it, encoded once when the chunk is written."""

from collections.abc import Sequence
from typing import Generic

from contracts.clock import Clock
from contracts.errors import Fatal, Rejected
from contracts.topics import STATE_LIMIT
from streams.engine.deadlines import Wakes
from streams.engine.keyrecord import KeyRecord, Rest, Waiting
from streams.engine.stage import S, StateFormat
from streams.engine.timekeeping import instant
from streams.engine.writes import SourceRecord

Cause = SourceRecord | Waiting

_GROWTH = 16
"""How many times its own size an event is taken to add to a state at most. Beyond that the state is measured only
when it is written, and what was folded into it in that chunk is dead-lettered as a whole."""


class Working(Generic[S]):
    """One key's record, open."""

    __slots__ = (
        "_format",
        "_unmeasured",
        "as_of",
        "changed",
        "epoch",
        "failures",
        "folded",
        "key",
        "origin",
        "policy_revision",
        "rest",
        "state",
        "stored",
        "through",
        "traceparent",
        "version",
        "wakes",
    )

    def __init__(self, key: bytes, stored: KeyRecord, state_format: StateFormat[S]) -> None:
        """Open a record; raises Fatal where this version cannot read its state."""
        self.key = key
        self.stored = stored
        self._format = state_format
        self.state = self._read()
        self.epoch, self.through, self.as_of = stored.epoch, stored.through, stored.as_of
        self.wakes: Wakes = stored.wakes
        self.failures = stored.failures
        self.policy_revision, self.version = stored.policy_revision, stored.version
        self.rest: Rest | None = stored.rest
        self.folded: list[Cause | None] = []
        self.origin, self.traceparent = stored.origin, stored.traceparent
        self.changed = False
        self._unmeasured = len(stored.state or b"")

    @property
    def resting(self) -> Rest | None:
        """Why the key is quarantined now."""
        return self.rest

    def clock(self, now: int, clock: Clock) -> Clock:
        """Give the clock for this key: it is folded at no earlier now than before."""
        return clock if now >= self.as_of else Clock(instant(self.as_of), clock.heard)

    def check_size(self, state: S | None, grown: int) -> None:
        """Raise Rejected where `state`, which an event of `grown` bytes led to, would be larger than a state may be.

        Encoding it says so, and costs; so it is done only where the limit can be near.
        """
        if state is None:
            return
        self._unmeasured += _GROWTH * (grown + 64)
        if self._unmeasured > STATE_LIMIT:
            self._unmeasured = len(self.encode(state))

    def encode(self, state: S) -> bytes:
        """Store a state; raises Rejected where it is too large."""
        stored = self._format.write(state)
        if len(stored) > STATE_LIMIT:
            raise Rejected(
                f"the state would take {len(stored)} bytes; at most {STATE_LIMIT} are kept", code="state_too_large"
            )
        return stored

    def advance(self, epoch: int, offset: int) -> None:
        """Note that the record at `offset` has been dealt with."""
        self.through = offset if epoch != self.epoch else max(self.through, offset)
        self.epoch = epoch
        self.changed = True

    def revert(self) -> Sequence[Cause | None]:
        """Take back what was folded since the record was opened, and give the causes (None: time)."""
        self.state = self._read()
        self.failures = self.stored.failures
        self.policy_revision, self.version = self.stored.policy_revision, self.stored.version
        self.origin, self.traceparent = self.stored.origin, self.stored.traceparent
        folded, self.folded = self.folded, []
        return folded

    def record(self) -> KeyRecord | None:
        """Close the record: None where nothing of the key is left to know. Raises what encoding its state raises."""
        if self.state is None and self.rest is None and not self.failures:
            return None
        return KeyRecord(
            self.epoch,
            self.through,
            self.as_of,
            None if self.state is None else self.encode(self.state),
            self.wakes,
            self.failures,
            self.policy_revision,
            self.version,
            self.origin,
            self.traceparent,
            self.rest,
        )

    def _read(self) -> S | None:
        stored = self.stored.state
        if stored is None:
            return None
        try:
            return self._format.read(stored)
        except Fatal:
            raise
        except Exception as error:
            raise Fatal(f"a stored state cannot be read: {type(error).__name__}", code="state_corrupt") from error
