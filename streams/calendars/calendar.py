"""A working calendar: which instants are worked.

An instant is worked when its local time lies in one of the shifts of its local date. So an hour that daylight saving
repeats is worked twice, and one that it skips is not worked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from contracts.errors import Rejected
from streams.calendars.public_holidays import holiday_year

Shift = tuple[int, int]
"""Minutes of the local day: `[begins, ends)`; a day has 1440."""
Shifts = tuple[Shift, ...]
Week = tuple[Shifts, Shifts, Shifts, Shifts, Shifts, Shifts, Shifts]
"""The shifts of each day of the week, Monday first."""

ALL_DAY: Shifts = ((0, 1440),)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """One working calendar.

    zone: of the IANA database. week: the shifts of each weekday. make_up: the shifts of a day that is worked though its
    weekday is not. country, region: whose public holidays count (ISO 3166-1 alpha-2; ISO 3166-2 without the country);
    no country, no public holidays. extra_holidays and extra_working_days stand above those. It is told from others by
    what it is, not by what it says: what is reckoned of it is kept by it, and is looked up for each event.
    """

    zone: str
    week: Week
    make_up: Shifts = ALL_DAY
    country: str = ""
    region: str = ""
    extra_holidays: frozenset[date] = frozenset()
    extra_working_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a week without work: no span would ever end by it."""
        if not any(self.week):
            raise Rejected("a working calendar works on some day of the week", code="bad_calendar")

    def shifts(self, day: date) -> Shifts:
        """When a date is worked, in minutes of its local day; a date that its zone left out is not."""
        if not _is_there(day, self.zone):
            return ()
        ordinary = self.week[day.weekday()]
        if day in self.extra_working_days:
            return ordinary or self.make_up
        if day in self.extra_holidays:
            return ()
        known = holiday_year(self.country, self.region, day.year)
        if day in known.worked:
            return ordinary or self.make_up
        return () if day in known.off else ordinary

    def local_date(self, instant: datetime) -> date:
        """The date of an instant in its zone."""
        return instant.astimezone(ZoneInfo(self.zone)).date()


@lru_cache(maxsize=1 << 14)
def _is_there(day: date, zone: str) -> bool:
    """Whether a zone has a date at all: whoever moves across the date line leaves one out (Apia, 30 December 2011)."""
    local = ZoneInfo(zone)
    return datetime.combine(day, time(12), local).astimezone(UTC).astimezone(local).date() == day


def worked_from(instant: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Give the worked spans `[begins, ends)` from an instant on, in UTC, one after another, without end."""
    day = calendar.local_date(instant)
    while True:
        for begins, ends in worked_on(calendar, day):
            if ends > instant:
                yield max(begins, instant), ends
        day += timedelta(days=1)


@lru_cache(maxsize=16_384)
def worked_on(calendar: Calendar, day: date) -> Sequence[tuple[datetime, datetime]]:
    """Give the worked spans of one local date, in UTC."""
    shifts = calendar.shifts(day)
    if not shifts:
        return ()
    found: list[tuple[datetime, datetime]] = []
    for begins, ends, offset in _of_one_offset(day, ZoneInfo(calendar.zone)):
        midnight = datetime.combine(day, time(0), UTC) - offset
        for first, last in shifts:
            since = max(begins, midnight + timedelta(minutes=first))
            until = min(ends, midnight + timedelta(minutes=last))
            if since < until:
                found.append((since, until))
    return tuple(sorted(found))


def _of_one_offset(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime, timedelta]]:
    """Split a local date where its zone's offset from UTC changes: `[begins, ends)` in UTC, and the offset."""
    begins = datetime.combine(day, time(0), zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)
    first, last = _offset(begins, zone), _offset(ends - timedelta.resolution, zone)
    if first == last:
        return [(begins, ends, first)]
    low, high = begins, ends
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=1) // 2)
        low, high = (middle, high) if _offset(middle, zone) == first else (low, middle)
    return [(begins, high, first), (high, ends, last)]


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).replace(tzinfo=UTC) - instant
