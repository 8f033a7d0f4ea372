"""So many working days before or after an instant, at the same local time: how long goods are on their way."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.policy import Policy
from streams.calendars import add_working_days, calendar_of


def days_before(instant: datetime, days: int, policy: Policy) -> datetime:
    """The same local time on the `days`-th working day before the instant's; the end of a day is the end of a day."""
    calendar = calendar_of(policy, whole_days=True)
    local = (instant - timedelta.resolution).astimezone(ZoneInfo(calendar.zone))
    day = local.date()
    for _ in range(days):
        day -= timedelta(days=1)
        while not calendar.shifts(day):
            day -= timedelta(days=1)
    if day == local.date():
        return instant
    return datetime.combine(day, local.time().replace(fold=0), local.tzinfo).astimezone(UTC) + timedelta.resolution


def days_after(instant: datetime, days: int, policy: Policy) -> datetime:
    """The same local time on the `days`-th working day after the instant's."""
    return add_working_days(instant, days, calendar_of(policy, whole_days=True))
