"""Ship24 posts what is new of the shipments that an account tracks.

Each request carries the account's webhook secret as a bearer token
(https://docs.ship24.com/webhooks/authentication). Any 2xx is taken for received
(https://docs.ship24.com/webhooks/specification); no page that could be read states how often it tries again.
"""

from datetime import date
from types import MappingProxyType

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures import bearer
from contracts.connector import Source
from contracts.tracking import Coverage
from mappings.carriers import ship24 as mapping

SHIP24 = Source(
    name="ship24",
    title="Ship24 webhook",
    documentation=(
        "https://docs.ship24.com/webhooks/specification",
        "https://docs.ship24.com/webhooks/authentication",
        "https://docs.ship24.com/webhooks/delivery",
        "https://docs.ship24.com/status",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=bearer(),
    to_events=mapping.to_events,
    acknowledge=json_reply({"received": True}),
    refuse=json_refusal("message", {"received": False}),
    coverage=Coverage.INCREMENT,
    codes=MappingProxyType({code: meaning.status for code, meaning in mapping.CODES.items()}),
)
