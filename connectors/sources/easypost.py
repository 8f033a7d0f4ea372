"""EasyPost posts an event to each webhook of an account whenever one of its trackers learns something.

Whoever creates a webhook with a `webhook_secret` gets `X-Hmac-Signature: hmac-sha256-hex=…`, the HMAC of the body under
the secret in its normal form NFKD (https://docs.easypost.com/guides/webhooks-guide, and `validate_webhook` of its
client libraries). EasyPost waits 7 s for any 2xx and tries again up to 6 times. A newer header, `X-Hmac-Signature-V2`,
which also signs an instant and the path, comes beside it
(https://support.easypost.com/hc/en-us/articles/39826034964237-Webhook-HMAC-Validation) and is not read: no page that
could be read states the text that it signs, and EasyPost's own library (10.7 for Python) checks the older one alone. A
request that is sent again is a duplicate without effect.
"""

import unicodedata
from datetime import date
from types import MappingProxyType

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures_hmac import Written, hmac_header
from contracts.connector import Source
from contracts.tracking import Coverage
from mappings.carriers import easypost
from mappings.carriers.easypost_codes import CODES


def key(secret: str) -> bytes:
    """Give the bytes under which EasyPost signs: the secret's normal form NFKD."""
    return unicodedata.normalize("NFKD", secret).encode()


EASYPOST = Source(
    name="easypost",
    title="EasyPost tracker webhook",
    documentation=(
        "https://docs.easypost.com/docs/trackers",
        "https://docs.easypost.com/docs/events",
        "https://docs.easypost.com/guides/webhooks-guide",
        "https://support.easypost.com/hc/en-us/articles/39826034964237-Webhook-HMAC-Validation",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=hmac_header("x-hmac-signature", Written("hex", "hmac-sha256-hex="), key=key),
    to_events=easypost.to_events,
    acknowledge=json_reply({"received": True}),
    refuse=json_refusal("message", {"received": False}),
    coverage=Coverage.SNAPSHOT,
    codes=MappingProxyType({code: meaning.status for code, meaning in CODES.items()}),
)
