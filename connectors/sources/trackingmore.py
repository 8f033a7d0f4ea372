"""TrackingMore v4 posts a parcel's whole tracking whenever it changes.

**Its signature does not protect the body**: it is the hexadecimal HMAC-SHA256, with the webhook secret, of the header
`Timestamp` alone (https://github.com/clooney/fedex-tracking-api/blob/master/webhook.md, the vendor's text with its
example in Go). Whoever has seen one request can send another body under its signature while the timestamp is recent. So
an account should have a secret path (`token`) besides, which only the sender and TLS know. The pages speak of a header
without naming it; `Timestamp` and `Signature` are what public receivers read.

Anything but 2xx is told again up to 14 times, 2^n times 30 s apart. No page says whether it is then signed anew. Where
it is not, what is told again later than the tolerance is refused, and the next change tells the whole history.

Its times have no zone, so an account must name one.
"""

import hmac
from collections.abc import Sequence
from datetime import date, datetime
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.reading import json_body
from connectors.signatures import AS_JSON, expect
from connectors.signatures_hmac import TOLERANCE, expect_recent
from contracts.connector import Reply, Source, no_options
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from contracts.signature import Proof, Scheme, Sent
from contracts.tracking import Coverage
from mappings.carriers import trackingmore
from mappings.carriers.trackingmore_codes import CODES

_TIMESTAMP, _SIGNATURE = "timestamp", "signature"


def _hmac(timestamp: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), timestamp.encode("latin-1"), "sha256").hex().encode()


def _verify(request: RawRequest, secrets: Sequence[str]) -> None:
    timestamp = request.headers.get(_TIMESTAMP, "")
    given = request.headers.get(_SIGNATURE, "").lower().encode("latin-1")
    expect([given], [_hmac(timestamp, secret) for secret in secrets])
    expect_recent(timestamp, request.received_at, TOLERANCE)


def _sign(payload: bytes, secret: str, at: datetime) -> Sent:
    timestamp = str(int(at.timestamp()))
    proofs = {_TIMESTAMP: timestamp, _SIGNATURE: _hmac(timestamp, secret).decode()}
    return AS_JSON(payload)._replace(headers=proofs)


def _check(account: SourceAccount) -> None:
    no_options(account)
    if account.zone is None:
        raise Rejected(f"source {account.name!r} names no `zone`, and TrackingMore's times have none", code="no_zone")


TRACKINGMORE = Source(
    name="trackingmore",
    title="TrackingMore v4 webhook",
    documentation=(
        "https://support.trackingmore.com/en/article/9-main-statuses-sub-statuses-of-shipments-in-trackingmore-tlkfjm",
        "https://github.com/clooney/fedex-tracking-api/blob/master/webhook.md",
        "https://github.com/TrackingMore-API/trackingmore-sdk-net",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=Scheme(_verify, AS_JSON, _sign, Proof.SENDER, frozenset({_TIMESTAMP, _SIGNATURE}), TOLERANCE),
    to_events=trackingmore.to_events,
    acknowledge=Reply(HTTPStatus.OK),
    refuse=json_refusal("message", {}),
    coverage=Coverage.SNAPSHOT,
    check=_check,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
