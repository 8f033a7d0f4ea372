"""The options of an account whose documents come as tables: which column says what, and how its cells are written.

kind: order, goods_issue, goods_receipt or return_receipt; a row is a line of one
column.FIELD: the title of the column in which a field of `table_fields` stands
value.FIELD: what a field is in every row, where no column says it
unit.TEXT, state.TEXT, method.TEXT, condition.TEXT: what a text in that column means, such as `unit.pcs: C62`
date: how dates are written, in the patterns of Python's strptime, separated by |; ISO 8601 unless given
decimal, grouping: the decimal mark (a point unless given), and what stands between thousands (nothing)
encoding, delimiter: of CSV; UTF-8 and a comma unless given. `tab` is a tab
sheet: of XLSX; the first unless given
header_row: in which row the titles stand; the first unless given
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from contracts.errors import Rejected
from mappings.erp.table_fields import KINDS, Field, Holds
from mappings.erp.tryton_units import UNITS

COLUMN, VALUE = "column.", "value."
PLAIN = frozenset({"kind", "date", "decimal", "grouping", "encoding", "delimiter", "sheet", "header_row"})
UNIT_CODES = frozenset(UNITS.values()) | {
    "H87", "PR", "SET", "DZN", "TNE", "XBG", "XBX", "XCT", "XDR", "XPK", "XPX", "XRO",
}  # fmt: skip
"""Codes of UN/ECE Recommendations 20 and 21 that need no option: the usual ones. `unit.XOK: XOK` adds one."""
_UNIT_CODE = re.compile(r"[A-Z0-9]{2,3}")
_HEADER_ROW = re.compile(r"[1-9][0-9]{0,2}")
_GROUPS = frozenset({"", ".", ",", " ", "'"})


@dataclass(frozen=True, slots=True)
class Notation:
    """How cells and files are written. dates: patterns; none means ISO 8601."""

    dates: tuple[str, ...]
    decimal: str
    grouping: str
    encoding: str
    delimiter: str
    sheet: str
    header_row: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The options, read. fields: of the kind, by name. codes: by field, what its texts mean.

    columns: titles by field. values: what is the same in every row. of_document, of_line: the fields that one of the
    two says.
    """

    kind: str
    fields: Mapping[str, Field]
    columns: Mapping[str, str]
    values: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    notation: Notation
    of_document: tuple[Field, ...]
    of_line: tuple[Field, ...]


def layout_of(options: Mapping[str, str]) -> Layout:
    """Read the options; raises Rejected (code `bad_option`), naming the one at fault."""
    return _layout(frozenset(options.items()))


@lru_cache(maxsize=64)
def _layout(given: frozenset[tuple[str, str]]) -> Layout:
    options = dict(given)
    kind = options.get("kind", "")
    if kind not in KINDS:
        _refuse("kind", kind, f"one of {', '.join(KINDS)}")
    fields = KINDS[kind]
    columns = dict(_named(options, COLUMN, fields, kind))
    values = dict(_named(options, VALUE, fields, kind))
    for name in columns.keys() & values.keys():
        _refuse(VALUE + name, values[name], f"none: the column {columns[name]!r} says it")
    said = frozenset(columns.keys() | values.keys())
    for name in sorted(one.name for one in fields.values() if one.required and one.name not in said):
        raise Rejected(f"the option `{COLUMN}{name}` is missing: which column names it?", code="bad_option")
    codes = {name: dict(_codes(options, one)) for name, one in fields.items() if one.holds in {Holds.CODE, Holds.UNIT}}
    known = [*PLAIN, *(COLUMN + name for name in fields), *(VALUE + name for name in fields)]
    for option in options:
        if option not in known and not ("." in option and option.partition(".")[0] in codes):
            there = ", ".join([*sorted(PLAIN), "column.FIELD", "value.FIELD", *(f"{name}.TEXT" for name in codes)])
            raise Rejected(f"the option `{option}` is unknown; there are: {there}", code="bad_option")
    of_line = {
        told: tuple(one for name, one in fields.items() if name in said and one.of_line is told)
        for told in (False, True)
    }
    return Layout(kind, fields, columns, values, codes, _notation(options), of_line[False], of_line[True])


def _notation(options: Mapping[str, str]) -> Notation:
    """Read how cells and files are written."""
    decimal, grouping = options.get("decimal", "."), options.get("grouping", "")
    if decimal not in {".", ","}:
        _refuse("decimal", decimal, "a point or a comma")
    if grouping not in _GROUPS or grouping == decimal:
        _refuse("grouping", grouping, "a point, a comma, a blank or an apostrophe, and not the decimal mark")
    encoding = options.get("encoding", "utf-8-sig")
    try:
        codecs.lookup(encoding)
    except LookupError:
        _refuse("encoding", encoding, "one that Python knows, such as gb18030 or cp1252")
    delimiter = "\t" if options.get("delimiter") == "tab" else options.get("delimiter", ",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        _refuse("delimiter", delimiter, "one character, or `tab`")
    header_row = options.get("header_row", "1")
    if not _HEADER_ROW.fullmatch(header_row):
        _refuse("header_row", header_row, "the number of a row")
    dates = tuple(pattern for pattern in options.get("date", "").split("|") if pattern)
    if any("%d" not in pattern or "%m" not in pattern for pattern in dates):
        _refuse("date", options["date"], "patterns with %d and %m, such as %d.%m.%Y, separated by |")
    sheet = options.get("sheet", "")
    return Notation(dates, decimal, grouping, encoding, delimiter, sheet, int(header_row))


def _named(
    options: Mapping[str, str], prefix: str, fields: Mapping[str, Field], kind: str
) -> Iterator[tuple[str, str]]:
    for option, text in options.items():
        name = option.removeprefix(prefix)
        if name == option:
            continue
        if name not in fields:
            raise Rejected(
                f"the option `{option}` is unknown; the fields of {kind} are: {', '.join(fields)}", code="bad_option"
            )
        if not text.strip():
            _refuse(option, text, "the title of a column" if prefix == COLUMN else "a text")
        yield name, " ".join(text.split())


def _codes(options: Mapping[str, str], described: Field) -> Iterator[tuple[str, str]]:
    prefix = f"{described.name}."
    for option, meaning in options.items():
        if not option.startswith(prefix):
            continue
        if described.holds is Holds.UNIT and not _UNIT_CODE.fullmatch(meaning):
            _refuse(option, meaning, "a code of UN/ECE Recommendation 20")
        if described.holds is Holds.CODE and meaning not in described.codes:
            _refuse(option, meaning, f"one of {', '.join(sorted(described.codes))}")
        yield option.removeprefix(prefix), meaning


def _refuse(option: str, found: str, expected: str) -> NoReturn:
    raise Rejected(f"the option `{option}` is {found!r}; expected {expected}", code="bad_option")
