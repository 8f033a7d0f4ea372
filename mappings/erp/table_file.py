"""The rows of a CSV file (RFC 4180), or of one of Quayside's own parts of a table.

A row's number is the one that a spreadsheet program shows. Rows in which nothing stands are left out.

    {"columns": [TITLE, …], "rows": [{"row": 7, "cells": [CELL, …]}, …], "version": RFC 3339 or absent}

is a part: the columns that the account's options name, and of the rows those of one document. A cell is a text,
{"number": "12.5"}, {"date": "2026-03-02"} or {"time": "2026-03-02T08:30:00"}.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from contracts.envelope import read_time, write_time
from contracts.errors import Rejected
from contracts.model import shown
from mappings.erp.table_cells import Cell, is_blank
from mappings.erp.table_layout import Layout

ROWS = 200_000
"""At most so many rows are read of one table."""


class Row(NamedTuple):
    """One row: its number, and its cells by column."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the titles of its columns, and its rows. version: when it was written, where it says so (RFC 3339)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    version: str = ""


def table_of(numbered: Iterable[Row], layout: Layout, version: str = "") -> Table:
    """Take the titles from the header row, and the rows behind it; raises Rejected where there are too many."""
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    for row in numbered:
        if row.number == layout.notation.header_row:
            columns = tuple(" ".join(str(cell).split()) for cell in row.cells)
        elif row.number > layout.notation.header_row and not all(map(is_blank, row.cells)):
            rows.append(row)
        if len(rows) > ROWS:
            raise Rejected(f"the table has more than {ROWS} rows", code="too_large", path="$")
    return Table(columns, tuple(rows), version)


def rows_of_csv(body: bytes, layout: Layout) -> Iterator[Row]:
    """Read a CSV file; raises Rejected where it is not written in the encoding, or its quotes do not match."""
    read = csv.reader(
        io.StringIO(_decoded(body, layout.notation.encoding), newline=""),
        delimiter=layout.notation.delimiter,
        strict=True,
    )
    number = 0
    try:
        for number, cells in enumerate(read, 1):
            yield Row(number, tuple(cells))
    except csv.Error as error:
        raise Rejected(f"not CSV, in row {number + 1}: {error}", code="bad_table", path="$") from error


def _decoded(body: bytes, encoding: str) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        wrong = f"line {line} holds a byte that is no {encoding.removesuffix('-sig')}; is `encoding` right?"
        raise Rejected(wrong, code="bad_table", path="$") from error


def part_of(payload: dict[str, object]) -> Table:
    """Read a part; raises Rejected with the path of the first wrong value."""
    columns, rows, version = payload.get("columns"), payload.get("rows"), payload.get("version", "")
    if not isinstance(columns, list) or not all(isinstance(title, str) for title in columns):
        raise Rejected(f"found {shown(columns)}; expected the titles of columns", code="invalid", path="$.columns")
    if not isinstance(rows, list) or not rows:
        raise Rejected(f"found {shown(rows)}; expected rows", code="invalid", path="$.rows")
    try:
        version = write_time(read_time(str(version))).decode() if version else ""
    except Rejected as error:
        raise Rejected(error.reason, code="invalid", path="$.version") from error
    return Table(tuple(columns), tuple(_row(row, index, len(columns)) for index, row in enumerate(rows)), version)


def _row(row: object, index: int, width: int) -> Row:
    match row:
        case {"row": int(number), "cells": list(cells)} if len(cells) == width:
            return Row(number, tuple(_cell(cell, f"$.rows[{index}].cells[{at}]") for at, cell in enumerate(cells)))
    expected = f'{{"row": …, "cells": […]}} with {width} cells'
    raise Rejected(f"found {shown(row)}; expected {expected}", code="invalid", path=f"$.rows[{index}]")


def _cell(cell: object, path: str) -> Cell:
    try:
        match cell:
            case str():
                return cell
            case {"number": str(written)}:
                if (found := Decimal(written)).is_finite():
                    return found
            case {"date": str(written)}:
                return date.fromisoformat(written)
            case {"time": str(written)}:
                return datetime.fromisoformat(written)
    except (InvalidOperation, ValueError) as error:
        raise Rejected(f"found {shown(cell)}; expected a cell", code="invalid", path=path) from error
    raise Rejected(f"found {shown(cell)}; expected a cell", code="invalid", path=path)


def written_cell(cell: Cell) -> object:
    """Write a cell as a part holds it."""
    match cell:
        case Decimal():
            return {"number": str(cell)}
        case datetime():
            return {"time": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
    return cell
