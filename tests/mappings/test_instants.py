"""Times as senders write them."""

from datetime import UTC, date, datetime

import pytest

from contracts.errors import Rejected
from contracts.moment import Moment, ZoneSource
from mappings.instants import day_at_midnight, moment


@pytest.mark.parametrize(
    ("text", "zone", "at", "precision", "zone_source"),
    [
        ("2026-03-02T09:05:40Z", "Asia/Tokyo", "2026-03-02T09:05:40", "instant", "payload"),
        ("2026-03-02T09:05:40.25+01:00", None, "2026-03-02T08:05:40.25", "instant", "payload"),
        ("2026-03-02 09:05:40", "Asia/Tokyo", "2026-03-02T00:05:40", "local", "account"),
        ("2026-03-02T09:05:40", "UTC", "2026-03-02T09:05:40", "local", "account"),
        ("2026-03-02", "Asia/Tokyo", "2026-03-01T15:00:00", "date", "account"),
        ("2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00", "local", "account"),
        ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00", "local", "account"),
    ],
)
def test_a_time_is_told_as_precisely_as_it_was_written(
    text: str, zone: str | None, at: str, precision: str, zone_source: str
) -> None:
    told = moment(text, "$.at", zone)
    assert told.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert (told.precision, told.zone_source) == (precision, zone_source)


def test_who_names_the_zone_is_kept() -> None:
    told = moment("2026-03-02 09:05:40", "$.at", "Asia/Shanghai", ZoneSource.DOCUMENTATION)
    assert told.zone_source is ZoneSource.DOCUMENTATION


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "20260302T090540", "2026-03-02T25:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_time_is_rejected_with_its_path(text: str) -> None:
    with pytest.raises(Rejected, match="expected an ISO 8601 instant, local time or date") as told:
        moment(text, "$.at", "UTC")
    assert told.value.path == "$.at"


def test_a_date_or_time_before_all_time_in_its_zone_is_rejected() -> None:
    for text in ("0001-01-01", "0001-01-01T00:00:00"):
        with pytest.raises(Rejected, match="expected an ISO 8601 instant") as told:
            moment(text, "$.at", "Asia/Tokyo")
        assert told.value.path == "$.at"


@pytest.mark.parametrize("text", ["2026-03-02", "2026-03-02T09:05:40"])
def test_a_time_whose_zone_nobody_names_is_rejected_and_no_zone_is_made_up(text: str) -> None:
    with pytest.raises(Rejected, match="the account names no `zone`") as told:
        moment(text, "$.at")
    assert (told.value.code, told.value.path) == ("no_zone", "$.at")


def test_an_instant_that_is_midnight_in_utc_is_taken_for_the_date_that_it_poses_as() -> None:
    zone = ("America/Los_Angeles", ZoneSource.ACCOUNT)
    day = day_at_midnight(moment("2026-03-02T00:00:00Z", "$.eta"), *zone)
    assert day == Moment.on(date(2026, 3, 2), *zone)
    for other in (moment("2026-03-02T00:00:01Z", "$.eta"), moment("2026-03-02T00:00:00", "$.eta", "UTC")):
        assert day_at_midnight(other, *zone) == other
