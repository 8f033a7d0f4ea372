"""How a policy counts a span: as it passes, on working days, or in working hours of the calendar that applies."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from contracts.errors import Rejected
from contracts.policy import Counting, KindPolicy, Policy, WorkingCalendar
from contracts.policy.calendar import DESTINATION, Weekday, minutes_of
from streams.calendars.arithmetic import add_working
from streams.calendars.calendar import ALL_DAY, Calendar, Shifts, Week
from streams.calendars.public_holidays import weekend

BUILT_IN = WorkingCalendar()
"""What counts where the policy names no calendar: the destination's week and public holidays, from nine to six."""


def later(policy: Policy, kind: KindPolicy, since: datetime, span: timedelta) -> datetime:
    """The instant that lies `span` after `since`, as this kind counts where the policy applies (`Policy.about`)."""
    counting = kind.counts or policy.counts
    if counting is Counting.ELAPSED:
        return since + span
    return add_working(since, span, calendar_of(policy, whole_days=counting is Counting.WORKING_DAYS))


def calendar_of(policy: Policy, *, whole_days: bool = False) -> Calendar:
    """The calendar that counts where the policy applies. whole_days: each working day from midnight to midnight.

    Raises Rejected where the policy names a calendar that it does not have.
    """
    declared = policy.calendars.get(policy.calendar) if policy.calendar else BUILT_IN
    if declared is None:
        raise Rejected(f"no calendar is named {policy.calendar!r}", code="bad_calendar")
    matter, there = policy.matter, declared.country == DESTINATION
    return _calendar(
        zone=declared.zone if declared.zone != DESTINATION else matter.zone or "UTC",
        hours=declared.hours,
        weekdays=tuple(declared.weekdays.items()),
        country=matter.country if there else declared.country,
        region=matter.region if there else declared.region,
        extra_holidays=declared.extra_holidays,
        extra_working_days=declared.extra_working_days,
        whole_days=whole_days,
    )


@lru_cache(maxsize=1024)
def _calendar(  # noqa: PLR0913 (all that makes one, as a key)
    *,
    zone: str,
    hours: tuple[str, ...],
    weekdays: tuple[tuple[Weekday, tuple[str, ...]], ...],
    country: str,
    region: str,
    extra_holidays: tuple[date, ...],
    extra_working_days: tuple[date, ...],
    whole_days: bool,
) -> Calendar:
    ordinary = _shifts(hours, whole_days=whole_days)
    said = {day: _shifts(shifts, whole_days=whole_days) for day, shifts in weekdays}
    off = weekend(country)
    days = [said.get(day, () if number in off else ordinary) for number, day in enumerate(Weekday)]
    week: Week = (days[0], days[1], days[2], days[3], days[4], days[5], days[6])
    return Calendar(
        zone=zone,
        week=week,
        make_up=ordinary,
        country=country,
        region=region,
        extra_holidays=frozenset(extra_holidays),
        extra_working_days=frozenset(extra_working_days),
    )


def _shifts(shifts: tuple[str, ...], *, whole_days: bool) -> Shifts:
    if whole_days and shifts:
        return ALL_DAY
    return tuple(minutes_of(shift) for shift in shifts)
