"""When the next call to a target may go, so that it never sees more than it allows. Pure.

The generic cell rate algorithm (ITU-T I.371, annex A): one instant is the whole state, so several processes can share
it. A few calls may go at once, a tenth of the limit, and the rest are spaced so that no span of the limit's length
holds more calls than the limit, wherever it begins.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from contracts.connector import Limit, Target
from contracts.settings import TargetAccount

_AT_ONCE = 10
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How calls follow each other. spacing: from one to the next at length. burst: how many may go at once."""

    spacing: timedelta
    burst: int

    @classmethod
    def of(cls, limit: Limit) -> "Pace":
        """Keep to a limit: of `seconds` from any instant on, no more than `calls` calls."""
        burst = max(1, limit.calls // _AT_ONCE)
        return cls(timedelta(microseconds=ceil(limit.seconds * _MICROSECONDS / (limit.calls - burst + 1))), burst)


@dataclass(frozen=True, slots=True)
class Turn:
    """When a call may go, and what is then to be remembered (`full_at`): until when the pace is used up."""

    at: datetime
    full_at: datetime


def pace_of(target: Target, account: TargetAccount) -> Pace | None:
    """Give a target's pace: the account's own, else its vendor's published limit; None where there is neither."""
    if account.calls_per_second is not None:
        return Pace(timedelta(microseconds=ceil(_MICROSECONDS / account.calls_per_second)), burst=1)
    return Pace.of(target.limit) if target.limit else None


def next_turn(pace: Pace, full_at: datetime | None, now: datetime) -> Turn:
    """Give the next turn. full_at: as remembered of the turn before; None at first."""
    reached = max(full_at or now, now)
    at = max(now, reached - (pace.burst - 1) * pace.spacing)
    return Turn(at, reached + pace.spacing)
