"""ShipEngine (now ShipStation API) posts a parcel's whole tracking to whoever asked for the event `track`.

It signs with RSA and SHA-256 over `TIMESTAMP.BODY`; the key's id, the signature in base64 and the timestamp are headers
(https://docs.shipstation.com/apis/docs/guides/webhooks-validation). The public keys are published as a JWK set at
https://api.shipengine.com/jwks: an account's secret is that document, fetched when the account is set up
(docs/how-to/carrier-accounts.md). The page asks for no more than 5 minutes between timestamp and receipt.
"""

from datetime import date
from http import HTTPStatus
from types import MappingProxyType

from connectors.acknowledgements import json_refusal
from connectors.reading import json_body
from connectors.signatures_rsa import public_keys, rsa_timestamped
from contracts.connector import Reply, Source, no_options
from contracts.settings import SourceAccount
from contracts.tracking import Coverage
from mappings.carriers import shipengine
from mappings.carriers.shipengine_codes import CODES


def _check(account: SourceAccount) -> None:
    """Read the keys once before the first push needs them: a page that was saved instead of them is found now."""
    no_options(account)
    for secret in account.secrets:
        public_keys(secret.read())


SHIPENGINE = Source(
    name="shipengine",
    title="ShipEngine tracking webhook",
    documentation=(
        "https://docs.shipstation.com/apis/shipengine/docs/reference/webhooks-schemas",
        "https://docs.shipstation.com/apis/shipengine/docs/tracking/tracking",
        "https://docs.shipstation.com/apis/docs/guides/webhooks-validation",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=rsa_timestamped(
        signature_header="x-shipengine-rsa-sha256-signature",
        key_header="x-shipengine-rsa-sha256-key-id",
        timestamp_header="x-shipengine-timestamp",
    ),
    to_events=shipengine.to_events,
    acknowledge=Reply(HTTPStatus.OK),
    refuse=json_refusal("message", {}),
    coverage=Coverage.SNAPSHOT,
    check=_check,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
