"""CloudEvents over HTTP: the suite of every source, the content modes, and what a sender is told of a mistake.

Fixtures follow the examples of the HTTP Protocol Binding for CloudEvents 1.0.2, sections 3.1.4, 3.2.3 and 3.3.3
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md).
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from connectors.reading_cloudevents import BATCHED, STRUCTURED
from connectors.sources.cloudevents import CLOUDEVENTS
from contracts.connector import Mapped
from contracts.errors import Rejected
from contracts.signature import Sent
from tests.connectors.conformance.samples import payloads_of
from tests.connectors.conformance.suite import NEW
from tests.connectors.source_conformance import SourceConformance

Event = dict[str, Any]
BINARY = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/portal", "ce-type": "quayside.acceptance.reported.v1"}


class TestCloudEvents(SourceConformance):
    source = CLOUDEVENTS


def sample(name: str = "acceptance.reported") -> Event:
    event: Event = json.loads(payloads_of(CLOUDEVENTS.name)[name])
    return event


def mapped(sent: Sent) -> Mapped:
    suite = TestCloudEvents()
    return CLOUDEVENTS.to_events(CLOUDEVENTS.read(suite.request(sent)), suite.context())


def answer(sent: Sent) -> tuple[int, Event] | None:
    """What a sender is told of its mistake; None where there is none."""
    assert CLOUDEVENTS.objection is not None
    reply = CLOUDEVENTS.objection(TestCloudEvents().request(sent))
    if reply is None:
        return None
    assert reply.content_type == "application/problem+json"
    told: Event = json.loads(reply.body)
    assert told["status"] == reply.status
    return reply.status, told


def structured(event: object) -> Sent:
    return Sent(json.dumps(event).encode(), {}, f"{STRUCTURED}; charset=UTF-8")


def batch(*events: object) -> Sent:
    return Sent(json.dumps(events).encode(), {}, BATCHED)


def binary(data: object, headers: Mapping[str, str] = BINARY, content_type: str = "application/json") -> Sent:
    return Sent(json.dumps(data).encode(), headers, content_type)


def without(event: Event, name: str) -> Event:
    return {key: value for key, value in event.items() if key != name}


def test_the_same_event_is_the_same_in_every_mode() -> None:
    event = sample()
    modes = [structured(event), batch(event), binary(event["data"])]
    assert {mapped(sent) for sent in modes} == {mapped(structured(event))}
    assert [answer(sent) for sent in modes] == [None, None, None]


def test_what_the_official_library_sends_is_taken() -> None:
    event = sample()
    sent = CloudEvent({**without(event, "data"), "datacontenttype": "application/json"}, event["data"])
    for write in (to_structured, to_binary):
        message = write(sent, JSONFormat())
        headers = {name.lower(): value for name, value in message.headers.items()}
        assert mapped(Sent(message.body, headers, headers["content-type"])) == mapped(structured(event))


def test_a_batch_is_told_in_its_order_and_may_be_empty() -> None:
    events = [sample(name) for name in ("order.changed", "acceptance.reported")]
    assert mapped(batch(*events)).events == tuple(mapped(structured(event)).events[0] for event in events)
    assert (mapped(batch()).events, answer(batch())) == ((), None)


@pytest.mark.parametrize("written", ["b%C3%BChler %22Nord%22", '"b%C3%BChler \\"Nord\\""', 'bühler%20"Nord"'])
def test_headers_are_percent_decoded_as_the_binding_says(written: str) -> None:
    wire = written.encode().decode("latin-1")
    read = CLOUDEVENTS.read(TestCloudEvents().request(binary({}, {**BINARY, "ce-source": wire})))
    assert read == {**{key[3:]: value for key, value in BINARY.items()}, "source": 'bühler "Nord"', "data": {}}


def test_a_batch_with_one_mistake_is_refused_whole_and_the_place_is_named() -> None:
    wrong = sample()
    wrong["data"]["lines"][0]["received"]["value"] = "ten"
    told = answer(batch(sample("order.changed"), wrong))
    assert told is not None
    status, problem = told
    assert (status, problem["path"], problem["code"]) == (422, "$[1].data.lines[0].received.value", "invalid")
    assert problem["detail"] == "found 'ten'; expected a number"
    assert problem["title"] == HTTPStatus(422).phrase


@pytest.mark.parametrize(
    ("sent", "status", "path", "said"),
    [
        (structured(without(sample(), "id")), 422, "$.id", "found nothing"),
        (structured(without(sample(), "source")), 422, "$.source", "found nothing"),
        (structured(without(sample(), "data")), 422, "$.data", "found nothing"),
        (structured({**sample(), "specversion": "0.3"}), 422, "$.specversion", "found '0.3'; expected '1.0'"),
        (structured({**sample(), "time": "2026-03-02"}), 422, "$.time", "found '2026-03-02'"),
        (structured({**sample(), "datacontenttype": "text/xml"}), 422, "$.datacontenttype", "found 'text/xml'"),
        (structured({**sample(), "data": [1]}), 422, "$.data", "found [1]"),
        (structured([sample()]), 422, "$", "expected an event, which is an object"),
        (batch(sample(), 3), 422, "$[1]", "found 3; expected an event"),
        (Sent(b"{}", {}, BATCHED), 422, "$", "expected a batch, which is an array"),
        (Sent(b"{", {}, STRUCTURED), 400, "$", "not JSON"),
        (Sent(b"{", BINARY, "application/json"), 400, "$.data", "not JSON"),
        (binary(sample()["data"], without(BINARY, "ce-id")), 422, "$.id", "found nothing"),
        (binary({}, {**BINARY, "ce-source": "%FF"}), 422, "$.source", "expected percent-encoded UTF-8"),
        (binary({}, content_type="text/xml"), 415, "", "found 'text/xml'; expected application/cloudevents+json"),
        (binary({}, {}), 415, "", "found 'application/json'; expected application/cloudevents+json"),
        (Sent(b"{}"), 415, "", "application/cloudevents-batch+json"),
    ],
)
def test_a_mistake_is_told_with_its_place_what_was_found_and_what_is_expected(
    sent: Sent, status: int, path: str, said: str
) -> None:
    told = answer(sent)
    assert told is not None
    assert (told[0], told[1].get("path", "")) == (status, path)
    assert said in told[1]["detail"]
    with pytest.raises(Rejected):
        mapped(sent)


@pytest.mark.parametrize("type_name", ["quayside.operator.acted.v1", "quayside.snapshot.v1", "com.example.created"])
def test_a_type_that_is_not_open_is_refused_and_those_that_are_open_are_named(type_name: str) -> None:
    told = answer(structured({**sample(), "type": type_name}))
    assert told is not None
    assert (told[0], told[1]["path"], told[1]["code"]) == (422, "$.type", "unknown_type")
    assert f"found '{type_name}'; expected one of quayside." in told[1]["detail"]


def test_nobody_tells_of_an_account_but_the_one_to_which_it_is_pushed() -> None:
    event = sample()
    del event["data"]["account"]
    [told] = mapped(structured(event)).events
    assert told.model_dump()["account"] == "shop"
    event["data"]["account"] = "another"
    refused = answer(structured(event))
    assert refused is not None
    assert (refused[0], refused[1]["path"]) == (422, "$.data.account")
    assert refused[1]["detail"] == "found 'another'; expected 'shop', to which it was pushed, or nothing"


def test_a_report_comes_from_the_source_to_which_it_is_pushed() -> None:
    event = sample("tracking.reported")
    [told] = mapped(structured(event)).events
    assert told.model_dump()["source"] == "cloudevents/shop"
    event["data"]["source"] = "kuaidi100/shop"
    refused = answer(structured(event))
    assert refused is not None
    assert refused[1]["path"] == "$.data.source"


@pytest.mark.parametrize("header", ["", "Basic bmV3", f"Token {NEW}", "Bearer", "Bearer ", f"Bearer {NEW} more"])
def test_another_proof_than_the_bearer_s_is_refused(header: str) -> None:
    sent = Sent(b"{}", {"authorization": header.encode().decode("latin-1")}, STRUCTURED)
    with pytest.raises(Rejected, match="no live secret came with this request"):
        CLOUDEVENTS.verify(TestCloudEvents().request(sent), (NEW,))


def test_an_empty_secret_opens_nothing() -> None:
    with pytest.raises(Rejected):
        CLOUDEVENTS.verify(TestCloudEvents().request(Sent(b"{}", {}, STRUCTURED)), ("",))


def test_who_is_not_recognised_is_offered_a_bearer() -> None:
    assert CLOUDEVENTS.refuse("no", 401).headers == {"www-authenticate": "Bearer"}
    assert CLOUDEVENTS.refuse("no", 503).headers == {}
