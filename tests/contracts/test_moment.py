"""Instants are UTC inside, say how precise they are, and survive every zone's daylight saving."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Rejected
from contracts.model import read
from contracts.moment import Moment, Precision, Window, ZoneSource, start_of_day, zone

ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
)
zones = st.sampled_from(ZONES)
days = st.dates(min_value=date(1970, 1, 2), max_value=date(2037, 12, 30))
A_MICROSECOND = timedelta(microseconds=1)


@given(days, zones)
def test_a_day_begins_at_its_first_instant_whatever_the_clocks_do(day: date, name: str) -> None:
    begins = start_of_day(day, name)
    assert begins.astimezone(zone(name)).date() == day
    assert (begins - A_MICROSECOND).astimezone(zone(name)).date() < day


@given(days, st.integers(0, 400), zones)
def test_a_window_of_days_includes_its_last_day_and_no_more(first: date, length: int, name: str) -> None:
    last = min(first + timedelta(days=length), date(2037, 12, 30))
    window = Window.of_days(first, last, name)
    assert window.last_day() == last
    assert window.opens == start_of_day(first, name)
    assert window.closes == start_of_day(last + timedelta(days=1), name)


@pytest.mark.parametrize(
    ("day", "name", "hours"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (date(2026, 10, 25), "Asia/Shanghai", 24),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),  # midnight itself does not exist
    ],
)
def test_a_day_is_as_long_as_its_zone_says(day: date, name: str, hours: int) -> None:
    window = Window.of_days(day, day, name)
    assert window.opens is not None
    assert window.closes - window.opens == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (datetime(2026, 7, 1, 12, 0), datetime(2026, 7, 1, 10, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # happens twice: the first
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # never happens: an hour later
    ],
)
def test_a_local_time_is_placed_in_its_zone(wall: datetime, instant: datetime) -> None:
    moment = Moment.local(wall, "Europe/Berlin", ZoneSource.ACCOUNT)
    assert moment == Moment(at=instant, precision=Precision.LOCAL, zone_source=ZoneSource.ACCOUNT)


def test_a_date_says_that_it_is_no_more_than_a_date() -> None:
    moment = Moment.on(date(2026, 5, 1), "Asia/Shanghai", ZoneSource.DESTINATION)
    assert moment.at == datetime(2026, 4, 30, 16, 0, tzinfo=UTC)
    assert moment.precision is Precision.DATE


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=8))), min_value=datetime(1, 1, 2)))
def test_every_instant_is_utc_inside_and_survives_json(at: datetime) -> None:
    moment = Moment(at=at)
    assert moment.at.tzinfo is UTC
    assert read(Moment, moment.encode()) == moment


@pytest.mark.parametrize(
    "json",
    [
        b'{"at": "2026-01-01T00:00:00"}',
        b'{"at": "2026-01-01"}',
        b'{"at": "yesterday"}',
        b'{"at": null}',
        b'{"at": "0001-01-01T00:00:00+08:00"}',
        b'{"at": "9999-12-31T23:59:59-08:00"}',
    ],
)
def test_what_is_no_instant_with_a_zone_is_refused(json: bytes) -> None:
    with pytest.raises(Rejected) as raised:
        read(Moment, json)
    assert raised.value.path == "$.at"


@pytest.mark.parametrize("name", ["Asia/Shanghia", "", "../etc/passwd", "CST6", "a\0b"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Rejected) as raised:
        zone(name)
    assert raised.value.code == "bad_zone"


def test_a_window_with_an_unknown_zone_names_the_zone() -> None:
    with pytest.raises(Rejected, match=r"^\$\.zone: found 'Moon/Base'; .*not a time zone") as raised:
        read(Window, b'{"closes": "2026-01-01T00:00:00Z", "zone": "Moon/Base"}')
    assert raised.value.path == "$.zone"


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(Rejected, match="a window closes after it opens"):
        Window.of_days(date(2026, 1, 2), date(2025, 12, 31), "UTC")


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_end_of_time_is_refused_and_crashes_nothing(day: date) -> None:
    with pytest.raises(Rejected):
        Window.of_days(day, day, "Asia/Shanghai")
