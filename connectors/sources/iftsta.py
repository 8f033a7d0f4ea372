"""EDIFACT IFTSTA over HTTP or by file: what a carrier, a VAN or an AS2 gateway hands on, one interchange a request.

EDIFACT has no proof of its sender that is used here (ISO 9735-5 is rare), and AS2 (RFC 4130) is the gateway's: it comes
with the account's secret as a bearer token. 200 says that the interchange is durable; no CONTRL is made here: the
gateway does that once it has handed it on. By file, `quayside import` and a watched folder read `.edi` and `.edifact`,
and make a request of each message.
"""

from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.edi_account import check_edi_account
from connectors.reading_edifact import edifact_body, edifact_cut
from connectors.signatures import bearer, body_of
from contracts.connector import Reply, Source
from contracts.tracking import Coverage
from mappings.carriers import iftsta
from mappings.carriers.iftsta_codes import CODES

IFTSTA = Source(
    name="iftsta",
    title="EDIFACT IFTSTA status report",
    documentation=(
        "https://stedi.com/edi/edifact/D96B/messages/IFTSTA",
        "https://stedi.com/edi/edifact/D96B/elements/9011",
        "https://developer.bring.com/files/statuskoder_D94A.pdf",
    ),
    read_on=date(2026, 11, 21),
    read=edifact_body,
    verify=bearer(body_of("application/edifact")),
    to_events=iftsta.to_events,
    acknowledge=Reply(HTTPStatus.OK),
    refuse=json_refusal("error", {}),
    coverage=Coverage.INCREMENT,
    check=check_edi_account,
    cut=edifact_cut,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
