"""CloudEvents 1.0 over HTTP: whoever speaks our own language pushes canonical events, from anywhere.

A sender who can mend a mistake is told it at once, as a problem (RFC 9457) with its place; nothing of such a request is
kept. A secret comes as a bearer token, the plainest that any HTTP client can send, as the webhooks of CloudEvents do
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md, section 3.1).
"""

from datetime import date
from http import HTTPStatus

from connectors.acknowledgements import problem
from connectors.reading_cloudevents import HEADERS, STRUCTURED, read_cloudevents
from connectors.signatures import bearer, body_of
from contracts.connector import Context, Reply, Source
from contracts.errors import Rejected
from contracts.raw import RawRequest
from mappings.canonical import cloudevents

NAME = "cloudevents"
_STATUS = {
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "bad_json": HTTPStatus.BAD_REQUEST,
}


def objection(request: RawRequest) -> Reply | None:
    """Tell the first mistake of a request; None where there is none. What is JSON and says something wrong is 422."""
    context = Context(request.connector, request.account, request.received_at)
    try:
        cloudevents.to_events(read_cloudevents(request), context)
    except Rejected as error:
        status = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
        return problem(error.sentence, status, code=error.code, path=error.path)
    return None


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
    objection=objection,
)
