"""A change of a schema is judged for both readers: the older one, and this one before older records."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.generate.compatibility import breaks
from desk.generate.limits import OLDER, THIS

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}


def thing(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def choice(*values: object) -> Schema:
    return {"type": "string", "enum": list(values)}


def referring(definition: Schema) -> Schema:
    return {"$defs": {"Line": definition}, **thing(lines={"type": "array", "items": {"$ref": "#/$defs/Line"}})}


HARMLESS = [
    pytest.param(thing(a=TEXT), thing(a=TEXT, b=TEXT), id="an optional field is added"),
    pytest.param({"description": "x", **TEXT}, {"description": "y", "title": "T", **TEXT}, id="words"),
    pytest.param(choice("a", "b"), choice("b", "a"), id="the order of values"),
    pytest.param(thing(("a", "b"), a=TEXT, b=TEXT), thing(("b", "a"), b=TEXT, a=TEXT), id="the order of fields"),
    pytest.param(nullable(TEXT), {"type": ["null", "string"]}, id="another way to write the same alternatives"),
    pytest.param({"const": "a"}, {"enum": ["a"]}, id="another way to write one value"),
    pytest.param(referring(thing(a=TEXT)), thing(lines={"type": "array", "items": thing(a=TEXT)}), id="a definition"),
    pytest.param({}, {}, id="anything stays anything"),
]

BREAKING = [
    pytest.param(thing(("a",), a=TEXT), thing(), "$.a", "the required field was removed", {OLDER}, id="removed"),
    pytest.param(thing(a=TEXT), thing(), "$.a", "the field was removed", {OLDER}, id="optional removed"),
    pytest.param(thing(), thing(("a",), a=TEXT), "$.a", "a required field was added", {THIS}, id="required added"),
    pytest.param(
        thing(a=TEXT), thing(("a",), a=TEXT), "$.a", "could be left out and is now required", {THIS}, id="now required"
    ),
    pytest.param(
        thing(("a",), a=TEXT), thing(a=TEXT), "$.a", "was required and may now be left out", {OLDER}, id="now optional"
    ),
    pytest.param(TEXT, NUMBER, "$", "was string and may now be number", {OLDER, THIS}, id="retyped"),
    pytest.param({"type": "integer"}, NUMBER, "$", "was integer and may now be number", {OLDER}, id="widened number"),
    pytest.param(NUMBER, {"type": "integer"}, "$", "may no longer be number", {THIS}, id="narrowed number"),
    pytest.param(TEXT, nullable(TEXT), "$", "was string and may now be null", {OLDER}, id="may now be null"),
    pytest.param(nullable(TEXT), TEXT, "$", "may no longer be null", {THIS}, id="may no longer be null"),
    pytest.param(TEXT, {}, "$", "was string and may now be anything", {OLDER}, id="untyped"),
    pytest.param({}, TEXT, "$", "was anything and must now be string", {THIS}, id="typed"),
    pytest.param(choice("a", "b"), choice("a"), "$", "may no longer be b", {THIS}, id="narrowed enumeration"),
    pytest.param(choice("a"), choice("a", "b"), "$", "may now be b", {OLDER}, id="widened enumeration"),
    pytest.param(TEXT, choice("a"), "$", "only a are allowed now", {THIS}, id="an enumeration"),
    pytest.param(choice("a"), TEXT, "$", "more than a is allowed now", {OLDER}, id="no enumeration any more"),
    pytest.param({"const": "a"}, {"const": "b"}, "$", "may now be b", {OLDER, THIS}, id="another constant"),
    pytest.param(TEXT, {**TEXT, "pattern": "^a"}, "$", "pattern must be ^a now", {THIS}, id="a pattern"),
    pytest.param({**TEXT, "pattern": "^a"}, TEXT, "$", "pattern need not be ^a any more", {OLDER}, id="no pattern"),
    pytest.param(
        {**TEXT, "pattern": "^a"},
        {**TEXT, "pattern": "^b"},
        "$",
        "pattern was ^a and is ^b",
        {OLDER, THIS},
        id="pattern",
    ),
    pytest.param(TEXT, {**TEXT, "format": "date-time"}, "$", "format must be date-time now", {THIS}, id="a format"),
    pytest.param(NUMBER, {**NUMBER, "minimum": 0}, "$", "minimum is 0 now, and was free", {THIS}, id="a minimum"),
    pytest.param(
        {**NUMBER, "minimum": 0}, {**NUMBER, "minimum": -1}, "$", "minimum is -1 now, and was 0", {OLDER}, id="lower"
    ),
    pytest.param(
        {**NUMBER, "maximum": 9}, {**NUMBER, "maximum": 5}, "$", "maximum is 5 now, and was 9", {THIS}, id="smaller"
    ),
    pytest.param({**TEXT, "maxLength": 9}, TEXT, "$", "maxLength is free now, and was 9", {OLDER}, id="no limit"),
    pytest.param(TEXT, {**TEXT, "minLength": 1}, "$", "minLength is 1 now, and was free", {THIS}, id="not empty"),
    pytest.param(
        {**TEXT, "default": ""},
        {**TEXT, "default": "x"},
        "$",
        "what is left out meant '' and means 'x'",
        {OLDER, THIS},
        id="another default",
    ),
    pytest.param(
        {"type": "array", "items": TEXT},
        {"type": "array", "items": NUMBER},
        "$[*]",
        "was string and may now be number",
        {OLDER, THIS},
        id="retyped items",
    ),
    pytest.param(
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": NUMBER},
        "$.*",
        "was string and may now be number",
        {OLDER, THIS},
        id="retyped values",
    ),
    pytest.param(
        {"type": "object"},
        {"type": "object", "additionalProperties": False},
        "$.*",
        "is limited now",
        {THIS},
        id="closed",
    ),
    pytest.param(
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object"},
        "$.*",
        "is limited no longer",
        {OLDER},
        id="opened",
    ),
    pytest.param(
        {"type": "array", "prefixItems": [TEXT]},
        {"type": "array", "prefixItems": [NUMBER]},
        "$[0]",
        "was string and may now be number",
        {OLDER, THIS},
        id="a position",
    ),
    pytest.param(
        {"type": "array", "prefixItems": [TEXT]},
        {"type": "array", "prefixItems": [TEXT, TEXT]},
        "$",
        "has another number of positions",
        {OLDER, THIS},
        id="more positions",
    ),
    pytest.param(
        referring(thing(("a",), a=TEXT)),
        referring(thing(("a",), a=NUMBER)),
        "$.lines[*].a",
        "was string and may now be number",
        {OLDER, THIS},
        id="deep in a definition",
    ),
    pytest.param(
        thing(a=nullable(thing(b=TEXT))),
        thing(a=nullable(thing(b=NUMBER))),
        "$.a.b",
        "was string and may now be number",
        {OLDER, THIS},
        id="inside what may be null",
    ),
    pytest.param(
        {**TEXT, "contains": 1},
        {**TEXT, "contains": 2},
        "$",
        "contains changed, which cannot be judged",
        {OLDER, THIS},
        id="what is not known is not waved through",
    ),
]


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_a_harmless_change_breaks_nobody(old: Schema, new: Schema) -> None:
    assert breaks(old, new) == []


@pytest.mark.parametrize(("old", "new", "path", "change", "whom"), BREAKING)
def test_a_breaking_change_is_told_by_path_and_by_whom_it_breaks(
    old: Schema, new: Schema, path: str, change: str, whom: set[str]
) -> None:
    found = breaks(old, new)
    assert {found.path for found in found} == {path}
    assert {found.whom for found in found} == whom
    assert change in [found.change for found in found]


def test_a_schema_that_refers_to_itself_is_judged_once_around() -> None:
    def tree(leaf: Schema) -> Schema:
        node = thing(leaf=leaf, children={"type": "array", "items": {"$ref": "#/$defs/Node"}})
        return {"$ref": "#/$defs/Node", "$defs": {"Node": node}}

    assert breaks(tree(TEXT), tree(TEXT)) == []
    assert {found.path for found in breaks(tree(TEXT), tree(NUMBER))} == {"$.leaf"}


def test_a_break_reads_as_one_sentence() -> None:
    (found,) = breaks(thing(a=TEXT), thing())
    assert str(found) == "$.a: the field was removed; it breaks a reader of the older version"


leaves = st.one_of(
    st.sampled_from([TEXT, NUMBER, {"type": "integer"}, {"type": "boolean"}, {}]),
    st.integers(0, 2).map(lambda least: {"type": "string", "minLength": least}),
    st.integers(-1, 1).map(lambda least: {"type": "integer", "minimum": least}),
    st.lists(st.sampled_from("abc"), min_size=1, unique=True).map(lambda values: choice(*values)),
)


def larger(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    fields = st.dictionaries(st.sampled_from("xyz"), inner)
    return st.one_of(
        st.tuples(fields, st.sets(st.sampled_from("xyz"))).map(
            lambda drawn: thing(tuple(sorted(drawn[1] & drawn[0].keys())), **drawn[0])
        ),
        inner.map(lambda schema: {"type": "array", "items": schema}),
        inner.filter(bool).map(nullable),
        inner.map(lambda schema: {"type": "object", "additionalProperties": schema}),
    )


BOUNDS: tuple[str, ...] = ("minLength", "minimum")
schemas = st.recursive(leaves, larger, max_leaves=6)
anything: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=2) | st.just([]) | st.just({})
)


def written(schema: Schema) -> st.SearchStrategy[object]:
    """What a writer of this schema may write: it writes no field that it does not know."""
    if "anyOf" in schema:
        return st.one_of([written(branch) for branch in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return WRITTEN[schema["type"]](schema) if schema else anything


def written_object(schema: Schema) -> st.SearchStrategy[object]:
    if "additionalProperties" in schema:
        return st.dictionaries(st.sampled_from("xyz"), written(schema["additionalProperties"]), max_size=2)
    fields = {name: written(part) for name, part in schema["properties"].items()}
    required = {name: fields.pop(name) for name in schema["required"]}
    return st.fixed_dictionaries(required, optional=fields)


WRITTEN: dict[str, Callable[[Schema], st.SearchStrategy[object]]] = {
    "string": lambda schema: st.text("abz", min_size=schema.get("minLength", 0), max_size=3),
    "integer": lambda schema: st.integers(schema.get("minimum", -3), 3),
    "number": lambda _: st.integers(-3, 3) | st.sampled_from([0.5, -1.5]),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
    "array": lambda schema: st.lists(written(schema["items"]), max_size=2),
    "object": written_object,
}


@given(schemas)
def test_no_change_breaks_nobody(schema: Schema) -> None:
    assert breaks(schema, schema) == []


@pytest.mark.slow
@settings(max_examples=500)
@given(st.data())
def test_a_reader_that_is_said_not_to_break_takes_whatever_is_written(data: st.DataObject) -> None:
    old = data.draw(schemas, "old")
    new = data.draw(changed(old), "new")
    broken = {found.whom for found in breaks(old, new)}
    if OLDER not in broken:
        record = data.draw(written(new), "written now")
        assert jsonschema.Draft202012Validator(old).is_valid(record)
    if THIS not in broken:
        record = data.draw(written(old), "written before")
        assert jsonschema.Draft202012Validator(new).is_valid(record)


def changed(schema: Schema) -> st.SearchStrategy[Schema]:
    """The same schema with a change somewhere inside, as developers make them."""
    changes: list[st.SearchStrategy[Schema]] = [schemas]
    if schema:
        changes.append(st.just(nullable(schema)))
    bounds = [st.fixed_dictionaries({name: st.integers(0, 2)}) for name in BOUNDS if name in schema]
    changes += [bound.map(lambda new: {**schema, **new}) for bound in bounds]
    if schema.get("type") == "array":
        changes.append(changed(schema["items"]).map(lambda items: {**schema, "items": items}))
    if "enum" in schema:
        changes.append(st.sampled_from("abc").map(lambda value: {**schema, "enum": [*{*schema["enum"], value}]}))
    if "properties" in schema:
        fields, needed = schema["properties"], schema["required"]
        changes.append(
            st.tuples(st.sampled_from("xyz"), schemas).map(lambda new: thing(needed, **{new[0]: new[1], **fields}))
        )
        needs = st.lists(st.sampled_from([*fields, None]), unique=True)
        changes += [needs.map(lambda names: thing(tuple(filter(None, names)), **fields))] * 3
        one_changed = [st.fixed_dictionaries({name: changed(part)}) for name, part in fields.items()]
        changes += [one.map(lambda new: thing(needed, **fields | new)) for one in one_changed]
    return st.one_of(changes)
