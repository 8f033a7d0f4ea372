"""X12 dates and times (elements 373 and 337) with their time code (element 623) to moments.

A code that is an offset (UT, GM, a zone's standard or daylight time, 01 to 24) makes an instant. One that names a zone
makes a local time in it, whose zone the payload told. LT, or none, is the local time of a place that no element names:
the account's zone counts. A date without a time is a date.
"""

from types import MappingProxyType

from contracts.errors import Rejected
from contracts.model import shown
from contracts.moment import Moment, ZoneSource
from mappings.instants import moment

_DATE, _TIMES = len("CCYYMMDD"), frozenset({len("HHMM"), len("HHMMSS"), len("HHMMSSD"), len("HHMMSSDD")})

OFFSETS = MappingProxyType(
    {
        "UT": "+00:00",
        "GM": "+00:00",
        "ND": "-02:30",
        "NS": "-03:30",
        "TD": "-03:00",
        "TS": "-04:00",
        "ED": "-04:00",
        "ES": "-05:00",
        "CD": "-05:00",
        "CS": "-06:00",
        "MD": "-06:00",
        "MS": "-07:00",
        "PD": "-07:00",
        "PS": "-08:00",
        "AD": "-08:00",
        "AS": "-09:00",
        "HD": "-09:00",
        "HS": "-10:00",
        **{f"{hours:02}": f"+{hours:02}:00" for hours in range(1, 13)},
        **{f"{25 - hours:02}": f"-{hours:02}:00" for hours in range(1, 13)},
    }
)
"""Codes that are an offset: 01 to 12 are ISO's P01 to P12, 13 to 24 its M12 to M01."""

ZONES = MappingProxyType(
    {
        "NT": "America/St_Johns",
        "TT": "America/Halifax",
        "ET": "America/New_York",
        "CT": "America/Chicago",
        "MT": "America/Denver",
        "PT": "America/Los_Angeles",
        "AT": "America/Anchorage",
        "HT": "Pacific/Honolulu",
    }
)
"""Codes that name a zone and leave open whether daylight saving holds."""

_LOCAL = frozenset({"", "LT"})


def x12_moment(date: str, time: str, code: str, path: str, zone: str | None) -> Moment:
    """Read CCYYMMDD with HHMM, HHMMSS, tenths or hundredths, or nothing; raises Rejected with `path`."""
    if len(date) != _DATE or not (not time or len(time) in _TIMES):
        expected = "expected CCYYMMDD and HHMM or HHMMSS"
        raise Rejected(f"found {shown(date)} and {shown(time)}; {expected}", code="invalid", path=path)
    written = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    if time:
        seconds, fraction = time[4:6] or "00", f".{time[6:]:0<3}" if time[6:] else ""
        written = f"{written}T{time[:2]}:{time[2:4]}:{seconds}{fraction}"
    if code in _LOCAL or not time:
        return moment(written, path, zone)
    if code in ZONES:
        return moment(written, path, ZONES[code], ZoneSource.PAYLOAD)
    if code not in OFFSETS:
        raise Rejected(f"found {shown(code)}; expected a time code (element 623)", code="invalid", path=path)
    return moment(written + OFFSETS[code], path)
