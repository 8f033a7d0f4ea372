"""Working time: how much lies between two instants, and which instant lies so much later. All in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from streams.calendars.calendar import Calendar, worked_from, worked_on


def working_between(since: datetime, until: datetime, calendar: Calendar) -> timedelta:
    """How much of `[since, until)` is worked; nothing where `until` is not later."""
    first = calendar.local_date(since)
    days = (calendar.local_date(until) - first).days + 1
    spans = (span for count in range(days) for span in worked_on(calendar, first + timedelta(days=count)))
    worked = (min(ends, until) - max(begins, since) for begins, ends in spans)
    return sum((span for span in worked if span > timedelta(0)), timedelta(0))


def add_working(since: datetime, span: timedelta, calendar: Calendar) -> datetime:
    """The first instant up to which, from `since` on, `span` was worked: the end of a shift, not the next beginning.

    Nothing added gives `since` itself.
    """
    left = span
    if left <= timedelta(0):
        return since.astimezone(UTC)
    spans = worked_from(since.astimezone(UTC), calendar)
    begins, ends = next(spans)
    while ends - begins < left:
        left -= ends - begins
        begins, ends = next(spans)
    return begins + left


def next_working_instant(instant: datetime, calendar: Calendar) -> datetime:
    """The first instant from `instant` on that is worked."""
    begins, _ = next(worked_from(instant.astimezone(UTC), calendar))
    return begins


def add_working_days(instant: datetime, days: int, calendar: Calendar) -> datetime:
    """The same local time on the `days`-th date after the instant's that is worked; none added: `instant` itself."""
    local = instant.astimezone(ZoneInfo(calendar.zone))
    day = local.date()
    for _ in range(days):
        day += timedelta(days=1)
        while not calendar.shifts(day):
            day += timedelta(days=1)
    if day == local.date():
        return instant.astimezone(UTC)
    return datetime.combine(day, local.time().replace(fold=0), local.tzinfo).astimezone(UTC)
