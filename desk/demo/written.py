"""How the story is written: lines, scans and times as short texts, each told apart from a slip of the pen."""

import re
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field

_TIME = re.compile(r"(?:(?P<day>\d\d-\d\d) )?(?P<time>\d\d:\d\d)")
_SCAN = re.compile(r"(?P<at>(?:\d\d-\d\d )?\d\d:\d\d) (?P<code>[\w/]+) (?P<place>\S+) \| (?P<words>.+)")
_LINE = re.compile(r"(?P<quantity>[\d.]+) (?P<product>\S+)")
_ISSUED = re.compile(r"(?P<quantity>[\d.]+) of (?P<order>[^/]+)/(?P<line>\d+)")


class Line(NamedTuple):
    """`10 SN-516`."""

    quantity: Decimal
    product: str


class Issued(NamedTuple):
    """`8 of SO-2661/1`."""

    quantity: Decimal
    order: str
    line: int


class Scan(NamedTuple):
    """`07:20 5 苏州市 | 快件正在派送`. at: as it is written. code: of whoever tells of the parcel."""

    at: str
    code: str
    place: str
    words: str


def _line(text: object) -> object:
    found = parts(_LINE, text, "QUANTITY PRODUCT")
    return Line(Decimal(found["quantity"]), found["product"])


def _issued(text: object) -> object:
    found = parts(_ISSUED, text, "QUANTITY of ORDER/LINE")
    return Issued(Decimal(found["quantity"]), found["order"], int(found["line"]))


def _scan(text: object) -> object:
    return Scan(**parts(_SCAN, text, "TIME CODE PLACE | WORDS"))


def parts(pattern: re.Pattern[str], text: object, shape: str) -> dict[str, str]:
    """Take a text apart; raises ValueError, naming the shape that is expected."""
    found = pattern.fullmatch(str(text))
    if found is None:
        raise ValueError(f"expected {shape}")
    return found.groupdict()


def day_and_time(text: str) -> tuple[str | None, str]:
    """Give the day, `MM-DD`, where a time names one, and the time."""
    found = parts(_TIME, text, "[MM-DD ]HH:MM")
    return found["day"], found["time"]


Time = Annotated[str, Field(pattern=rf"^{_TIME.pattern}$")]
LineText = Annotated[Line, BeforeValidator(_line)]
IssuedText = Annotated[Issued, BeforeValidator(_issued)]
ScanText = Annotated[Scan, BeforeValidator(_scan)]
