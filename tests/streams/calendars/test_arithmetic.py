"""Working time against an oracle that asks each minute: is this one worked?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Rejected
from streams.calendars import (
    ALL_DAY,
    Calendar,
    Shift,
    add_working,
    add_working_days,
    next_working_instant,
    working_between,
)
from streams.calendars.calendar import Week
from tests.properties import examples

MINUTE = timedelta(minutes=1)
OFFICE = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
NIGHT = ((0, 5 * 60), (22 * 60, 1440))
DAYS_OF_CHANGE = (
    datetime(2026, 3, 29, tzinfo=UTC),  # Berlin skips two o'clock
    datetime(2026, 10, 25, tzinfo=UTC),  # Berlin repeats it
    datetime(2026, 10, 3, tzinfo=UTC),  # Lord Howe moves by half an hour
    datetime(2026, 10, 29, tzinfo=UTC),  # Cairo repeats the last hour of a day
    datetime(2011, 12, 29, tzinfo=UTC),  # Apia has no 30 December
    datetime(2028, 2, 28, tzinfo=UTC),  # a leap day
    datetime(2026, 2, 12, tzinfo=UTC),  # Chinese New Year, and a Saturday that is worked for it
)


def week(*shifts: tuple[Shift, ...]) -> Week:
    days = (*shifts, *[()] * (7 - len(shifts)))
    return (days[0], days[1], days[2], days[3], days[4], days[5], days[6])


def worked(instant: datetime, calendar: Calendar) -> bool:
    """Whether the minute that begins at `instant` is worked: its local time lies in a shift of its local date."""
    local = instant.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    return any(begins <= minute < ends for begins, ends in calendar.shifts(local.date()))


calendars = st.builds(
    Calendar,
    zone=st.sampled_from(
        ("Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia", "UTC")
    ),
    week=st.sampled_from((week(*[OFFICE] * 5), week(*[NIGHT] * 7), week(*[ALL_DAY] * 6), week(OFFICE, (), NIGHT))),
    make_up=st.just(OFFICE),
    country=st.sampled_from(("", "CN", "DE", "EG")),
    extra_holidays=st.sets(st.dates(date(2026, 10, 20), date(2026, 10, 30)), max_size=3).map(frozenset),
    extra_working_days=st.sets(st.dates(date(2026, 10, 20), date(2026, 10, 30)), max_size=3).map(frozenset),
)
instants = st.builds(
    lambda day, minutes: day + minutes * MINUTE, st.sampled_from(DAYS_OF_CHANGE), st.integers(-1440, 2 * 1440)
)


@examples(120)
@given(calendars, instants, st.integers(0, 4 * 1440))
def test_working_time_between_two_instants_is_its_minutes_one_by_one(
    calendar: Calendar, since: datetime, minutes: int
) -> None:
    counted = sum(worked(since + count * MINUTE, calendar) for count in range(minutes))
    assert working_between(since, since + minutes * MINUTE, calendar) == counted * MINUTE


@examples(120)
@given(calendars, instants, st.integers(1, 30 * 60))
def test_working_time_added_ends_with_the_minute_that_completes_it(
    calendar: Calendar, since: datetime, minutes: int
) -> None:
    at = since
    left = minutes
    while left:
        left -= worked(at, calendar)
        at += MINUTE
    assert add_working(since, minutes * MINUTE, calendar) == at


@examples(60)
@given(calendars, instants)
def test_the_next_working_instant_is_the_first_minute_that_is_worked(calendar: Calendar, since: datetime) -> None:
    at = since
    while not worked(at, calendar):
        at += MINUTE
    assert next_working_instant(since, calendar) == at


@examples(60)
@given(calendars, instants, st.timedeltas(timedelta(0), timedelta(hours=40)))
def test_what_is_added_lies_between(calendar: Calendar, since: datetime, span: timedelta) -> None:
    """To the microsecond, whatever the zone in which the instant was written."""
    until = add_working(since.astimezone(ZoneInfo("Asia/Tokyo")), span, calendar)
    assert working_between(since, until, calendar) == span
    assert until.tzinfo is UTC


@examples(60)
@given(calendars, instants, st.integers(0, 10))
def test_working_days_are_dates_that_are_worked_one_by_one(calendar: Calendar, since: datetime, days: int) -> None:
    until = add_working_days(since, days, calendar)
    first, last = calendar.local_date(since), calendar.local_date(until)
    between = [first + timedelta(days=count + 1) for count in range((last - first).days)]
    assert sum(bool(calendar.shifts(day)) for day in between) == days
    assert not days or calendar.shifts(last)


def test_twenty_four_hours_on_working_days_are_the_same_time_of_the_next() -> None:
    """Friday afternoon to Monday afternoon, though the clock went forward on the Sunday between."""
    days = Calendar("Europe/Berlin", week(*[ALL_DAY] * 5))
    friday = datetime(2026, 3, 27, 16, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    monday = datetime(2026, 3, 30, 16, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert add_working(friday, timedelta(hours=24), days) == add_working_days(friday, 1, days) == monday


def test_a_span_ends_with_the_shift_that_completes_it_not_with_the_next_one() -> None:
    office = Calendar("Asia/Shanghai", week(*[OFFICE] * 5))
    friday = datetime(2026, 3, 6, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert add_working(friday, timedelta(hours=7), office) == friday + timedelta(hours=8)
    assert add_working(friday, timedelta(hours=7, minutes=1), office) == friday.replace(day=9, hour=9, minute=1)


def test_nothing_added_is_the_instant_itself_even_on_a_sunday() -> None:
    sunday = datetime(2026, 3, 8, 3, 0, tzinfo=UTC)
    office = Calendar("UTC", week(*[OFFICE] * 5))
    assert add_working(sunday, timedelta(0), office) == add_working_days(sunday, 0, office) == sunday
    assert working_between(sunday, sunday - timedelta(days=9), office) == timedelta(0)


def test_a_week_without_work_is_refused() -> None:
    """No span would ever end by it."""
    with pytest.raises(Rejected, match="some day of the week"):
        Calendar("UTC", week(), make_up=OFFICE, extra_working_days=frozenset({date(2026, 1, 1)}))
