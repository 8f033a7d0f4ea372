"""Instants that say how precise they are and where their zone came from, and windows that are promised.

Inside, every instant is aware and in UTC. A sender's local time or date becomes an instant in a zone that the payload,
the sender's documentation, the account or the destination names; which of them is kept beside it.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, PlainSerializer, model_validator

from contracts.errors import Rejected
from contracts.model import Contract, build


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("an instant before the year 1 or after 9999 in UTC") from error


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    PlainSerializer(lambda at: at.isoformat(timespec="microseconds").replace("+00:00", "Z"), when_used="json"),
]
"""An aware datetime in UTC."""


def _known_zone(name: str) -> str:
    zone(name)
    return name


def zone(name: str) -> ZoneInfo:
    """Give the zone of the IANA database; raises Rejected at an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Rejected(f"not a time zone: {name!r}", code="bad_zone") from error


def _zone_for_pydantic(name: str) -> str:
    try:
        return _known_zone(name)
    except Rejected as error:
        raise ValueError(error.reason) from error


Zone = Annotated[str, AfterValidator(_zone_for_pydantic)]
"""The name of a zone of the IANA time zone database."""


class Precision(StrEnum):
    """How much of an instant the sender gave."""

    INSTANT = "instant"
    LOCAL = "local"
    DATE = "date"


class ZoneSource(StrEnum):
    """Where the zone of an instant came from."""

    PAYLOAD = "payload"
    DOCUMENTATION = "documentation"
    ACCOUNT = "account"
    DESTINATION = "destination"


class Moment(Contract):
    """When something happened, as well as the sender told it: an RFC 3339 instant, and what is known of its making."""

    at: Instant
    precision: Precision = Precision.INSTANT
    zone_source: ZoneSource = ZoneSource.PAYLOAD

    @classmethod
    def local(cls, wall: datetime, zone_name: str, zone_source: ZoneSource) -> "Moment":
        """Place a wall-clock time in its zone. Of an hour that daylight saving repeats, the first is meant."""
        try:
            at = wall.replace(tzinfo=zone(zone_name)).astimezone(UTC)
        except OverflowError as error:
            raise Rejected(f"not a time of ours: {wall}", code="bad_time") from error
        return cls(at=at, precision=Precision.LOCAL, zone_source=zone_source)

    @classmethod
    def on(cls, day: date, zone_name: str, zone_source: ZoneSource) -> "Moment":
        """Place a date at its first instant in its zone."""
        return cls(at=start_of_day(day, zone_name), precision=Precision.DATE, zone_source=zone_source)


class Window(Contract):
    """A promised window `[opens, closes)` in the destination's zone; `opens` is absent for "by then"."""

    opens: Instant | None = None
    closes: Instant
    precision: Precision = Precision.DATE
    zone: Zone

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Window":
        if self.opens is not None and self.opens >= self.closes:
            raise ValueError("a window closes after it opens")
        return self

    @classmethod
    def of_days(cls, first: date | None, last: date, zone_name: str) -> "Window":
        """Promise whole days, the last one included; raises Rejected where the last is before the first."""
        if last == date.max:
            raise Rejected(f"not a day to promise: {last}", code="bad_time")
        return build(
            cls,
            opens=start_of_day(first, zone_name) if first else None,
            closes=start_of_day(last + timedelta(days=1), zone_name),
            precision=Precision.DATE,
            zone=zone_name,
        )

    def last_day(self) -> date:
        """The last day of the window, in its zone."""
        return (self.closes - timedelta(microseconds=1)).astimezone(zone(self.zone)).date()


def start_of_day(day: date, zone_name: str) -> datetime:
    """The first instant of `day` in a zone, in UTC; raises Rejected where that is before the year 1."""
    try:
        return datetime.combine(day, time(0), zone(zone_name)).astimezone(UTC)
    except OverflowError as error:
        raise Rejected(f"not a day of our time: {day}", code="bad_time") from error
