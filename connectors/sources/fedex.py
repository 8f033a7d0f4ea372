"""FedEx Advanced Integrated Visibility posts what is new of shipments, by account number or by tracking number.

It signs with the security token of the webhook project: `fdx-signature` is the HMAC-SHA256 of the body in base64
(https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs/introduction/business-rules-and-best-practices.html,
its Java example), or in hexadecimal, as that page's pseudocode has it: both are taken, told apart by their length. No
instant is signed, so a push that comes again is a duplicate without effect. It takes 200 and 202, and tries three times
in all, five minutes apart.
"""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.reading import json_body
from connectors.signatures_hmac import BASE64, HEX, hmac_header
from contracts.connector import Reply, Source
from contracts.raw import RawRequest
from contracts.signature import Scheme
from contracts.tracking import Coverage
from mappings.carriers import fedex
from mappings.carriers.fedex_codes import CODES

_HEADER = "fdx-signature"
_IN_BASE64, _IN_HEX = hmac_header(_HEADER, BASE64), hmac_header(_HEADER, HEX)
_HEX_DIGITS = 64


def _verify(request: RawRequest, secrets: Sequence[str]) -> None:
    is_hex = len(request.headers.get(_HEADER, "").strip()) == _HEX_DIGITS
    (_IN_HEX if is_hex else _IN_BASE64)(request, secrets)


FEDEX = Source(
    name="fedex",
    title="FedEx Advanced Integrated Visibility webhook",
    documentation=(
        "https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs.html",
        "https://developer.fedex.com/api/en-us/guides/webhook-developer-guide.html",
        "https://developer.fedex.com/api/en-us/guides/api-reference.html",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=Scheme(_verify, _IN_BASE64.carry, _IN_BASE64.sign, headers=_IN_BASE64.headers),
    to_events=fedex.to_events,
    acknowledge=Reply(HTTPStatus.OK),
    refuse=json_refusal("message", {}),
    coverage=Coverage.INCREMENT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
