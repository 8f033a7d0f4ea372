"""Whether a changed JSON Schema breaks somebody: pure, and without a default for what it does not know.

Two readers must not break. One of the older version meets records that are written now; one of this version meets
records that were written before, since topics keep them. Defaults are not written, so a changed default changes what
older records mean.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from desk.generate.limits import OLDER, THIS, Break, Schema, allowed, both, default, limits, listed, type_of


def breaks(old: Schema, new: Schema) -> list[Break]:
    """Find every change from `old` to `new` that breaks a reader; each once, in the order of the schema."""
    found = _Comparison(old, new).compare(old, new, "$")
    return list(dict.fromkeys(found))


class _Comparison:
    """One comparison: knows both documents, so that references lead somewhere, and does not run in circles."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new
        self._met: set[tuple[str, str]] = set()

    def compare(self, old: Schema, new: Schema, path: str) -> Iterator[Break]:
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if all(pair):
            if pair in self._met:
                return
            self._met.add(pair)
        one, other = _resolve(old, self._old), _resolve(new, self._new)
        yield from default(one, other, path)
        yield from self._alternatives(_alternatives(one, self._old), _alternatives(other, self._new), path)

    def _alternatives(self, old: Mapping[str, Schema], new: Mapping[str, Schema], path: str) -> Iterator[Break]:
        if "anything" in new and "anything" not in old:
            yield Break(path, f"was {listed(old)} and may now be anything", OLDER)
            return
        if "anything" in old and "anything" not in new:
            yield Break(path, f"was anything and must now be {listed(new)}", THIS)
            return
        wider = new.keys() - old.keys() - ({"integer"} if "number" in old else set())
        narrower = old.keys() - new.keys() - ({"integer"} if "number" in new else set())
        if wider:
            yield Break(path, f"was {listed(old)} and may now be {listed(wider)}", OLDER)
        if narrower:
            yield Break(path, f"may no longer be {listed(narrower)}", THIS)
        for kind in [kind for kind in old if kind in new]:
            yield from self._same_kind(old[kind], new[kind], path)

    def _same_kind(self, old: Schema, new: Schema, path: str) -> Iterator[Break]:
        yield from limits(old, new, path)
        yield from self._properties(old, new, path)
        yield from self._nested(old.get("items"), new.get("items"), f"{path}[*]")
        yield from self._nested(old.get("additionalProperties"), new.get("additionalProperties"), f"{path}.*")
        positions = zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
        for position, (one, other) in enumerate(positions):
            yield from self.compare(one, other, f"{path}[{position}]")
        if len(old.get("prefixItems", ())) != len(new.get("prefixItems", ())):
            yield from both(path, "has another number of positions")

    def _properties(self, old: Schema, new: Schema, path: str) -> Iterator[Break]:
        before, now = old.get("properties", {}), new.get("properties", {})
        needed_before, needed_now = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            here = f"{path}.{name}"
            if name not in now:
                kind = "required field" if name in needed_before else "field"
                yield Break(here, f"the {kind} was removed", OLDER)
                yield from self._as_any_other(before[name], new.get("additionalProperties"), here)
                continue
            if name in needed_before - needed_now:
                yield Break(here, "was required and may now be left out", OLDER)
            if name in needed_now - needed_before:
                yield Break(here, "could be left out and is now required", THIS)
            yield from self.compare(before[name], now[name], here)
        for name in sorted(now.keys() - before.keys()):
            if name in needed_now:
                yield Break(f"{path}.{name}", "a required field was added", THIS)
            yield from self._as_any_other(old.get("additionalProperties"), now[name], f"{path}.{name}")

    def _as_any_other(self, old: object, new: object, path: str) -> Iterator[Break]:
        """Compare a field that one side knows by name with what the other says of all that it does not name."""
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self.compare(old, new, path)

    def _nested(self, old: object, new: object, path: str) -> Iterator[Break]:
        # Absent and true both allow anything; false allows nothing.
        one, other = (True if schema is None else schema for schema in (old, new))
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from self.compare(one, other, path)
        elif one == other:
            return
        elif other is False or one is True:
            yield Break(path, "is limited now", THIS)
        else:
            yield Break(path, "is limited no longer", OLDER)


def _resolve(schema: Schema, document: Schema) -> Schema:
    """Follow a reference within the document; what stands beside it counts too."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = document
    for step in str(reference).removeprefix("#/").split("/"):
        found = found[step]
    beside = {name: part for name, part in schema.items() if name != "$ref"}
    return {**_resolve(found, document), **beside}


def _alternatives(schema: Schema, document: Schema) -> dict[str, Schema]:
    """Give what a value may be, by the JSON type it then has (`anything` where the schema does not say)."""
    branches = schema.get("anyOf", schema.get("oneOf"))
    if branches is not None:
        found: dict[str, Schema] = {}
        for branch in branches:
            for kind, part in _alternatives(_resolve(branch, document), document).items():
                found[kind] = part if kind not in found else {"anyOf-same-type": [found[kind], part]}
        return found
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return {kind: {**schema, "type": kind} for kind in kinds}
    if kinds is None and (values := allowed(schema)) is not None:
        return {type_of(value): schema for value in values}
    return {str(kinds or "anything"): schema}
