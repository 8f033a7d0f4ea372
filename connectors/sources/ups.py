"""UPS Track Alert posts each event of a package that was subscribed to, for 14 days from the subscription.

It sends the opaque `credential` of the subscription in a header of that name, the same for each event, and `User-Agent:
UPSPubSubTrackingService` (UPSTrackAlert.yaml, webhook TrackingEvent). Nothing is signed: what protects the body is TLS.
"If for any reason this credential changes then any event notification will fail until a new subscription is made", so
both are live until every package is subscribed to anew. It expects 200; no page states that it tries again: "incoming
events will be lost". Dispatch subscribes, and reads each package's history with it.
"""

from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.reading import json_body
from connectors.signatures import secret_header
from contracts.connector import Reply, Source
from contracts.tracking import Coverage
from mappings.carriers import ups
from mappings.carriers.ups_codes import CODES

UPS = Source(
    name="ups",
    title="UPS Track Alert",
    documentation=(
        "https://github.com/UPS-API/api-documentation/blob/main/UPSTrackAlert.yaml",
        "https://github.com/UPS-API/api-documentation/blob/main/Tracking.yaml",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=secret_header("credential"),
    to_events=ups.to_events,
    acknowledge=Reply(HTTPStatus.OK),
    refuse=json_refusal("message", {}),
    coverage=Coverage.INCREMENT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
