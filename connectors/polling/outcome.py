"""What became of a poll, and when the next one is. Pure."""

from datetime import timedelta

from contracts.errors import QuaysideError, Retryable

COMPLETE = "complete"
OUTCOMES = frozenset({"unauthorised", "unreachable", "server_error", "throttled", "clock_went_back", "refused"})
LONGEST = timedelta(minutes=5)
_DOUBLINGS = 16


def outcome(error: QuaysideError) -> str:
    """Name a failed poll as its metric does: by the error's code, where that is one of the few that people tell apart.

    Of the others those that another try may mend count as the system's own error, those that it will not as refused.
    """
    if error.code in OUTCOMES:
        return error.code
    return "server_error" if isinstance(error, Retryable) else "refused"


def wait(error: QuaysideError, failures: int, interval: timedelta, lot: float) -> timedelta:
    """Say how long to wait after so many failures in a row. interval: of polls, real time. lot: drawn from [0, 1).

    It begins with the interval and doubles up to `LONGEST`, a quarter more or less by lot, so that accounts of one
    system do not all come at once. What the system asked for (Retry-After) is the least that is waited.
    """
    grown = min(interval * float(2 ** min(failures - 1, _DOUBLINGS)), max(LONGEST, interval)) * (0.75 + lot / 2)
    asked = error.retry_after if isinstance(error, Retryable) else None
    return max(grown, asked or timedelta(0))
