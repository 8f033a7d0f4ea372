"""When a failed action is tried again, and when it is given up. Pure.

The waiting grows with the time that the action has been failing for, so it doubles from try to try, up to a limit;
part of it is drawn by lot, so that the lanes of a target that comes back do not all come at once.
"""

from datetime import datetime, timedelta

from contracts.errors import Retryable
from streams.dispatch.entry import Entry

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(minutes=5)


def counts(entry: Entry, answered_at: datetime | None) -> bool:
    """Whether a failure is the lane's own: not, where the target has answered nobody since its last failure.

    A target that is away fails every lane, and must not kill them: only tries that a living one fails are counted.
    """
    return answered_at is not None and (entry.failed_at is None or answered_at >= entry.failed_at)


def next_try(entry: Entry, error: Retryable, now: datetime, *, tries: int, lot: float) -> datetime | None:
    """Say when a failed entry is tried again, or None when it has had its `tries`. lot: drawn from [0, 1).

    What the target asked for (Retry-After) is the least that is waited.
    """
    if entry.tries >= tries:
        return None
    failing_for = now - (entry.failing_since or now)
    waiting = min(max(failing_for, SHORTEST), LONGEST)
    waiting *= 0.75 + lot / 2
    return now + max(waiting, error.retry_after or timedelta(0))
