"""Cells: what a table's reader found in them, and what they mean as a text, a number, a date or a code.

A cell is a text as it stands, or, from a spreadsheet, a number or a date that it holds as such; those need no option to
be understood. Of a spreadsheet's binary numbers 15 significant digits count, which is what such programs keep and show
(https://support.microsoft.com/office/1672db2c-acb2-40e4-adb5-42c2f7c8f5b6, "number precision").
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from contracts.model import shown
from contracts.moment import Moment, ZoneSource
from mappings.erp.table_fields import Field, Holds
from mappings.erp.table_layout import UNIT_CODES, Layout


@dataclass(frozen=True, slots=True)
class Unusable:
    """What stands in a cell and is no value: an error such as #N/A, a formula that was never reckoned."""

    found: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A cell that is merged with one above it, in which `above` stands."""

    above: "Cell"


Cell: TypeAlias = str | Decimal | date | datetime | bool | Unusable | Covered
"""An empty one is the empty text."""
When: TypeAlias = date | datetime
Value: TypeAlias = str | Decimal | date | datetime

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_TIME_OF_DAY = re.compile(r"%[HIMSTRXcz]")
_DIGITS = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


class Unexpected(Exception):
    """A cell that means nothing where it stands; `table_rows` alone catches it. found, expected: for a person."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(expected)
        self.found = found
        self.expected = expected


def is_blank(cell: Cell) -> bool:
    """Tell whether nothing stands in a cell itself."""
    return isinstance(cell, Covered) or (isinstance(cell, str) and not cell.strip())


def meaning(cell: Cell, described: Field, layout: Layout) -> Value:
    """Say what a cell that is not blank means in a field; raises Unexpected."""
    if isinstance(cell, Unusable):
        raise Unexpected(cell.found, _EXPECTED[described.holds])
    match described.holds:
        case Holds.TEXT:
            return text(cell)
        case Holds.NUMBER:
            return number(cell, layout)
        case Holds.DATE:
            return when(cell, layout)
        case Holds.UNIT:
            return unit(cell, layout)
        case Holds.CODE:
            return code(cell, described, layout)


def text(cell: Cell) -> str:
    """Read a text; a number that was typed into a spreadsheet is one, without superfluous zeros."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, Decimal):
        return f"{cell.normalize() + 0:f}"
    raise Unexpected(shown_cell(cell), "a text; format the column as text")


def number(cell: Cell, layout: Layout) -> Decimal:
    """Read a number as the layout says that it is written."""
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, str):
        written = cell.strip().replace("\u00a0", " ").replace("\u202f", " ")
        whole, mark, places = written.partition(layout.notation.decimal)
        if layout.notation.grouping and layout.notation.grouping in whole:
            whole = _ungrouped(whole, layout.notation.grouping)
        if _DIGITS.fullmatch(plain := f"{whole}.{places}" if mark else whole):
            return Decimal(plain)
    raise Unexpected(shown_cell(cell), f"a number such as 1234{layout.notation.decimal}5")


def _ungrouped(whole: str, mark: str) -> str:
    """Take out what stands between thousands; where it stands elsewhere nothing of it is a number."""
    first, *others = whole.split(mark)
    in_threes = 1 <= len(first.lstrip("+-")) <= _GROUP and all(len(group) == _GROUP for group in others)
    return first + "".join(others) if in_threes else ""


def when(cell: Cell, layout: Layout) -> When:
    """Read a date, or a date with a time."""
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str) and (found := _dated(cell.strip(), layout.notation.dates)) is not None:
        return found
    how = " or ".join(layout.notation.dates) if layout.notation.dates else "YYYY-MM-DD"
    raise Unexpected(shown_cell(cell), f"a date written as {how}")


@lru_cache(maxsize=4096)
def _dated(written: str, patterns: tuple[str, ...]) -> When | None:
    """Read a date as one of the patterns has it; kept, since a table says few dates in many rows."""
    for pattern in patterns:
        try:
            found = datetime.strptime(written, pattern)  # noqa: DTZ007 - the zone is the account's
        except ValueError:
            continue
        return found if _TIME_OF_DAY.search(pattern) else found.date()
    if patterns:
        return None
    try:
        if _ISO_DAY.fullmatch(written):
            return date.fromisoformat(written)
        return datetime.fromisoformat(written) if _ISO_TIME.fullmatch(written) else None
    except ValueError:
        return None


def unit(cell: Cell, layout: Layout) -> str:
    """Read a unit: by the options, else a usual code."""
    written = text(cell)
    found = layout.codes["unit"].get(written) or (written if written in UNIT_CODES else None)
    if found is None:
        raise Unexpected(repr(written), f"a code of UN/ECE Recommendation 20, or the option `unit.{written}` with it")
    return found


def code(cell: Cell, described: Field, layout: Layout) -> str:
    """Read a code: by the options, else one of ours."""
    written = text(cell)
    found = layout.codes[described.name].get(written) or (written if written in described.codes else None)
    if found is None:
        ours = ", ".join(sorted(described.codes))
        raise Unexpected(repr(written), f"one of {ours}, or the option `{described.name}.{written}` with one")
    return found


def moment(found: When, zone: str) -> Moment:
    """Place a date or a time in the account's zone, unless it says its own."""
    if not isinstance(found, datetime):
        return Moment.on(found, zone, ZoneSource.ACCOUNT)
    if found.tzinfo is None:
        return Moment.local(found, zone, ZoneSource.ACCOUNT)
    return Moment(at=found)


def shown_cell(cell: Cell) -> str:
    """Write what stands in a cell for a person."""
    match cell:
        case Unusable():
            return cell.found
        case datetime() | date():
            return f"the date {cell.isoformat()}"
        case Decimal():
            return f"the number {cell}"
        case bool():
            return "TRUE" if cell else "FALSE"
    return shown(cell)


_GROUP = 3
_EXPECTED = {
    Holds.TEXT: "a text",
    Holds.NUMBER: "a number",
    Holds.DATE: "a date",
    Holds.UNIT: "a unit",
    Holds.CODE: "a code",
}
