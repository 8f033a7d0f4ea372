"""DHL Shipment Tracking Unified Push posts shipments whose status changed, by subscription to numbers or to an account.

A subscription names a header and a token (`hook.authentication`, type ApiKeyAuthentication;
https://developer.dhl.com/sites/default/files/2025-07/DHL%20Shipment%20Tracking%20Push%20Bruno%20Collection.json), which
DHL sends with each message: choose `x-dhl-push-token` for the header, and one of the account's secrets for the token.
Nothing is signed: what protects the body is TLS. DHL wants 200 within 5 seconds, and tries again after one hour and six
hours later, then no more (https://developer.dhl.com/api-reference/shipment-tracking-unified-push).

DHL eCommerce Americas has webhooks of its own in another shape, whose proof no page that could be read states: they are
not read here.
"""

from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.reading import json_body
from connectors.signatures import secret_header
from contracts.connector import Reply, Source, no_options
from contracts.errors import Rejected
from contracts.settings import SourceAccount
from mappings.carriers import dhl
from mappings.carriers.dhl_codes import CODES


def _check(account: SourceAccount) -> None:
    no_options(account)
    if account.zone is None:
        raise Rejected(f"source {account.name!r} names no `zone`, and DHL may tell times without one", code="no_zone")


DHL = Source(
    name="dhl",
    title="DHL Shipment Tracking Unified Push",
    documentation=(
        "https://developer.dhl.com/api-reference/shipment-tracking-unified-push",
        "https://developer.dhl.com/sites/default/files/2026-08/track_v1.5.8.yaml",
        "https://developer.dhl.com/sites/default/files/2024-10/status_1.csv",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=secret_header("x-dhl-push-token"),
    to_events=dhl.to_events,
    acknowledge=Reply(HTTPStatus.OK),
    refuse=json_refusal("message", {}),
    coverage=None,
    check=_check,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
