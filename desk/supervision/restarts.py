"""When a crashed process is started again, and when that is given up."""

from collections.abc import Sequence

CRASHES = 5
WITHIN_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0


def pause_before_restart(crashes: Sequence[float], now: float) -> float | None:
    """Give the seconds to wait before the next start, twice as many after each crash; None to give up.

    crashes: when each happened, in seconds of a monotonic clock, the last one included. Only those of the last minute
    count: a role that ran well for an hour starts anew at once.
    """
    recent = sum(1 for crash in crashes if now - crash < WITHIN_SECONDS)
    if recent >= CRASHES:
        return None
    return float(min(FIRST_PAUSE_SECONDS * 2 ** max(0, recent - 1), LONGEST_PAUSE_SECONDS))
