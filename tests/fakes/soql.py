"""SOQL as far as we ask it: a select list, comparisons joined by AND, ORDER BY, LIMIT.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

_QUERY = re.compile(
    r"SELECT (?P<names>.+?) FROM (?P<kind>\w+)(?: WHERE (?P<where>.+?))?"
    r"(?: ORDER BY (?P<order>[\w, ]+?))?(?: LIMIT (?P<limit>\d+))?",
    re.DOTALL,
)
_CONDITION = re.compile(r"(\w+) (=|!=|>=) ('(?:[^'\\]|\\.)*'|null|[\dTZ:.-]+)")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "!=": operator.ne, ">=": operator.ge}


@dataclass(frozen=True)
class Query:
    """A query as it was read."""

    kind: str
    names: tuple[str, ...]
    where: tuple[tuple[str, str, str | None], ...]
    order: tuple[tuple[str, bool], ...]
    limit: int | None

    def rows(self, table: Iterable[Row]) -> list[Row]:
        """Choose and order the rows."""
        found = [row for row in table if all(_holds(row, *condition) for condition in self.where)]
        for name, is_descending in reversed(self.order):
            found.sort(key=lambda row: str(row[name]), reverse=is_descending)
        return found[: self.limit]

    def used(self) -> set[str]:
        """The fields that it names, without those of related records."""
        named = {*self.names, *(name for name, _, _ in self.where), *(name for name, _ in self.order)}
        return {name for name in named if "." not in name}

    def shown(self, row: Row) -> Row:
        """Give the selected fields, those of related records within these."""
        told: Row = {"attributes": {"type": self.kind}}
        for name in self.names:
            first, _, rest = name.partition(".")
            told[first] = {rest: (row.get(first) or {}).get(rest)} if rest else row.get(first)
        return told


def read(soql: str) -> Query | None:
    """Read a query; None where it is none that we know."""
    found = _QUERY.fullmatch(soql)
    if found is None:
        return None
    where = tuple((name, how, _value(value)) for name, how, value in _CONDITION.findall(found["where"] or ""))
    order = tuple((one.split()[0], one.endswith(" DESC")) for one in (found["order"] or "").split(", ") if one)
    limit = int(found["limit"]) if found["limit"] else None
    return Query(found["kind"], tuple(found["names"].split(", ")), where, order, limit)


def _value(written: str) -> str | None:
    if written == "null":
        return None
    return re.sub(r"\\(.)", r"\1", written[1:-1]) if written.startswith("'") else written


def _holds(row: Row, name: str, how: str, value: str | None) -> bool:
    """Compare; texts without regard to upper and lower case, as SOQL does."""
    there = row.get(name)
    if isinstance(there, str) and value is not None:
        return _COMPARE[how](there.lower(), value.lower())
    return _COMPARE[how](there, value)
