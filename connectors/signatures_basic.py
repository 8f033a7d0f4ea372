"""Basic authentication (RFC 7617): the header says `Basic` and the base64 of `USER:PASSWORD`, in UTF-8."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from connectors.signatures import AS_JSON, AUTHORISATION, Carry, expect
from contracts.raw import RawRequest
from contracts.signature import Proof, Scheme, Sent


def basic(carry: Carry = AS_JSON) -> Scheme:
    """A secret is `USER:PASSWORD`, agreed when the sender was set up; one live pair must come with the request."""

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        scheme, _, given = request.headers.get(AUTHORISATION, "").partition(" ")
        proof = given.strip().encode("latin-1") if scheme.lower() == "basic" else b""
        live = [b64encode(secret.encode()) for secret in secrets if secret]
        expect([proof], live, "no live user and password came with this request")

    def sign(payload: bytes, secret: str, _at: datetime) -> Sent:
        pair = b64encode(secret.encode()).decode()
        return carry(payload)._replace(headers={AUTHORISATION: f"Basic {pair}"})

    return Scheme(verify, carry, sign, Proof.SENDER, frozenset({AUTHORISATION}))
