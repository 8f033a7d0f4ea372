"""X12 214 over HTTP or by file: what a carrier, a VAN or an AS2 gateway hands on, one interchange a request.

X12 has no proof of its sender, and AS2 (RFC 4130) is the gateway's: it comes with the account's secret as a bearer
token. 200 says that the interchange is durable; no functional acknowledgement (997) is made here: the gateway does that
once it has handed it on. By file, `quayside import` and a watched folder read `.x12`, and make a request of each set.
"""

from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.edi_account import check_edi_account
from connectors.reading_x12 import x12_body, x12_cut
from connectors.signatures import bearer, body_of
from contracts.connector import Reply, Source
from contracts.tracking import Coverage
from mappings.carriers import x12_214
from mappings.carriers.x12_214_codes import CODES

X12_214 = Source(
    name="x12-214",
    title="X12 214 shipment status",
    documentation=("https://www.stedi.com/edi/x12-004010/214", "https://stedi.com/edi/x12-004030/segment/AT7"),
    read_on=date(2026, 11, 21),
    read=x12_body,
    verify=bearer(body_of("application/edi-x12")),
    to_events=x12_214.to_events,
    acknowledge=Reply(HTTPStatus.OK),
    refuse=json_refusal("error", {}),
    coverage=Coverage.INCREMENT,
    check=check_edi_account,
    cut=x12_cut,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
