"""Instants and spans as people write them on the command line; a mistake names its option."""

from datetime import UTC, date, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from contracts.envelope import read_time
from contracts.errors import Rejected

_SPAN = TypeAdapter(timedelta)


def past(text: str, now: datetime, option: str) -> datetime:
    """Read an RFC 3339 instant; raises Rejected where it is none, or yet to come."""
    at = _instant(text, option)
    if at > now:
        raise Rejected(f"{option}: {shown(at)} is yet to come", code="bad_time")
    return at


def future(text: str, now: datetime, option: str) -> datetime:
    """Read an RFC 3339 instant, or an ISO 8601 duration from `now`; raises Rejected where it is none, or has passed."""
    at = now + _span(text, option) if text.startswith("P") else _instant(text, option)
    if at <= now:
        raise Rejected(f"{option}: {shown(at)} has passed", code="bad_time")
    return at


def day(text: str, option: str) -> date:
    """Read a day, as `2026-03-20`; raises Rejected where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Rejected(f"{option}: not a day, as 2026-03-20: {text!r}", code="bad_time") from error


def shown(at: datetime) -> str:
    """Write an instant for people, to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _instant(text: str, option: str) -> datetime:
    try:
        return read_time(text)
    except Rejected as error:
        raise Rejected(f"{option}: {error.reason}", code=error.code) from error


def _span(text: str, option: str) -> timedelta:
    try:
        return _SPAN.validate_python(text)
    except ValidationError as error:
        raise Rejected(f"{option}: not an ISO 8601 duration: {text!r}", code="bad_time") from error
