"""Whether a changed JSON Schema breaks somebody: pure, and without a default for what it does not know.

Two readers must not break. One of the older version meets records that are written now; one of this version meets
records that were written before, since topics keep them. Defaults are not written, so a changed default changes what
older records mean.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
OLDER = "a reader of the older version"
THIS = "this version, reading older records"

_SAYS_NOTHING = {"description", "title", "$schema", "$id", "$defs", "examples", "$comment", "deprecated"}
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_EXACT = ("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding")
_STRUCTURE = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "anyOf",
    "oneOf",
    "enum",
}
_JUDGED = {*_SAYS_NOTHING, *_LOWER, *_UPPER, *_EXACT, *_STRUCTURE, "const", "default", "$ref"}


@dataclass(frozen=True, slots=True)
class Break:
    """One change that breaks a reader: at which JSON path, what changed, and whom it breaks."""

    path: str
    change: str
    whom: str

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.path}: {self.change}; it breaks {self.whom}"


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
        yield from _default(one, other, path)
        yield from self._alternatives(_alternatives(one, self._old), _alternatives(other, self._new), path)

    def _alternatives(self, old: Mapping[str, Schema], new: Mapping[str, Schema], path: str) -> Iterator[Break]:
        if "anything" in new and "anything" not in old:
            yield Break(path, f"was {_listed(old)} and may now be anything", OLDER)
            return
        if "anything" in old and "anything" not in new:
            yield Break(path, f"was anything and must now be {_listed(new)}", THIS)
            return
        wider = new.keys() - old.keys() - ({"integer"} if "number" in old else set())
        narrower = old.keys() - new.keys() - ({"integer"} if "number" in new else set())
        if wider:
            yield Break(path, f"was {_listed(old)} and may now be {_listed(wider)}", OLDER)
        if narrower:
            yield Break(path, f"may no longer be {_listed(narrower)}", THIS)
        for kind in [kind for kind in old if kind in new]:
            yield from self._same_kind(old[kind], new[kind], path)

    def _same_kind(self, old: Schema, new: Schema, path: str) -> Iterator[Break]:
        yield from _bounds(old, new, path)
        yield from _exact(old, new, path)
        yield from _values(old, new, path)
        yield from _unknown(old, new, path)
        yield from self._properties(old, new, path)
        yield from self._nested(old.get("items"), new.get("items"), f"{path}[*]")
        yield from self._nested(old.get("additionalProperties"), new.get("additionalProperties"), f"{path}.*")
        positions = zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
        for position, (one, other) in enumerate(positions):
            yield from self.compare(one, other, f"{path}[{position}]")
        if len(old.get("prefixItems", ())) != len(new.get("prefixItems", ())):
            yield from _both(path, "has another number of positions")

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
    if kinds is None and (values := _allowed(schema)) is not None:
        return {_type_of(value): schema for value in values}
    return {str(kinds or "anything"): schema}


def _bounds(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    for names, tighter in ((_LOWER, 1), (_UPPER, -1)):
        for name in names:
            before, now = old.get(name), new.get(name)
            if before == now:
                continue
            if before is None or (now is not None and (now - before) * tighter > 0):
                yield Break(path, f"{name} is {now} now, and was {'free' if before is None else before}", THIS)
            else:
                yield Break(path, f"{name} is {'free' if now is None else now} now, and was {before}", OLDER)


def _exact(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    for name in _EXACT:
        before, now = old.get(name), new.get(name)
        if before == now:
            continue
        if before is None:
            yield Break(path, f"{name} must be {now} now", THIS)
        elif now is None:
            yield Break(path, f"{name} need not be {before} any more", OLDER)
        else:
            yield from _both(path, f"{name} was {before} and is {now}")


def _values(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    before, now = _allowed(old), _allowed(new)
    if before is None and now is not None:
        yield Break(path, f"only {_listed(now)} are allowed now", THIS)
    elif before is not None and now is None:
        yield Break(path, f"more than {_listed(before)} is allowed now", OLDER)
    elif before is not None and now is not None:
        if added := [value for value in now if value not in before]:
            yield Break(path, f"may now be {_listed(added)}", OLDER)
        if removed := [value for value in before if value not in now]:
            yield Break(path, f"may no longer be {_listed(removed)}", THIS)


def _default(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    absent = object()
    before, now = old.get("default", absent), new.get("default", absent)
    if before is not absent and now is not absent and before != now:
        yield from _both(path, f"what is left out meant {before!r} and means {now!r}")


def _unknown(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    for name in sorted((old.keys() | new.keys()) - _JUDGED):
        if old.get(name) != new.get(name):
            yield from _both(path, f"{name} changed, which cannot be judged")


def _both(path: str, change: str) -> Iterator[Break]:
    yield Break(path, change, OLDER)
    yield Break(path, change, THIS)


def _allowed(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _type_of(value: object) -> str:
    by_type = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
    return by_type.get(type(value), "anything")


def _listed(values: Any) -> str:  # noqa: ANN401 any collection of JSON values
    return " or ".join(str(value) for value in sorted(values, key=str))
