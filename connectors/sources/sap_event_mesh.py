"""SAP Event Mesh pushes the events of S/4HANA, each a hint that wakes the poller of the same system.

A queue's webhook posts a CloudEvent, structured or binary as its subscription was set up, and signs on by user and
password or by OAuth 2.0; the first is what is checked here. Its handshake (an OPTIONS request) is left out by
`exemptHandshake`. Until the answer is a success the queue keeps the event and sends it again; no page states how often.
"""

from datetime import date

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.reading_cloudevents import BATCHED, HEADERS, PREFIX, STRUCTURED, read_cloudevents
from connectors.signatures import body_of
from connectors.signatures_basic import basic
from contracts.connector import Source
from contracts.raw import RawRequest
from mappings import hints
from mappings.erp import sap_event_mesh

_as_json = json_body()


def read(request: RawRequest) -> object:
    """Give the event; a queue's default content type may be plain JSON, which is a whole event then."""
    media_type = request.content_type.partition(";")[0].strip().lower()
    if media_type in {STRUCTURED, BATCHED} or PREFIX + "specversion" in request.headers:
        return read_cloudevents(request)
    return _as_json(request)


SAP_EVENT_MESH = Source(
    name="sap-event-mesh",
    title="SAP Event Mesh, events of S/4HANA as hints",
    documentation=(
        "https://api.sap.com/event/CE_SALESORDEREVENTS/overview",
        "https://api.sap.com/event/CE_OUTBOUNDDELIVERYEVENTS/overview",
        "https://learning.sap.com/courses/integrating-sap-entitlement-management/replicating-a-sales-order",
        "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md",
    ),
    read_on=date(2026, 11, 21),
    read=read,
    verify=basic(body_of(STRUCTURED)),
    to_events=sap_event_mesh.to_events,
    acknowledge=json_reply({}),
    refuse=json_refusal("error", {}),
    coverage=None,
    check=hints.check,
    headers=HEADERS,
)
