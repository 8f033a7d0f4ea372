"""GS1 EPCIS 2.0: events as JSON, captured from whoever sees the goods, over HTTP or by file.

The capture interface (EPCIS 2.0, REST binding, https://ref.gs1.org/standards/epcis/) takes a document by POST and
answers 202 while it is worked on, problems as RFC 7807 has them. Authentication is left open there: here it is the
account's secret as a bearer token. No capture job can be asked for; `quayside trace` tells what became of a document.
"""

from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import problem
from connectors.reading import json_body
from connectors.signatures import bearer
from contracts.connector import Reply, Source
from contracts.errors import Rejected
from contracts.settings import SourceAccount
from contracts.tracking import Coverage
from mappings.carriers import epcis
from mappings.carriers.epcis_codes import CODES


def _check(account: SourceAccount) -> None:
    for name, value in account.options.items():
        if name != epcis.ORDER:
            raise Rejected(f"the option `{name}` is unknown: epcis has `{epcis.ORDER}`", code="bad_option")
        if not value.isidentifier():
            reason = f"`{name}`: found {value!r}; expected a type of business transaction, such as po"
            raise Rejected(reason, code="bad_option")


EPCIS = Source(
    name="epcis",
    title="GS1 EPCIS 2.0 events",
    documentation=("https://ref.gs1.org/standards/epcis/", "https://ref.gs1.org/standards/cbv/"),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=bearer(),
    to_events=epcis.to_events,
    acknowledge=Reply(HTTPStatus.ACCEPTED),
    refuse=problem,
    coverage=Coverage.INCREMENT,
    check=_check,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
