"""SF Express (顺丰) pushes its routes, as JSON or as a form whose field `content` is XML: the customer chooses.

It does not sign (no page names a signature), so an account has a secret path, and its addresses can be let through
alone by the proxy before it. It takes JSON's `return_code` 0000 as received and 1000 as failed, XML's `Head` as OK or
ERR; what was not received it sends again, all of it.

A refusal is made before the format is known, so it is JSON for both; a sender of XML finds no OK in it.
"""

from datetime import date
from types import MappingProxyType

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import decode_json, form_field
from connectors.reading_xml import decode_xml
from connectors.signatures import no_proof
from contracts.connector import Context, Reply, Source
from contracts.errors import Rejected
from contracts.model import shown
from contracts.raw import RawRequest
from contracts.tracking import Coverage
from mappings.carriers import sf_express
from mappings.carriers.sf_express_codes import CODES

_FIELD = "content"
_TAKEN = json_reply({"return_code": "0000", "return_msg": "成功"})
_TAKEN_XML = Reply(
    200,
    b'<?xml version="1.0" encoding="UTF-8"?><Response service="RoutePushService"><Head>OK</Head></Response>',
    "text/xml",
)


def _read(request: RawRequest) -> object:
    """Give JSON as it is, and XML in the shape of the JSON."""
    if not _is_form(request):
        return decode_json(request.body, "$")
    root = decode_xml(form_field(request.body, _FIELD), "$")
    if root.tag != "Request":
        raise Rejected(f"found {shown(root.tag)}; expected `Request`", code="invalid", path="$")
    return {body.tag: {"WaybillRoute": [dict(route.attrib) for route in body.iter("WaybillRoute")]} for body in root}


def _is_form(request: RawRequest) -> bool:
    """JSON cannot begin like a form's field, so the body itself tells them apart, whatever its type is called."""
    return request.body.startswith(f"{_FIELD}=".encode())


def _acknowledge(request: RawRequest, _context: Context) -> Reply:
    return _TAKEN_XML if _is_form(request) else _TAKEN


SF_EXPRESS = Source(
    name="sf-express",
    title="SF Express (顺丰) route push",
    documentation=(
        "https://open.sf-express.com/Api/ApiDetails?level3=404",
        "https://www.showdoc.com.cn/hnqiao/9157102515696868",
        "https://open.sf-express.com/developSupport/734349?activeIndex=589678",
    ),
    read_on=date(2026, 11, 21),
    read=_read,
    verify=no_proof(),
    to_events=sf_express.to_events,
    acknowledge=_acknowledge,
    refuse=json_refusal("return_msg", {"return_code": "1000"}),
    coverage=Coverage.INCREMENT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
