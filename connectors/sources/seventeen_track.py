"""17TRACK (API v2.2) posts what it learns of the numbers that were registered with it.

It signs with the header `sign`: the hexadecimal SHA-256 of the body, a slash and the account's API key
(https://asset.17track.net/api/document/v2.2_en/index.html, "Webhook"). It takes 200 for an answer, and anything else
for a failure that it tells again. The key is also that of the account's requests: who learns it can do all that it
allows.
"""

from datetime import date
from types import MappingProxyType

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures import sha256_header
from contracts.connector import Source
from contracts.tracking import Coverage
from mappings.carriers import seventeen_track
from mappings.carriers.seventeen_track_codes import CODES

SEVENTEEN_TRACK = Source(
    name="17track",
    title="17TRACK webhook, API v2.2",
    documentation=("https://asset.17track.net/api/document/v2.2_en/index.html",),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=sha256_header("sign", b"/"),
    to_events=seventeen_track.to_events,
    acknowledge=json_reply({"code": 0}),
    refuse=json_refusal("message", {"code": -1}),
    coverage=Coverage.SNAPSHOT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
