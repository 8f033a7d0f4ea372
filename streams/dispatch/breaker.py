"""Whether a target is called at all: one that fails for everybody is left alone, and then tried by one call. Pure.

    closed      calls go
    open        none go, until an instant
    half-open   that instant has come: one order's calls go, and what they come to decides

It opens when several calls in a row have failed, for more than one record: a record that fails alone is parked by
itself and says nothing of its target. Each time the trial fails, the target is left alone for twice as long.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

OPENS_AFTER = 5
"""Failures in a row."""
SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Its state. failed: in a row. about: the first few records that they were about. until: while it is open."""

    failed: int = 0
    about: frozenset[str] = field(default_factory=frozenset)
    until: datetime | None = None
    pause: timedelta = timedelta(0)

    @property
    def is_tripped(self) -> bool:
        """Whether it is open or half-open."""
        return self.until is not None

    def is_open(self, now: datetime) -> bool:
        """Whether no call is to go."""
        return self.until is not None and now < self.until


def after_success(_breaker: Breaker) -> Breaker:
    """Follow an answer, whatever it said: the target is there."""
    return Breaker()


def after_failure(breaker: Breaker, about: str, now: datetime) -> Breaker:
    """Follow a failure that may be the target's. about: the record that was written, or empty."""
    if breaker.is_open(now):
        # The call went before it opened.
        return breaker
    known = breaker.about if len(breaker.about) >= OPENS_AFTER else breaker.about | {about}
    failed = replace(breaker, failed=breaker.failed + 1, about=known)
    if not breaker.is_tripped and (failed.failed < OPENS_AFTER or len(known) == 1):
        return failed
    pause = min(max(2 * breaker.pause, SHORTEST), LONGEST)
    return replace(failed, until=now + pause, pause=pause)
