"""Kdniao (快递鸟) pushes the histories of what its customers subscribed to, several parcels at a time.

It posts a form: `RequestData`, JSON, and `DataSign`, the base64 of the MD5 of that JSON, as it is before it is
percent-encoded, and the customer's key. The page says no more of the MD5; the vendor's examples encode its 32
hexadecimal digits, in lower case, not its 16 bytes. It takes `Success` true as received, wants to read the customer's
id (`EBusinessID`) and the time of the answer beside it, and tells again what was not.
"""

import base64
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from types import MappingProxyType
from urllib.parse import urlencode

import msgspec

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import form_field, form_json
from connectors.signatures import expect, form_of
from contracts.connector import Context, Reply, Source
from contracts.errors import Rejected
from contracts.moment import zone
from contracts.raw import RawRequest
from contracts.signature import Scheme, Sent
from contracts.tracking import Coverage
from mappings.carriers import kdniao
from mappings.carriers.kdniao_codes import CODES

_DATA, _SIGN = "RequestData", "DataSign"


class _Customer(msgspec.Struct):
    """Of a push, who it is for."""

    id: str = msgspec.field(default="", name="EBusinessID")


def _md5_base64(data: bytes, secret: str) -> bytes:
    digits = hashlib.md5(data + secret.encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(digits.encode())


def _verify(request: RawRequest, secrets: Sequence[str]) -> None:
    data = form_field(request.body, _DATA)
    expect([form_field(request.body, _SIGN)], [_md5_base64(data, secret) for secret in secrets])


def _sign(payload: bytes, secret: str, _at: datetime) -> Sent:
    form = form_of(_DATA)(payload)
    proof = urlencode({"RequestType": "102", _SIGN: _md5_base64(payload, secret)})
    return form._replace(body=form.body + b"&" + proof.encode())


def _acknowledge(request: RawRequest, context: Context) -> Reply:
    answered = context.received_at.astimezone(zone(kdniao.ZONE)).strftime("%Y-%m-%d %H:%M:%S")
    return json_reply({"EBusinessID": _customer(request), "UpdateTime": answered, "Success": True, "Reason": ""})


def _customer(request: RawRequest) -> str:
    try:
        return msgspec.json.decode(form_field(request.body, _DATA), type=_Customer, strict=False).id
    except (Rejected, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""  # the request is stored whatever it says, and its mapping will tell what is wrong with it


KDNIAO = Source(
    name="kdniao",
    title="Kdniao (快递鸟) subscription push",
    documentation=(
        "https://apifox.com/apidoc/docs-site/2538027/doc-2282394",
        "https://apifox.com/apidoc/docs-site/2538027/doc-2283185",
        "https://www.kdniao.com/api-track",
    ),
    read_on=date(2026, 11, 21),
    read=form_json(_DATA),
    verify=Scheme(_verify, form_of(_DATA), _sign),
    to_events=kdniao.to_events,
    acknowledge=_acknowledge,
    refuse=json_refusal("Reason", {"Success": False}),
    coverage=Coverage.SNAPSHOT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
