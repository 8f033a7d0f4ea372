"""A JSON Schema (draft 2020-12) for each event type: what stands in the topics, defaults left out."""

import json
from typing import Any

import msgspec
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from connectors.polling.memory import MARK_TYPE, Progress, Sent
from contracts.events import EVENT_TYPES
from contracts.ticks import TICK_TYPE, Tick

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Untitled(GenerateJsonSchema):
    """A title that repeats a field's name says nothing."""

    def field_title_should_be_set(self, schema: object) -> bool:
        del schema
        return False


def event_schemas() -> dict[str, Schema]:
    """Give the schema of each event type whose data is JSON, by type."""
    ours = {
        name: model.model_json_schema(mode="serialization", schema_generator=_Untitled)
        for name, model in EVENT_TYPES.items()
    }
    plain = {TICK_TYPE: _of_structs(Tick), MARK_TYPE: _of_structs(Progress, Sent)}
    return {
        name: {"$schema": DIALECT, "$id": f"urn:quayside:{name}", "title": name} | schema
        for name, schema in sorted((ours | plain).items())
    }


def shared_schemas(template: str) -> tuple[dict[str, Schema], Schema]:
    """Give the schema of each event type, and the definitions that they share, referred to by `template`."""
    listed = [(model, "serialization") for model in EVENT_TYPES.values()]
    by_model, definitions = models_json_schema(listed, ref_template=template, schema_generator=_Untitled)  # type: ignore[arg-type]
    ours = {name: by_model[model, "serialization"] for name, model in EVENT_TYPES.items()}
    structs = {TICK_TYPE: _of_structs(Tick), MARK_TYPE: _of_structs(Progress, Sent)}
    own = {found: body for schema in structs.values() for found, body in schema.get("$defs", {}).items()}
    plain = {
        name: json.loads(json.dumps(_without_definitions(schema)).replace("#/$defs/", template.removesuffix("{model}")))
        for name, schema in structs.items()
    }
    return ours | plain, definitions["$defs"] | own


def _of_structs(*structs: type[msgspec.Struct]) -> Schema:
    """Give one schema for what is any of these."""
    roots, definitions = msgspec.json.schema_components(structs, ref_template="#/$defs/{name}")
    root = roots[0] if len(roots) == 1 else {"anyOf": list(roots)}
    schema: Schema = _collapse({**root, "$defs": definitions})
    return schema


def _collapse(schema: Any) -> Any:  # noqa: ANN401 any JSON value
    """Write descriptions as one line, as those of our other models are."""
    if isinstance(schema, dict):
        return {
            name: " ".join(part.split()) if name == "description" and isinstance(part, str) else _collapse(part)
            for name, part in schema.items()
        }
    return [_collapse(part) for part in schema] if isinstance(schema, list) else schema


def _without_definitions(schema: Schema) -> Schema:
    return {name: part for name, part in schema.items() if name != "$defs"}
