"""When people work: the calendars by which working time counts, and how a span is counted."""

import re
from datetime import date
from enum import StrEnum
from importlib.metadata import version
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from contracts.errors import Rejected
from contracts.moment import zone

DESTINATION = "destination"
"""Stands for the country or zone to which an order is delivered."""
HOLIDAYS_FROM = {name: version(name) for name in ("chinesecalendar", "holidays")}
"""Where public holidays come from: a newer version may know other days, and is another policy therefore."""
_SHIFT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))")


class Counting(StrEnum):
    """How a span is counted: as it passes, on working days alone (24 hours each), or in working hours alone."""

    ELAPSED = "elapsed"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"


class Weekday(StrEnum):
    """The days of the week, in their order."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


def minutes_of(shift: str) -> tuple[int, int]:
    """Read `08:30-12:00` as minutes of the day; raises ValueError where it is none."""
    found = _SHIFT.fullmatch(shift)
    if found is None:
        raise ValueError(f"found {shift!r}; expected hours such as 08:30-12:00, until 24:00 at the latest")
    numbers = [int(number) for number in found.groups() if number is not None]
    begins, ends = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if begins >= ends:
        raise ValueError(
            f"found {shift!r}; expected to end after it begins: write a night as two, until 24:00 and from 00:00"
        )
    return begins, ends


def _shifts(shifts: tuple[str, ...]) -> tuple[str, ...]:
    until = 0
    for shift in shifts:
        begins, ends = minutes_of(shift)
        if begins < until:
            raise ValueError(f"found {shift!r}; expected hours one after another, and none twice")
        until = ends
    return shifts


def _zone(name: str) -> str:
    if name != DESTINATION:
        try:
            zone(name)
        except Rejected as error:
            raise ValueError(
                f"{error.reason}; expected one of the IANA database, such as Asia/Shanghai, or destination"
            ) from error
    return name


Shifts = Annotated[tuple[str, ...], AfterValidator(_shifts)]
"""Working hours of a day: `["08:30-12:00", "13:00-17:30"]`."""


class WorkingCalendar(BaseModel):
    """When people work: days of the week, public holidays and hours.

    country: whose public holidays and make-up working days count (ISO 3166-1 alpha-2); `destination` is the order's,
    and nothing written is no country's. region: whose regional holidays count beside them (ISO 3166-2 without the
    country); at the destination it is the order's. zone: where the hours are read; `destination` is the order's, and
    UTC where that is not known. hours: the working hours of a working day. weekdays: the hours of the days that differ;
    an empty list is a day off. Days that are not named work `hours`, but for the weekend of the country.
    extra_holidays: dates that are off as well. extra_working_days: dates that are worked although they would be off.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Annotated[str, Field(pattern=r"^([A-Z]{2}|destination)?$")] = DESTINATION
    region: str = ""
    zone: Annotated[str, AfterValidator(_zone)] = DESTINATION
    hours: Annotated[Shifts, Field(min_length=1)] = ("09:00-18:00",)
    weekdays: dict[Weekday, Shifts] = Field(default_factory=dict)
    extra_holidays: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _is_possible(self) -> "WorkingCalendar":
        if self.region and self.country in {"", DESTINATION}:
            raise ValueError("a `region` is one of a `country`: name that too")
        if twice := sorted(set(self.extra_holidays) & set(self.extra_working_days)):
            raise ValueError(f"{twice[0]} cannot be an extra holiday and an extra working day")
        if len(self.weekdays) == len(Weekday) and not any(self.weekdays.values()):
            raise ValueError("some day of the week has to be worked (`weekdays`)")
        return self
