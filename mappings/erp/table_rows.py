"""From rows to documents' fields: each row read by the layout, rows of one document together, all mistakes told.

What belongs to the document stands in each of its rows, or in some of them and is the same there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mappings.erp.table_cells import Cell, Covered, Unexpected, Value, is_blank, meaning, shown_cell
from mappings.erp.table_fields import WITHDRAWN, Field, Holds
from mappings.erp.table_file import Row, Table
from mappings.erp.table_layout import Layout

TOLD = 200
"""So many mistakes are kept; of more the number."""

Values = Mapping[str, Value]
"""What a row or a document says, by the name of the field."""


class Mistake(NamedTuple):
    """What is wrong in a cell. row: as a spreadsheet counts. column: its title, empty where it is the whole row.

    expected: empty where `found` says it all.
    """

    row: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Say it as one sentence."""
        place = f"row {self.row}, column `{self.column}`" if self.column else f"row {self.row}"
        return f"{place}: found {self.found}; expected {self.expected}" if self.expected else f"{place}: {self.found}"


@dataclass(slots=True)
class Mistakes:
    """What is wrong in a table: the first `TOLD`, and how many there are."""

    first: list[Mistake] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: str, found: str, expected: str) -> None:
        """Note one more."""
        self.count += 1
        if len(self.first) < TOLD:
            self.first.append(Mistake(row, column, found, expected))

    def sentences(self) -> tuple[str, ...]:
        """Say them, each as one sentence, by rows."""
        said = tuple(str(one) for one in sorted(self.first))
        return said if self.count == len(said) else (*said, f"and {self.count - len(said)} more")


class Line(NamedTuple):
    """What one row says of its line."""

    row: int
    values: Values


@dataclass(slots=True)
class Told:
    """A document as the rows of a table tell it. is_whole: nothing in them is wrong. rows: its own."""

    name: str
    head: dict[str, Value] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one table. places: where each field stands, by its name."""

    layout: Layout
    places: Mapping[str, int]
    mistakes: Mistakes

    @classmethod
    def of(cls, table: Table, layout: Layout, mistakes: Mistakes) -> "Reader | None":
        """Find the columns; None, with the mistakes noted, where one is missing or stands twice."""
        wrong = mistakes.count
        for title in sorted(set(layout.columns.values())):
            if (times := table.columns.count(title)) != 1:
                there = ", ".join(f"`{column}`" for column in table.columns if column) or "no titles"
                found = f"{times} columns of this name" if times else there
                mistakes.add(layout.notation.header_row, title, found, "one column of this name")
        if mistakes.count > wrong:
            return None
        return cls(layout, {name: table.columns.index(title) for name, title in layout.columns.items()}, mistakes)

    def documents(self, table: Table) -> tuple[Told, ...]:
        """Read all rows, the documents in the order in which they first stand there."""
        found: dict[str, Told] = {}
        for row in table.rows:
            before = self.mistakes.count
            if any(not is_blank(cell) for cell in row.cells[len(table.columns) :]):
                self.mistakes.add(row.number, "", f"{len(row.cells)} cells", f"at most {len(table.columns)}, as titles")
            head = self._read(row, self.layout.of_document)
            if (name := head.get("document")) is None:
                continue
            told = found.setdefault(str(name), Told(str(name)))
            told.rows.append(row)
            self._agree(told, row, head)
            if told.head.get("state") != WITHDRAWN:
                told.lines.append(Line(row.number, self._read(row, self.layout.of_line)))
            told.is_whole &= self.mistakes.count == before
        return tuple(found.values())

    def _read(self, row: Row, fields: Iterable[Field]) -> dict[str, Value]:
        """Read what a row says of its document, or of its line; what is wrong is noted, and left out."""
        found: dict[str, Value] = {}
        for described in fields:
            cell = self._cell(row, described)
            if is_blank(cell):
                if described.required:
                    self.wrong(row.number, described.name, "nothing", f"the {described.name}")
                continue
            try:
                found[described.name] = meaning(cell, described, self.layout)
            except Unexpected as error:
                self.wrong(row.number, described.name, error.found, error.expected)
        return found

    def _cell(self, row: Row, described: Field) -> Cell:
        if (constant := self.layout.values.get(described.name)) is not None:
            return constant
        place = self.places[described.name]
        cell = row.cells[place] if place < len(row.cells) else ""
        if isinstance(cell, Covered):
            return "" if described.holds is Holds.NUMBER else cell.above
        return cell

    def _agree(self, told: Told, row: Row, head: Values) -> None:
        for name, value in head.items():
            said = told.head.setdefault(name, value)
            first = told.said_in.setdefault(name, row.number)
            if said != value:
                expected = f"{shown_cell(said)}, as in row {first} of the same document"
                self.wrong(row.number, name, shown_cell(value), expected)

    def wrong(self, row: int, name: str, found: str, expected: str) -> None:
        """Note a mistake in the field `name` of a row."""
        self.mistakes.add(row, self.layout.columns.get(name, name), found, expected)
