"""Which calendar counts for whom, and what counts by it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.errors import Rejected
from contracts.policy import Matter, Policy
from streams.calendars import calendar_of, later

SHANGHAI = Matter(account="factory", customer="C7", country="CN", zone="Asia/Shanghai")
MUNICH = Matter(account="factory", customer="C8", country="DE", region="BY", zone="Europe/Berlin")


def due(said: dict[str, Any], matter: Matter, since: datetime, hours: float) -> datetime:
    policy = Policy.model_validate(said).about(matter)
    return later(policy, policy.late, since, timedelta(hours=hours))


def local(matter: Matter, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(matter.zone))


def test_without_a_word_about_it_time_counts_as_it_passes() -> None:
    since = datetime(2026, 2, 14, 20, tzinfo=UTC)
    assert due({}, SHANGHAI, since, 4) == since + timedelta(hours=4)


def test_a_kind_counts_as_it_says_and_else_as_the_policy_says() -> None:
    friday = local(SHANGHAI, 2026, 3, 6, 17, 0)
    monday = local(SHANGHAI, 2026, 3, 9, 10, 0)
    assert due({"counts": "working_hours"}, SHANGHAI, friday, 2) == monday
    assert due({"late": {"counts": "working_hours"}}, SHANGHAI, friday, 2) == monday
    elapsed = {"counts": "working_hours", "late": {"counts": "elapsed"}}
    assert due(elapsed, SHANGHAI, friday, 2) == friday + timedelta(hours=2)
    assert due({"counts": "working_days"}, SHANGHAI, friday, 24) == local(SHANGHAI, 2026, 3, 9, 17, 0)


def test_by_default_the_destinations_holidays_and_hours_count() -> None:
    """A Monday evening; the Tuesday is Epiphany in Bavaria, and a working day in China."""
    said = {"counts": "working_hours"}
    assert due(said, MUNICH, local(MUNICH, 2026, 1, 5, 17, 0), 2) == local(MUNICH, 2026, 1, 7, 10, 0)
    assert due(said, SHANGHAI, local(SHANGHAI, 2026, 1, 5, 17, 0), 2) == local(SHANGHAI, 2026, 1, 6, 10, 0)


def test_a_make_up_saturday_is_worked() -> None:
    friday = local(SHANGHAI, 2026, 2, 13, 17, 0)
    assert due({"counts": "working_hours"}, SHANGHAI, friday, 2) == local(SHANGHAI, 2026, 2, 14, 10, 0)


def test_a_destination_that_is_not_known_has_weekdays_in_utc() -> None:
    friday = datetime(2026, 5, 1, 17, tzinfo=UTC)
    assert due({"counts": "working_hours"}, Matter(), friday, 2) == datetime(2026, 5, 4, 10, tzinfo=UTC)


def test_a_country_whose_weekend_is_another_works_on_sunday() -> None:
    riyadh = Matter(country="SA", zone="Asia/Riyadh")
    assert due({"counts": "working_hours"}, riyadh, local(riyadh, 2026, 3, 5, 17, 0), 2) == local(
        riyadh, 2026, 3, 8, 10
    )


def test_an_override_gives_a_customer_or_a_destination_its_own_calendar() -> None:
    said = {
        "counts": "working_hours",
        "calendar": "works",
        "calendars": {
            "works": {"country": "CN", "zone": "Asia/Shanghai", "hours": ["08:00-12:00", "13:00-17:00"]},
            "always": {"country": "", "zone": "UTC", "hours": ["00:00-24:00"], "weekdays": {"sunday": ["00:00-24:00"]}},
            "germany": {"country": "DE", "zone": "Europe/Berlin", "weekdays": {"friday": ["09:00-13:00"]}},
        },
        "overrides": [
            {"when": {"customer": "C7"}, "calendar": "always"},
            {"when": {"country": "DE"}, "calendar": "germany"},
        ],
    }
    friday = local(SHANGHAI, 2026, 3, 6, 16, 0)
    assert due(said, SHANGHAI._replace(customer="C9"), friday, 2) == local(SHANGHAI, 2026, 3, 9, 9, 0)
    in_munich = local(MUNICH, 2026, 3, 6, 12, 0)
    assert due(said, MUNICH, in_munich, 2) == local(MUNICH, 2026, 3, 9, 10, 0)
    sunday = datetime(2026, 3, 8, 3, tzinfo=UTC)
    assert due(said, SHANGHAI, sunday, 2) == sunday + timedelta(hours=2)


def test_extra_days_are_read_and_weekdays_that_differ_too() -> None:
    declared = {"country": "CN", "extra_holidays": ["2026-03-09"], "extra_working_days": ["2026-03-07"]}
    said = {"counts": "working_hours", "calendar": "works", "calendars": {"works": declared}}
    friday = local(SHANGHAI, 2026, 3, 6, 17, 0)
    assert due(said, SHANGHAI, friday, 2) == local(SHANGHAI, 2026, 3, 7, 10, 0)
    assert due(said, SHANGHAI, friday, 11) == local(SHANGHAI, 2026, 3, 10, 10, 0)


def test_a_calendar_that_is_not_declared_is_refused() -> None:
    with pytest.raises(Rejected, match="'werks'"):
        calendar_of(Policy(calendar="werks"))
