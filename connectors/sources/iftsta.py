"""EDIFACT IFTSTA over HTTP or by file: what a carrier, a VAN or an AS2 gateway hands on, one interchange a request.

EDIFACT has no proof of its sender that is used here (ISO 9735-5 is rare), and AS2 (RFC 4130) is the gateway's: it comes
with the account's secret as a bearer token. 200 says that the interchange is durable; no CONTRL is made here: the
gateway does that once it has handed it on. By file, `quayside import` and a watched folder read `.edi` and `.edifact`.
"""

from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.reading_edifact import edifact_body
from connectors.signatures import bearer, body_of
from contracts.connector import Reply, Source
from contracts.errors import Rejected
from contracts.settings import SourceAccount
from contracts.tracking import Coverage
from mappings.carriers import iftsta
from mappings.carriers.iftsta_codes import CODES

_QUALIFIERS = {2, 3}
"""How many characters a reference's qualifier has (element 1153)."""


def _check(account: SourceAccount) -> None:
    for name, value in account.options.items():
        if name != iftsta.ORDER:
            raise Rejected(f"the option `{name}` is unknown: iftsta has `{iftsta.ORDER}`", code="bad_option")
        if len(value) not in _QUALIFIERS or not value.isalnum():
            reason = f"`{name}`: found {value!r}; expected a qualifier of element 1153, such as ON"
            raise Rejected(reason, code="bad_option")
    if account.zone is None:
        raise Rejected(f"source {account.name!r} names no `zone`, and most of its times have none", code="no_zone")


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
    check=_check,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
