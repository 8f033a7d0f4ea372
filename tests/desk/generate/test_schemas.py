"""The schemas and the AsyncAPI document say what really stands in the topics."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from contracts.events import EVENT_TYPES, TYPE_OF
from contracts.model import Contract
from contracts.raw import RAW_TYPE
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import STAGES, TOPICS
from desk.generate.asyncapi import asyncapi
from desk.generate.schemas import event_schemas, shared_schemas
from tests.contracts.test_events import events

META_SCHEMA = Path(__file__).parent / "asyncapi-3.0.0.schema.json"
SCHEMAS = event_schemas()
DOCUMENT = asyncapi()


def mistakes_in(document: dict[str, Any]) -> list[str]:
    meta = json.loads(META_SCHEMA.read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft7Validator(meta).iter_errors(document)]


def at(reference: str) -> Any:  # noqa: ANN401 any part of the document
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for inner in part.values() for found in references(inner)]
    return [found for inner in part for found in references(inner)] if isinstance(part, list) else []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


@settings(max_examples=40)
@given(events)
def test_whatever_is_written_holds_to_its_schema(event: Contract) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS[TYPE_OF[type(event)]])
    assert [error.message for error in validator.iter_errors(json.loads(event.encode()))] == []


def test_a_tick_holds_to_its_schema() -> None:
    tick = Tick.of_source("ingress", datetime(2026, 1, 1, tzinfo=UTC), 15.0)
    jsonschema.Draft202012Validator(SCHEMAS[TICK_TYPE]).validate(json.loads(tick.encode()))


def test_a_schema_refuses_what_the_model_refuses() -> None:
    order = {"account": "works", "document": "S-1", "version": "2026-01-01T00:00:00Z"}
    validator = jsonschema.Draft202012Validator(SCHEMAS["quayside.order.changed.v1"])
    assert validator.is_valid(order)
    for wrong in ({"account": ""}, {"state": "sent"}, {"lines": [{"line": "1"}]}, {"version": None}):
        assert not validator.is_valid(order | wrong)


def test_the_document_is_asyncapi_3() -> None:
    assert mistakes_in(DOCUMENT) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"asyncapi": "2.6.0"},
        {"info": {"title": "Quayside"}},
        {"operations": {"a": {"action": "listen", "channel": {"$ref": "#/channels/inbound"}}}},
        {"channels": {"inbound": {"adress": "quayside.inbound"}}},
    ],
)
def test_a_document_that_is_not_asyncapi_3_would_be_noticed(wrong: dict[str, Any]) -> None:
    assert mistakes_in({**DOCUMENT, **wrong}) != []


def test_every_reference_in_the_document_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert len(found) > 100
    assert all(at(reference) is not None for reference in found)


def test_every_topic_is_a_channel_and_every_event_a_message() -> None:
    assert set(DOCUMENT["channels"]) == {topic.name for topic in TOPICS}
    assert set(DOCUMENT["components"]["messages"]) == {*EVENT_TYPES, *SCHEMAS, RAW_TYPE}
    for topic in TOPICS:
        channel = DOCUMENT["channels"][topic.name]
        assert channel["address"] == f"quayside.{topic.name}"
        assert topic.key in channel["description"]
        assert set(channel["messages"]) == set(topic.schemas)
        assert channel["bindings"]["kafka"]["partitions"] == (1 if topic.single else 4)


def test_every_stage_says_what_it_receives_and_sends() -> None:
    operations = DOCUMENT["operations"]
    for stage in STAGES:
        own = [name for name in operations if name.startswith(f"{stage}.")]
        assert any(operations[name]["action"] == "receive" for name in own)
        assert any(operations[name]["action"] == "send" for name in own)
    assert operations["deliver.send.snapshots"]["channel"] == {"$ref": "#/channels/snapshots"}
    assert operations["normalise.receive.inbound"]["action"] == "receive"


def test_the_document_and_the_schema_files_say_the_same() -> None:
    shared, definitions = shared_schemas("#/$defs/{model}")
    for name, schema in SCHEMAS.items():
        said = {key: part for key, part in schema.items() if key not in {"$schema", "$id", "$defs"}}
        other = {key: part for key, part in shared[name].items() if key != "$defs"}
        if "$ref" in other and "$ref" not in said:
            other = definitions[other["$ref"].removeprefix("#/$defs/")]
        assert {key: part for key, part in said.items() if key != "title"} == {
            key: part for key, part in other.items() if key != "title"
        }
        assert all(definitions[model] == part for model, part in schema.get("$defs", {}).items())
