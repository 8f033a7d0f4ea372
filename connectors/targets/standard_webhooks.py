"""Secrets of Standard Webhooks, which its library takes without a look.

Source: Standard Webhooks 1.0, section "Signature scheme": `whsec_` and the base64 of 24 to 64 random bytes.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64

from standardwebhooks import Webhook

from contracts.errors import Rejected

PREFIX = "whsec_"
LENGTHS = range(24, 65)


def webhook(secret: str) -> Webhook:
    """Make what signs and verifies; raises Rejected, without the secret, where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(PREFIX) or len(key) not in LENGTHS:
        raise Rejected("the secret is not `whsec_` and the base64 of 24 to 64 bytes", code="bad_secret")
    return Webhook(key)
