"""Events of SAP S/4HANA as hints: which order or delivery was touched, by its key.

The payload is a CloudEvent 1.0 in the form of the JSON format. Its data are keys and organisation, never the document:
`{"SalesOrder": "45017", "SalesOrderType": …, "EventRaisedDateTime": …}`. Events of an item or a schedule line say the
order's key as well. Whatever an event of these two objects says happened, deletion too, the document is read again; an
event of any other object makes the poller look for all that changed.

Sources: "Sales Order Events" (https://api.sap.com/event/CE_SALESORDEREVENTS/overview) and "Outbound Delivery Events"
(https://api.sap.com/event/CE_OUTBOUNDDELIVERYEVENTS/overview), as they are told in
https://help.sap.com/docs/SAP_S4HANA_CLOUD and read by the sources of SAP's own samples.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, build, shown
from mappings.erp.sap_values import plain
from mappings.hints import hints


class Subject(NamedTuple):
    """What an event's object is here: which kind of document, and which member of its data is the key."""

    kind: str
    key: str


OBJECTS: Mapping[str, Subject] = {
    "sap.s4.beh.salesorder.v1.": Subject("order", "SalesOrder"),
    "sap.s4.beh.outbounddelivery.v1.": Subject("goods_issue", "OutboundDelivery"),
}
"""By how the type of an event begins."""


class KeyEvent(Contract):
    """The attributes that are read, and the data."""

    specversion: Literal["1.0"]
    id: str = Field(min_length=1)
    source: str = Field(min_length=1)
    type: str = Field(min_length=1)
    data: dict[str, object] = Field(default_factory=dict)


def to_events(payload: object, context: Context) -> Mapped:
    """Map one event; raises Rejected with the JSON path of the first wrong value."""
    if not isinstance(payload, dict):
        raise Rejected(f"found {shown(payload)}; expected an event, which is an object", code="invalid", path="$")
    event = build(KeyEvent, **payload)
    for beginning, subject in OBJECTS.items():
        if event.type.startswith(beginning):
            return hints(context, (subject.kind,), _key(event.data.get(subject.key), f"$.data.{subject.key}"))
    return hints(context, (), "")


def _key(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Rejected(f"found {shown(value)}; expected a document's number", code="invalid", path=path)
    return plain(value)
