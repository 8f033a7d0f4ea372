"""Times as senders write them: an instant with its offset, a local time, or a date; each is told as what it is."""

from datetime import date, datetime, time

from contracts.errors import Rejected
from contracts.model import shown
from contracts.moment import Moment, Precision, ZoneSource

_DATE_LENGTH = len("2026-03-02")


def moment(text: str, path: str, zone: str | None = None, zone_source: ZoneSource = ZoneSource.ACCOUNT) -> Moment:
    """Read ISO 8601: `2026-03-02T09:05:40+01:00` is an instant, without its offset a local time, `2026-03-02` a date.

    A blank may stand for the `T`. zone: of local times and dates, and `zone_source` who names it. Raises Rejected with
    `path` where it is none of these, no instant of our time, or (code `no_zone`) in need of a zone that nobody names.
    """
    try:
        told = _read(text)
        if isinstance(told, datetime) and told.tzinfo is not None:
            return Moment(at=told)
    except ValueError as error:  # no such day, or no such instant in UTC
        raise _wrong(text, path) from error
    if zone is None:
        reason = f"found {shown(text)}; the account names no `zone` for times without one"
        raise Rejected(reason, code="no_zone", path=path)
    try:
        if isinstance(told, datetime):
            return Moment.local(told, zone, zone_source)
        return Moment.on(told, zone, zone_source)
    except Rejected as error:
        raise _wrong(text, path) from error


def day_at_midnight(told: Moment, zone: str, zone_source: ZoneSource) -> Moment:
    """Take an instant that is midnight in UTC for the date that it poses as, in the zone given; others as told."""
    if told.precision is not Precision.INSTANT or told.at.time() != time(0):
        return told
    return Moment.on(told.at.date(), zone, zone_source)


def _read(text: str) -> date:
    if len(text) == _DATE_LENGTH:
        return date.fromisoformat(text)
    if text[_DATE_LENGTH : _DATE_LENGTH + 1] in {"T", " "}:
        return datetime.fromisoformat(text)
    raise ValueError(text)


def _wrong(text: str, path: str) -> Rejected:
    reason = f"found {shown(text)}; expected an ISO 8601 instant, local time or date"
    return Rejected(reason, code="invalid", path=path)
