"""Shippo posts a track to each webhook of an account whenever it changes.

It signs on request alone: `Shippo-Auth-Signature: t=…,v1=…`, the hexadecimal HMAC of the instant, a dot and the body
(https://docs.goshippo.com/docs/tracking/webhooksecurity). Until an account has a secret, it has a `token` in its path,
which the same page calls a self-generated token. No page that could be read states how old a signed instant may be, nor
whether a request that is told again is signed anew: five minutes are allowed, as is usual for signatures of this form.
"""

from datetime import date
from types import MappingProxyType

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures_hmac import hmac_timestamped
from contracts.connector import Source
from contracts.tracking import Coverage
from mappings.carriers import shippo
from mappings.carriers.shippo_codes import CODES

SHIPPO = Source(
    name="shippo",
    title="Shippo tracking webhook",
    documentation=(
        "https://docs.goshippo.com/docs/tracking/webhooks",
        "https://docs.goshippo.com/docs/tracking/tracking/",
        "https://docs.goshippo.com/docs/tracking/webhooksecurity",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=hmac_timestamped("shippo-auth-signature"),
    to_events=shippo.to_events,
    acknowledge=json_reply({"received": True}),
    refuse=json_refusal("message", {"received": False}),
    coverage=Coverage.SNAPSHOT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
