"""A key while it is worked on: decoded once when a chunk first touches it, encoded once when the chunk is written."""

from typing import Generic

import msgspec

from contracts.clock import Clock
from contracts.errors import Fatal, Rejected
from contracts.topics import STATE_LIMIT
from streams.engine.deadlines import Wakes
from streams.engine.keyrecord import KeyRecord, Rest, Waiting, read_key
from streams.engine.stage import S, StateFormat
from streams.engine.timekeeping import instant
from streams.engine.writes import SourceRecord

Cause = SourceRecord | Waiting
_KEEP = msgspec.msgpack.Encoder().encode
_KEPT = msgspec.msgpack.Decoder(Waiting).decode

GROWTH = 16
"""How many times its own size an event is taken to add to a state at most. Beyond that the state is measured only
when it is written, and what was folded into it in that chunk is dead-lettered as a whole."""


class Working(Generic[S]):
    """One key's record, open."""

    __slots__ = ("_folded", "_format", "changed", "key", "record", "state", "stored", "unmeasured")

    def __init__(self, key: bytes, stored: bytes | None, epoch: int, state_format: StateFormat[S]) -> None:
        """Open what is `stored`, or begin anew; raises Fatal where this version cannot read it."""
        self.key = key
        self.stored = stored
        self._format = state_format
        self.record = record = KeyRecord(epoch, -1, 0) if stored is None else read_key(stored)
        self.state = None if record.state is None else self._read(record.state)
        self._folded: list[bytes | None] = []
        self.changed = False
        self.unmeasured = 0 if record.state is None else len(record.state)

    @property
    def resting(self) -> Rest | None:
        """Why the key is quarantined now."""
        return self.record.rest

    def clock(self, now: int, clock: Clock) -> Clock:
        """Give the clock for this key: it is folded at no earlier now than before."""
        return clock if now >= self.record.as_of else Clock(instant(self.record.as_of), clock.heard)

    def note(self, cause: Cause, value: bytes) -> int:
        """Remember what was folded, and give the bytes that it takes.

        As bytes, because a record is many objects, and a chunk's would crowd out all else that is at hand.
        """
        kept = _KEEP((cause.topic, cause.partition, cause.offset, value, cause.headers))
        self._folded.append(kept)
        return len(kept)

    def note_time(self) -> None:
        """Remember that time was folded."""
        self._folded.append(None)

    def measure(self, state: S | None) -> None:
        """Raise Rejected where `state` is larger than a state may be.

        Encoding it says so, and costs; so it is done only where the limit can be near.
        """
        self.unmeasured = 0 if state is None else len(self.encode(state))

    def encode(self, state: S) -> bytes:
        """Store a state; raises Rejected where it is too large."""
        stored = self._format.write(state)
        if len(stored) > STATE_LIMIT:
            raise Rejected(
                f"the state would take {len(stored)} bytes; at most {STATE_LIMIT} are kept", code="state_too_large"
            )
        return stored

    def revert(self) -> list[Waiting | None]:
        """Take back what was folded since the record was opened, and give the causes (None: time).

        How far the key has been read, and that it rests, stays.
        """
        now = self.record
        self.record = KeyRecord(now.epoch, -1, 0) if self.stored is None else read_key(self.stored)
        self.record.epoch, self.record.through, self.record.as_of = now.epoch, now.through, now.as_of
        self.record.rest, self.record.wakes = now.rest, now.wakes
        self.state = None if self.record.state is None else self._read(self.record.state)
        folded, self._folded = self._folded, []
        return [None if kept is None else _KEPT(kept) for kept in folded]

    def stored_wakes(self) -> Wakes:
        """Give the wakes that were armed when the record was opened."""
        return () if self.stored is None else read_key(self.stored).wakes

    def close(self) -> bytes | None:
        """Give what is to be stored: None where nothing of the key is left to know.

        Raises what encoding its state raises.
        """
        record = self.record
        if self.state is None and record.rest is None and not record.failures:
            self.stored = None
        else:
            record.state = state = None if self.state is None else self.encode(self.state)
            self.unmeasured = 0 if state is None else len(state)
            self.stored = record.encode()
        self._folded.clear()
        self.changed = False
        return self.stored

    def _read(self, stored: bytes) -> S:
        try:
            return self._format.read(stored)
        except Fatal:
            raise
        except Exception as error:
            raise Fatal(f"a stored state cannot be read: {type(error).__name__}", code="state_corrupt") from error
