"""Marks of systems that write local times and do not say their zone: kept as they write them, and compared as such.

Where clocks are put back such a time falls by an hour: a poll begins before the mark and before the time that it is
now, whichever is earlier. A mark never lies beyond the server's clock at the poll's first answer: what is written while
a poll reads is found by the next one.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

STAMP = "%Y-%m-%d %H:%M:%S"


def latest(highest: str, answered_at: datetime | None, here: ZoneInfo) -> str:
    """Say how far a poll has read: to the latest change that it saw, but not beyond the server's clock."""
    if answered_at is None:
        return highest
    return min(highest, answered_at.astimezone(here).strftime(STAMP))


def begin(mark: str, first: datetime | None, now: datetime, overlap_seconds: float, here: ZoneInfo) -> datetime | None:
    """Say from which wall-clock time on changes are asked for; before there is a mark, from what is configured."""
    if not mark:
        return None if first is None else first.astimezone(here).replace(tzinfo=None)
    behind = datetime.strptime(mark, STAMP)  # noqa: DTZ007 - the server's zone
    return min(behind, now.astimezone(here).replace(tzinfo=None)) - timedelta(seconds=overlap_seconds)
