"""What each keyword of JSON Schema that limits a value says of a change: who breaks, if anybody.

A keyword that is not judged here or in `compatibility` breaks both readers when it changes.
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


def limits(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    """Judge everything that limits a value of one type, but what lies inside it."""
    yield from _bounds(old, new, path)
    yield from _exact(old, new, path)
    yield from _values(old, new, path)
    yield from _unknown(old, new, path)


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
            yield from both(path, f"{name} was {before} and is {now}")


def _values(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    before, now = allowed(old), allowed(new)
    if before is None and now is not None:
        yield Break(path, f"only {listed(now)} are allowed now", THIS)
    elif before is not None and now is None:
        yield Break(path, f"more than {listed(before)} is allowed now", OLDER)
    elif before is not None and now is not None:
        if added := [value for value in now if value not in before]:
            yield Break(path, f"may now be {listed(added)}", OLDER)
        if removed := [value for value in before if value not in now]:
            yield Break(path, f"may no longer be {listed(removed)}", THIS)


def default(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    """Judge what is meant by leaving the value out."""
    absent = object()
    before, now = old.get("default", absent), new.get("default", absent)
    if before is not absent and now is not absent and before != now:
        yield from both(path, f"what is left out meant {before!r} and means {now!r}")


def _unknown(old: Schema, new: Schema, path: str) -> Iterator[Break]:
    for name in sorted((old.keys() | new.keys()) - _JUDGED):
        if old.get(name) != new.get(name):
            yield from both(path, f"{name} changed, which cannot be judged")


def both(path: str, change: str) -> Iterator[Break]:
    """Say that a change breaks both readers."""
    yield Break(path, change, OLDER)
    yield Break(path, change, THIS)


def allowed(schema: Schema) -> list[Any] | None:
    """Give the only values that a schema allows; None where it does not list them."""
    return [schema["const"]] if "const" in schema else schema.get("enum")


def type_of(value: object) -> str:
    """Name the JSON type of a value."""
    by_type = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
    return by_type.get(type(value), "anything")


def listed(values: Any) -> str:  # noqa: ANN401 any collection of JSON values
    """Write values, or types, as people list them."""
    return " or ".join(str(value) for value in sorted(values, key=str))
