"""Public holidays and make-up working days, by country and region, and what is told where they are not known."""

from datetime import date

import pytest

from contracts.metrics import CALENDAR_GAPS
from streams.calendars import Calendar
from streams.calendars.calendar import Week
from streams.calendars.public_holidays import ANNOUNCED, Gap, gap_of, holiday_year, weekend

OFFICE = ((9 * 60, 18 * 60),)
FIVE_DAYS: Week = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())


def calendar(country: str, region: str = "") -> Calendar:
    return Calendar("UTC", FIVE_DAYS, make_up=((8 * 60, 12 * 60),), country=country, region=region)


@pytest.mark.parametrize(
    ("country", "region", "day", "works"),
    [
        ("CN", "", date(2026, 2, 17), False),  # a Tuesday: Chinese New Year
        ("CN", "", date(2026, 2, 23), False),  # a Monday that is off by exchange, as the State Council announced
        ("CN", "", date(2026, 2, 14), True),  # a Saturday that is worked for it
        ("CN", "", date(2026, 2, 28), True),
        ("CN", "", date(2026, 2, 21), False),  # a Saturday within the holiday
        ("CN", "", date(2026, 3, 7), False),
        ("DE", "", date(2026, 1, 6), True),
        ("DE", "BY", date(2026, 1, 6), False),  # Epiphany, a holiday of Bavaria
        ("DE", "BY", date(2026, 5, 1), False),
        ("HU", "", date(2026, 1, 10), True),  # a Saturday that Hungary works for 2 January
        ("", "", date(2026, 5, 1), True),
    ],
)
def test_public_holidays_and_make_up_working_days_count(country: str, region: str, day: date, *, works: bool) -> None:
    assert bool(calendar(country, region).shifts(day)) is works


def test_a_make_up_day_is_worked_in_its_own_hours() -> None:
    assert calendar("CN").shifts(date(2026, 2, 14)) == ((8 * 60, 12 * 60),)


def test_extra_days_stand_above_the_public_ones_and_work_above_holidays() -> None:
    new_year, epiphany, monday = date(2026, 1, 1), date(2026, 1, 6), date(2026, 1, 12)
    works = Calendar(
        "Europe/Berlin",
        FIVE_DAYS,
        make_up=((0, 60),),
        country="DE",
        region="BY",
        extra_holidays=frozenset({monday, epiphany}),
        extra_working_days=frozenset({epiphany, date(2026, 1, 10)}),
    )
    assert [works.shifts(day) for day in (new_year, epiphany, monday)] == [(), OFFICE, ()]
    assert works.shifts(date(2026, 1, 10)) == ((0, 60),)


def test_the_weekend_is_the_countrys() -> None:
    assert [sorted(weekend(country)) for country in ("CN", "SA", "XX")] == [[5, 6], [4, 5], [5, 6]]


@pytest.mark.parametrize(
    ("country", "region", "year", "gap"),
    [
        ("CN", "", 2026, None),
        ("CN", "", ANNOUNCED.stop, Gap.YEAR),
        ("CN", "", ANNOUNCED.start - 1, Gap.YEAR),
        ("DE", "BY", 2026, None),
        ("DE", "XX", 2026, Gap.REGION),
        ("DE", "", 2101, Gap.YEAR),
        ("XX", "", 2026, Gap.COUNTRY),
        ("", "", 2026, None),
    ],
)
def test_what_is_not_known_is_named(country: str, region: str, year: int, gap: Gap | None) -> None:
    assert gap_of(country, region, year) == gap


@pytest.mark.parametrize(
    ("country", "region", "year", "gap"),
    [("CN", "", 2031, "year"), ("DE", "QQ", 2026, "region"), ("ZZ", "", 2026, "country")],
)
def test_what_is_not_known_is_counted_once_a_place_and_year(country: str, region: str, year: int, gap: str) -> None:
    holiday_year.cache_clear()
    counter = CALENDAR_GAPS.labels(gap=gap)
    before = counter._value.get()
    for _ in range(2):
        holiday_year(country, region, year)
    assert counter._value.get() == before + 1


def test_beyond_what_was_announced_the_days_that_the_law_names_still_count_and_weekends_are_off() -> None:
    year = ANNOUNCED.stop
    beyond = calendar("CN")
    assert beyond.shifts(date(year, 10, 1)) == ()
    assert not holiday_year("CN", "", year).worked
    assert all(not beyond.shifts(date(year, 3, day)) for day in range(1, 32) if date(year, 3, day).weekday() > 4)


def test_an_unknown_region_has_its_countrys_holidays_and_an_unknown_country_weekends_alone() -> None:
    assert calendar("DE", "XX").shifts(date(2026, 5, 1)) == ()
    unknown = calendar("XX")
    assert (unknown.shifts(date(2026, 5, 1)), unknown.shifts(date(2026, 5, 2))) == (OFFICE, ())
