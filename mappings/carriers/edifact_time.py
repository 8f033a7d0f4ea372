"""EDIFACT dates and times (segment DTM) to moments: a value and its format, element 2379.

A format with an offset makes an instant, and so does one with a zone that is UTC; another zone's abbreviation does not
say which it is and is refused. The others are local times of a place whose zone no segment names: the account's counts.
"""

from types import MappingProxyType
from typing import NamedTuple

from contracts.errors import Rejected
from contracts.model import shown
from contracts.moment import Moment
from mappings.instants import moment


class _Format(NamedTuple):
    """Digits of the year, and of the time; what follows."""

    year: int
    time: int
    zone: str = ""


FORMATS = MappingProxyType(
    {
        "101": _Format(2, 0),
        "102": _Format(4, 0),
        "201": _Format(2, 4),
        "202": _Format(2, 6),
        "203": _Format(4, 4),
        "204": _Format(4, 6),
        "205": _Format(4, 4, "offset"),
        "208": _Format(4, 6, "offset"),
        "301": _Format(2, 4, "name"),
        "302": _Format(2, 6, "name"),
        "303": _Format(4, 4, "name"),
        "304": _Format(4, 6, "name"),
    }
)
"""Of instants and dates: YYMMDD (101), CCYYMMDD (102), with HHMM or HHMMSS, with Z and HHMM (205, 208) or ZZZ (30x)."""
_UTC = frozenset({"UTC", "GMT", "Z"})
_CENTURY = "20"


def edifact_moment(value: str, written_as: str, path: str, zone: str | None) -> Moment:
    """Read a DTM; raises Rejected with `path`, also at a format that is none of an instant or a date."""
    told = FORMATS.get(written_as)
    if told is None:
        raise Rejected(
            f"found format {shown(written_as)}; expected one of {', '.join(FORMATS)}", code="invalid", path=path
        )
    digits = told.year + 4 + told.time
    body, rest = value[:digits], value[digits:]
    if len(body) != digits or not body.isdecimal() or bool(rest) != bool(told.zone):
        raise Rejected(f"found {shown(value)}; expected it as format {written_as} says", code="invalid", path=path)
    body = body if told.year == len("CCYY") else _CENTURY + body
    iso = f"{body[:4]}-{body[4:6]}-{body[6:8]}"
    if told.time:
        iso = f"{iso}T{body[8:10]}:{body[10:12]}:{body[12:14] or '00'}"
    if told.zone == "name":
        if rest.strip() not in _UTC:
            raise Rejected(f"found zone {shown(rest)}; expected UTC or an offset", code="invalid", path=path)
        iso += "Z"
    elif told.zone:
        iso += rest
    return moment(iso, path, zone)
