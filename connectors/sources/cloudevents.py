"""CloudEvents 1.0 over HTTP: whoever speaks our own language pushes canonical events, from anywhere.

A sender who can mend a mistake is told it at once, as a problem (RFC 9457) with its place; nothing of such a request is
kept. A secret comes as a bearer token, the plainest that any HTTP client can send, as the webhooks of CloudEvents do
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md, section 3.1).
"""

from datetime import date
from http import HTTPStatus

from connectors.acknowledgements import problem
from connectors.objection import objection_by
from connectors.reading_cloudevents import HEADERS, STRUCTURED, read_cloudevents
from connectors.signatures import bearer, body_of
from contracts.connector import Reply, Source
from mappings.canonical import cloudevents

NAME = "cloudevents"

CLOUDEVENTS = Source(
    name=NAME,
    title="CloudEvents 1.0 over HTTP, canonical events",
    documentation=(
        "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md",
        "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md",
        "https://www.rfc-editor.org/rfc/rfc9457",
    ),
    read_on=date(2026, 11, 21),
    read=read_cloudevents,
    verify=bearer(body_of(STRUCTURED)),
    to_events=cloudevents.to_events,
    acknowledge=Reply(HTTPStatus.ACCEPTED),
    refuse=problem,
    coverage=None,
    headers=HEADERS,
    objection=objection_by(read_cloudevents, cloudevents.to_events),
)
