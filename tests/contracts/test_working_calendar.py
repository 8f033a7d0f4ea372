"""Calendars as a policy declares them."""

from typing import Any

import pytest
from pydantic import ValidationError

from contracts.policy import Policy, WorkingCalendar, calendar
from contracts.policy.calendar import minutes_of


@pytest.mark.parametrize(
    ("shift", "minutes"),
    [("08:30-12:00", (510, 720)), ("00:00-24:00", (0, 1440)), ("23:59-24:00", (1439, 1440))],
)
def test_hours_are_minutes_of_the_day(shift: str, minutes: tuple[int, int]) -> None:
    assert minutes_of(shift) == minutes


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hours": ["8:30-12:00"]}, "such as 08:30-12:00"),
        ({"hours": ["08:30-25:00"]}, "such as 08:30-12:00"),
        ({"hours": ["08:30-24:30"]}, "such as 08:30-12:00"),
        ({"hours": ["22:00-06:00"]}, "write a night as two"),
        ({"hours": ["08:00-08:00"]}, "end after it begins"),
        ({"hours": ["08:00-12:00", "11:00-18:00"]}, "one after another"),
        ({"hours": []}, "at least 1"),
        ({"weekdays": {"sonntag": []}}, "'monday', 'tuesday'"),
        ({"zone": "Asia/Shanghia"}, "not a time zone: 'Asia/Shanghia'"),
        ({"country": "China"}, "pattern"),
        ({"country": "destination", "region": "BY"}, "a `region` is one of a `country`"),
        ({"country": "", "region": "BY"}, "a `region` is one of a `country`"),
        ({"extra_holidays": ["2026-05-04"], "extra_working_days": ["2026-05-04"]}, "2026-05-04 cannot be"),
        ({"weekdays": {day: [] for day in calendar.Weekday}}, "some day of the week"),
        ({"extra_holidays": ["tomorrow"]}, "valid date"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        WorkingCalendar.model_validate(wrong)


def test_where_the_holidays_come_from_is_a_part_of_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer version of the libraries may know other days, and is another policy therefore."""
    before = Policy().fingerprint
    monkeypatch.setitem(calendar.HOLIDAYS_FROM, "holidays", "999")
    assert Policy().fingerprint != before


@pytest.mark.parametrize(
    "changed",
    [
        {"calendars": {"works": {"extra_holidays": ["2026-07-01"]}}},
        {"calendar": "works", "calendars": {"works": {}}},
        {"counts": "working_hours"},
        {"late": {"counts": "working_days"}},
    ],
)
def test_a_changed_calendar_is_another_policy(changed: dict[str, Any]) -> None:
    assert Policy.model_validate(changed).fingerprint != Policy().fingerprint
