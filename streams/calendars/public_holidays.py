"""Public holidays and make-up working days, by country, region and year, and what is not known of them.

Mainland China's come from `chinesecalendar`: the State Council announces each year's days off, and the weekends that
are worked for them, in the autumn before. Beyond what it knows, the days that the law names (`holidays`) still count,
and no make-up days do. Other countries' come from `holidays`. Where a country or region is unknown to it, the calendar
falls back to the country's days, or to weekdays alone. Each such gap is counted and logged once a process.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import chinese_calendar
import holidays
import structlog
from chinese_calendar import constants

from contracts.metrics import CALENDAR_GAPS

MAINLAND = "CN"
SATURDAY_AND_SUNDAY = frozenset({5, 6})
ANNOUNCED = range(min(constants.holidays).year, max(constants.holidays).year + 1)
"""The years whose days off in mainland China `chinesecalendar` knows as announced."""

_log = structlog.get_logger(__name__)


class Gap(StrEnum):
    """What is not known."""

    COUNTRY = "country"
    REGION = "region"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One year of one place. off: days off; worked: weekends that are worked; gap: what of it is not known."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    gap: Gap | None = None


def countries() -> dict[str, list[str]]:
    """The regions of each country of which public holidays are known; by ISO 3166-1 alpha-2."""
    return {code: regions for code, regions in holidays.list_supported_countries().items() if len(code) == 2}  # noqa: PLR2004 (alpha-2)


def gap_of(country: str, region: str, year: int) -> Gap | None:
    """Say what is not known of a place and year; a country that nobody names has no holidays, and no gap."""
    if not country:
        return None
    if country not in _known():
        return Gap.COUNTRY
    if region and region not in _known()[country]:
        return Gap.REGION
    years = ANNOUNCED if country == MAINLAND else _years(country)
    return None if year in years else Gap.YEAR


@lru_cache(maxsize=1024)
def holiday_year(country: str, region: str, year: int) -> HolidayYear:
    """Give the days off and the worked weekends of one year, and say where they are not wholly known."""
    gap = gap_of(country, region, year)
    if gap is not None:
        CALENDAR_GAPS.labels(gap=gap).inc()
        _log.warning("public holidays are not known", missing=str(gap), country=country, region=region, year=year)
    if not country or gap is Gap.COUNTRY:
        return HolidayYear(gap=gap)
    if country == MAINLAND and gap is not Gap.YEAR:
        return _announced(year, gap)
    listed = holidays.country_holidays(country, subdiv=None if gap is Gap.REGION else region or None, years=year)
    worked = frozenset(day for day in getattr(listed, "weekend_workdays", ()) if day.year == year)
    return HolidayYear(frozenset(day for day in listed if day.year == year), worked, gap)


@lru_cache(maxsize=1024)
def weekend(country: str) -> frozenset[int]:
    """The days of the week that are off in a country: Monday is 0."""
    if country not in _known():
        return SATURDAY_AND_SUNDAY
    return frozenset(holidays.country_holidays(country).weekend)


def _announced(year: int, gap: Gap | None) -> HolidayYear:
    days = [date(year, 1, 1) + timedelta(days=count) for count in range(366)]
    days = [day for day in days if day.year == year]
    off = frozenset(
        day for day in days if day.weekday() not in SATURDAY_AND_SUNDAY and chinese_calendar.is_holiday(day)
    )
    worked = frozenset(day for day in days if day.weekday() in SATURDAY_AND_SUNDAY and chinese_calendar.is_workday(day))
    return HolidayYear(off, worked, gap)


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    return countries()


@lru_cache(maxsize=1024)
def _years(country: str) -> range:
    listed = holidays.country_holidays(country)
    return range(listed.start_year, listed.end_year + 1)
