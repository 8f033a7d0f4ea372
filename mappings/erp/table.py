"""Tables, CSV or XLSX: their rows, grouped by document, become orders, goods issues, goods and return receipts.

The payload is a whole file as it came, {"file": bytes, "version": RFC 3339 or empty}, or a part of one (`table_file`).
The options of the account say which column says what, and how cells are written (`table_layout`).

- A table tells the documents that stand in it, each whole; of others it says nothing. One whose `state` is `withdrawn`
  is taken back. Where nothing says a state, an order is confirmed, and a goods issue is despatched when it says when.
- Rows of one document need not follow each other. What belongs to the document is the same in all of them.
- The version of a document is its column `version`; else when the file was last written, where that is known; else when
  it was received. So the same file told twice changes nothing.
- Lines are named by their column `line`; else by their order in the document.
- Dates and times without a zone are in the account's zone; promised windows in the column `zone`, else the account's.

Nothing of a table in which anything is wrong is taken. All that is wrong is told, by row and column.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from contracts.connector import Context, Mapped
from contracts.documents import Document
from contracts.envelope import write_time
from contracts.errors import Rejected
from mappings.erp.table_cells import Covered
from mappings.erp.table_documents import Maker, version_of
from mappings.erp.table_file import Row, Table, part_of, rows_of_csv, table_of, written_cell
from mappings.erp.table_layout import Layout, layout_of
from mappings.erp.table_rows import Mistakes, Reader, Told

ZIP = b"PK\x03\x04"
"""With which a spreadsheet begins, being an archive."""
SAID = 3
"""So many mistakes a dead letter's reason says; of more the number."""
Part = dict[str, object]


class Understood(NamedTuple):
    """What a table says: its documents, each as a part that says it alone, and all that is wrong in it."""

    documents: tuple[Document, ...]
    parts: tuple[Part, ...]
    mistakes: Mistakes


def to_events(payload: object, context: Context) -> Mapped:
    """Map a file or a part of one to its documents; raises Rejected where anything in it is wrong."""
    documents, _, mistakes = _documents(read_table(payload, context), context)
    if mistakes.count:
        first = "; ".join(map(str, sorted(mistakes.first)[:SAID]))
        more = f" (and {mistakes.count - SAID} more)" if mistakes.count > SAID else ""
        raise Rejected(f"{first}{more}", code="invalid", path="$")
    return Mapped(events=documents)


def understand(payload: object, context: Context) -> Understood:
    """Say all that a table tells, and all that is wrong in it; raises Rejected where it is no table at all."""
    layout, table = layout_of(context.options), read_table(payload, context)
    documents, told, mistakes = _documents(table, context)
    if mistakes.count:
        return Understood((), (), mistakes)
    wanted = [at for at, title in enumerate(table.columns) if title in layout.columns.values()]
    version = write_time(version_of(table.version, context)).decode()
    return Understood(documents, tuple(_part(one, table, wanted, version) for one in told), mistakes)


def read_table(payload: object, context: Context) -> Table:
    """Read the rows of a payload; raises Rejected where they cannot be."""
    layout = layout_of(context.options)
    match payload:
        case {"file": bytes(body), "version": str(version)}:
            return table_of(_rows(body, layout), layout, version)
        case dict():
            return part_of(payload)
    raise Rejected("found neither a file nor a part of a table", code="invalid", path="$")


def _rows(body: bytes, layout: Layout) -> Iterator[Row]:
    if not body.startswith(ZIP):
        return rows_of_csv(body, layout)
    from mappings.erp.table_xlsx import rows_of_xlsx  # noqa: PLC0415 openpyxl loads slowly, and few read spreadsheets

    return rows_of_xlsx(body, layout)


def _documents(table: Table, context: Context) -> tuple[tuple[Document, ...], tuple[Told, ...], Mistakes]:
    layout, mistakes = layout_of(context.options), Mistakes()
    reader = Reader.of(table, layout, mistakes)
    if reader is None:
        return (), (), mistakes
    told = reader.documents(table)
    maker = Maker(layout.kind, context, version_of(table.version, context), mistakes)
    made = [maker.document(one) for one in told]
    return tuple(document for document in made if document is not None), told, mistakes


def _part(told: Told, table: Table, wanted: Sequence[int], version: str) -> Part:
    rows = [{"row": row.number, "cells": [_written(row, at) for at in wanted]} for row in told.rows]
    return {"columns": [table.columns[at] for at in wanted], "rows": rows, "version": version}


def _written(row: Row, at: int) -> object:
    cell = row.cells[at] if at < len(row.cells) else ""
    return written_cell(cell.above if isinstance(cell, Covered) else cell)
