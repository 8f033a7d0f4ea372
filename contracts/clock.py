"""Time: what the decisions are told (`Clock`) and where a process reads it (`WallClock`).

Decisions never look at a wall clock. They are told a stage's time, which arrives as records (`contracts.ticks`),
and up to when each source has been heard: a system that was deaf must not accuse a carrier of silence.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

BEFORE_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a stage that has not heard every upstream yet: no deadline has passed at it."""

INGRESS = "ingress"
"""The logical source of everything that is pushed to us. It is never a process: two instances are one source."""


def poller_source(account: str) -> str:
    """Name the logical source of what is polled from `account`."""
    return f"poll/{account}"


@dataclass(frozen=True, slots=True)
class Clock:
    """A stage's time: `now`, and for each source the instant up to which it has been `heard`."""

    now: datetime
    heard: Mapping[str, datetime] = field(default_factory=dict)

    def heard_all(self, sources: Iterable[str]) -> datetime:
        """Give the instant up to which all of `sources` were heard; without sources that is `now`.

        A source that was never heard makes it `BEFORE_TIME`: nothing that rests on it is judged yet.
        """
        return min((self.heard.get(source, BEFORE_TIME) for source in sources), default=self.now)


@dataclass(frozen=True, slots=True)
class WallClock:
    """The one clock of all roles: real time, or, for tests and the demo, a faster one.

    At the real instant `started` (Unix seconds) it shows `epoch`, and moves `speed` times as fast as real time.
    """

    epoch: datetime = BEFORE_TIME
    started: float = 0.0
    speed: float = 1.0

    def now(self) -> datetime:
        """Read the clock."""
        return self.epoch + timedelta(seconds=(time.time() - self.started) * self.speed)

    def shows(self, real: datetime) -> datetime:
        """Say what it shows at a real instant: systems outside date what they tell by their own clocks."""
        return self.epoch + timedelta(seconds=(real.timestamp() - self.started) * self.speed)

    def real_seconds(self, span: timedelta) -> float:
        """Give the real seconds in which `span` passes on this clock."""
        return span.total_seconds() / self.speed
