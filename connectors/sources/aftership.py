"""AfterShip posts a tracking to each webhook of an account whenever it changes.

The header `aftership-hmac-sha256` is the HMAC of the body under the webhook's secret, in base64
(https://www.aftership.com/docs/tracking/webhook/webhook-signature). Whatever is answered outside 2xx is told again up
to 14 times, 2^n times 30 s apart (https://www.aftership.com/docs/tracking/webhook/webhook-overview). It signs no
instant: a request that is sent again is a duplicate without effect.
"""

from datetime import date
from types import MappingProxyType

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures_hmac import BASE64, hmac_header
from contracts.connector import Source
from contracts.tracking import Coverage
from mappings.carriers import aftership
from mappings.carriers.aftership_codes import CODES

AFTERSHIP = Source(
    name="aftership",
    title="AfterShip tracking webhook",
    documentation=(
        "https://www.aftership.com/docs/tracking/webhook/webhook-specifications",
        "https://www.aftership.com/docs/tracking/webhook/webhook-signature",
        "https://www.aftership.com/docs/tracking/2026-07/webhook/webhook-changelog",
        "https://www.aftership.com/docs/tracking/enum/delivery-statuses",
        "https://www.aftership.com/docs/tracking/2026-07/enum/delivery-sub-statuses",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=hmac_header("aftership-hmac-sha256", BASE64),
    to_events=aftership.to_events,
    acknowledge=json_reply({"received": True}),
    refuse=json_refusal("message", {"received": False}),
    coverage=Coverage.SNAPSHOT,
    check=aftership.check,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
