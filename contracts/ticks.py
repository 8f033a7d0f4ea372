"""Ticks: time that arrives as records, so that a backlog is read before anything is judged by silence.

A tick stands in a partition behind every record that was durable before it. It has the header `ce_type`
`quayside.tick.v1`, a null key and an explicit partition, and is never a step.

Sources tick into each partition of `inbound`: ingress unconditionally, a poller only after a complete successful
poll whose records are durable. Each stage passes time on (`from_stage`) to each partition of its outputs, only after
the records before it, and its own deadlines up to it, are written.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

import msgspec

from contracts.errors import Rejected

TICK_TYPE = "quayside.tick.v1"
GAP_TICKS = 12
"""A source that misses this many of its ticks was deaf in between."""
SETTLE = timedelta(minutes=40)
"""How long after such a gap a source counts as deaf still: senders retry late (Kuaidi100: 35 minutes apart)."""


class Tick(msgspec.Struct, frozen=True, omit_defaults=True):
    """One tick.

    source: `ingress` or `poll/ACCOUNT` for a source's own tick, the stage's name for one that a stage passed on.
    now: the sender's time. heard: up to when it heard each source. every: the source's tick interval in seconds,
    zero where the sender's `heard` has already been judged for gaps. partition: the passing stage's own partition.
    """

    source: str
    now: datetime
    heard: dict[str, datetime]
    every: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    partition: int = -1

    @classmethod
    def of_source(cls, source: str, now: datetime, every: float) -> Self:
        """Make a source's own tick."""
        return cls(source=source, now=now, heard={source: now}, every=every)

    def encode(self) -> bytes:
        """Write the tick as JSON."""
        return _ENCODER.encode(self)

    @classmethod
    def decode(cls, value: bytes | None) -> "Tick":
        """Read a tick; raises Rejected where it is none."""
        try:
            tick = _DECODER.decode(value or b"")
        except msgspec.MsgspecError as error:
            raise Rejected(f"not a tick: {error}", code="bad_tick") from error
        if any(at.tzinfo is None for at in (tick.now, *tick.heard.values())):
            raise Rejected("a tick's time has no zone", code="bad_tick")
        return tick


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """What one stage knows of one source: its last tick, up to when it counts as heard, when a gap is over."""

    last: datetime
    heard: datetime
    settled_at: datetime | None = None

    def tick(self, at: datetime, every: float) -> "Heard":
        """Follow a tick at `at`: stand still behind a gap, and move again once it is settled."""
        if at <= self.last:
            return self
        settled_at = self.settled_at
        if every and at - self.last > timedelta(seconds=GAP_TICKS * every):
            settled_at = at + SETTLE
        if settled_at is not None and at < settled_at:
            return Heard(at, self.heard, settled_at)
        return Heard(at, at)


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """The highest time heard from one upstream partition."""

    now: datetime
    heard: dict[str, Heard]

    def tick(self, tick: Tick) -> "Mark":
        """Follow `tick`; time never falls."""
        heard = dict(self.heard)
        for source, at in tick.heard.items():
            known = heard.get(source)
            heard[source] = known.tick(at, tick.every) if known else Heard(at, at)
        return Mark(max(self.now, tick.now), heard)


NEVER = Mark(datetime(1970, 1, 1, tzinfo=UTC), {})

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Tick)
