"""The rows of a spreadsheet: Office Open XML (ECMA-376 part 1, SpreadsheetML), read by openpyxl.

Of a formula the value counts that the program which saved the file had reckoned; a formula without one is told, not
read as blank. Of cells that are merged downwards each row has the value, an order's number beside its three lines; not
so of numbers, since a quantity that is merged over three lines is not three times that.
"""

import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from contracts.errors import Rejected
from contracts.model import shown
from mappings.erp.table_cells import Cell, Covered, Unusable
from mappings.erp.table_file import Row
from mappings.erp.table_layout import Layout

UNPACKED = 512 * 1024 * 1024
"""Bytes that a file may have when it is unpacked: a small one may hold very much."""
_SIGNIFICANT = 15
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell [^>]*ref=["']([A-Z]+[0-9]+:[A-Z]+[0-9]+)["']""")
_BROKEN = (KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, EOFError, OSError)
"""What openpyxl raises at files that are no spreadsheets, beside its own; `SyntaxError` is that of XML."""


class Merged(NamedTuple):
    """Cells that are one: the columns from `left` to `right`, the rows from `top` to `bottom`."""

    left: int
    top: int
    right: int
    bottom: int


class Covering:
    """The cells that are merged downwards, while the rows are read."""

    def __init__(self, merged: Iterable[Merged]) -> None:
        """Take all of them."""
        self._coming = sorted((one for one in merged if one.bottom > one.top), key=lambda one: one.top, reverse=True)
        self._covers: list[tuple[Merged, Cell]] = []

    def fill(self, cells: list[Cell], number: int) -> None:
        """Note in the cells of a row what stands above them, where they are merged with that."""
        self._covers = [(one, cell) for one, cell in self._covers if one.bottom >= number]
        for one, cell in self._covers:
            cells.extend([""] * (one.left - len(cells)))  # blank ones at a row's end may not be written
            cells[one.left - 1] = Covered(cell)
        while self._coming and self._coming[-1].top <= number:
            one = self._coming.pop()
            if one.top == number and one.left <= len(cells):
                self._covers.append((one, cells[one.left - 1]))


def rows_of_xlsx(body: bytes, layout: Layout) -> Iterator[Row]:
    """Read a sheet; raises Rejected where it is none, or the file is unpacked too large."""
    try:
        yield from _rows(body, layout)
    except (zipfile.BadZipFile, InvalidFileException, NotImplementedError, zlib.error, *_BROKEN) as error:
        raise Rejected(f"not a spreadsheet: {error}", code="bad_table", path="$") from error


def _rows(body: bytes, layout: Layout) -> Iterator[Row]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        if (size := sum(file.file_size for file in packed.infolist())) > UNPACKED:
            raise Rejected(f"unpacked it has {size} bytes; at most {UNPACKED} are read", code="too_large", path="$")
    values = _sheet(body, layout, data_only=True)
    with values.parent._archive.open(values._worksheet_path) as file:  # noqa: SLF001 - no other way to what is merged
        text = file.read()
    merged = [Merged(*range_boundaries(ref.decode())) for ref in _MERGED.findall(text)]
    formulas = _sheet(body, layout, data_only=False) if _FORMULA.search(text) else None
    del text
    covering = Covering(merged)
    written = iter(formulas.iter_rows()) if formulas is not None else None
    # What openpyxl warns of (a date beyond the calendar) is an error's value in its cell, and told as one.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, row in enumerate(values.iter_rows(), 1):
            formula = next(written) if written is not None else ()
            cells = [_cell(cell, formula[at] if at < len(formula) else None) for at, cell in enumerate(row)]
            if number > layout.notation.header_row:
                covering.fill(cells, number)
            yield Row(number, tuple(cells))


def _sheet(body: bytes, layout: Layout, *, data_only: bool) -> Any:  # noqa: ANN401 - openpyxl is untyped
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing default style, and parts that are not about cells
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=data_only, keep_links=False)
    names: Sequence[str] = [sheet.title for sheet in book.worksheets]
    if layout.notation.sheet and layout.notation.sheet not in names:
        there = ", ".join(repr(name) for name in names)
        raise Rejected(f"there is no sheet {layout.notation.sheet!r}; there are: {there}", code="bad_table", path="$")
    if not names:
        raise Rejected("there is no sheet of cells", code="bad_table", path="$")
    sheet = book[layout.notation.sheet or names[0]]
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    return sheet


def _cell(cell: Any, written: Any) -> Cell:  # noqa: ANN401 - openpyxl's cells
    value = cell.value
    if cell.data_type == "e":
        return Unusable(f"the error {value}")
    if value is None:
        is_formula = written is not None and written.data_type == "f"
        return Unusable("a formula that was never reckoned: open the file and save it") if is_formula else ""
    return _value(value)


def _value(value: object) -> Cell:
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(f"{value:.{_SIGNIFICANT}g}")
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    return value if isinstance(value, str | bool | date) else Unusable(shown(str(value)))
