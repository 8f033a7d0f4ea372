"""Signatures by Standard Webhooks 1.0: an HMAC of the message's id, the instant of its signing and the body.

Source: sections "Webhook Headers (Sending metadata to consumers)" and "Signature scheme" of
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. What is signed, and how it
is written, is the business of the library `standardwebhooks`; its `verify` asks the machine for the time, so only its
`sign` is used here.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.signatures import AS_JSON, Carry, expect
from connectors.signatures_hmac import TOLERANCE, expect_recent
from connectors.targets.standard_webhooks import webhook
from contracts.errors import Rejected
from contracts.identity import digest
from contracts.raw import RawRequest
from contracts.signature import Scheme, Sent

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_SYMMETRIC = "v1,"


def standard_webhooks(carry: Carry = AS_JSON) -> Scheme:
    """Sign with a secret of the form `whsec_…`; of several signatures in the header, one must be a live secret's.

    A sender in the middle of a rotation signs with both. Those of the asymmetric scheme (`v1a`) are passed over. What
    was signed more than five minutes from its receipt is refused with the code `stale_signature`.
    """

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        message, seconds = request.headers.get(ID, ""), request.headers.get(TIMESTAMP, "")
        expect_recent(seconds, request.received_at, TOLERANCE)
        try:
            body = request.body.decode()
        except UnicodeDecodeError as error:
            raise Rejected("the body is not UTF-8", code="bad_signature") from error
        if not message:
            raise Rejected(f"no {ID} came with this request", code="bad_signature")
        signed_at = datetime.fromtimestamp(int(seconds), UTC)
        given = [one.encode() for one in request.headers.get(SIGNATURE, "").split() if one.startswith(_SYMMETRIC)]
        expect(given, [webhook(secret).sign(message, signed_at, body).encode() for secret in secrets])

    def sign(payload: bytes, secret: str, at: datetime) -> Sent:
        sent, message = carry(payload), f"msg_{digest(payload, size=12)}"
        proofs = {ID: message, TIMESTAMP: str(int(at.timestamp()))}
        # What is not UTF-8 is refused, whoever signs it.
        proofs[SIGNATURE] = webhook(secret).sign(message, at, sent.body.decode(errors="replace"))
        return sent._replace(headers={**sent.headers, **proofs})

    return Scheme(verify, carry, sign, headers=frozenset({ID, TIMESTAMP, SIGNATURE}), tolerance=TOLERANCE)
