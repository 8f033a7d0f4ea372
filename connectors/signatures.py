"""Ways of proving who sent a request, each a scheme that a source's record names. HMACs: `signatures_hmac`.

Every verification compares in constant time and tries every secret whatever the first one says. Its reason never tells
what was expected.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from connectors.reading import form_field
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.signature import Proof, Scheme, Sent

AUTHORISATION = "authorization"
FORM = "application/x-www-form-urlencoded"
Carry = Callable[[bytes], Sent]


def body_of(content_type: str) -> Carry:
    """Carry a payload as the whole body."""
    return lambda payload: Sent(payload, content_type=content_type)


AS_JSON = body_of("application/json")


def form_of(field: str) -> Carry:
    """Carry a payload as one field of a form."""
    return lambda payload: Sent(urlencode({field: payload}).encode(), content_type=FORM)


def md5_form_field(signed: str, sign: str) -> Scheme:
    """Form field `sign` is the hexadecimal MD5 of the bytes of field `signed` followed by the secret (Kuaidi100).

    MD5 is the vendor's choice, and a plain hash of data and secret is weaker than an HMAC: where it matters, give the
    account a secret path as well.
    """
    carry = form_of(signed)

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        data = form_field(request.body, signed)
        given = form_field(request.body, sign).upper()
        expect([given], [_md5(data + secret.encode()) for secret in secrets])

    def signing(payload: bytes, secret: str, _at: datetime) -> Sent:
        form = carry(payload)
        proof = urlencode({sign: _md5(payload + secret.encode())}).encode()
        return form._replace(body=form.body + b"&" + proof)

    return Scheme(verify, carry, signing)


def sha256_header(header: str, separator: bytes, carry: Carry = AS_JSON) -> Scheme:
    """The header `header`, in lower case, is the hexadecimal SHA-256 of body, separator and secret (17TRACK)."""

    def proof(body: bytes, secret: str) -> bytes:
        return hashlib.sha256(body + separator + secret.encode()).hexdigest().encode()

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        given = request.headers.get(header, "").strip().lower().encode()
        expect([given], [proof(request.body, secret) for secret in secrets])

    def sign(payload: bytes, secret: str, _at: datetime) -> Sent:
        sent = carry(payload)
        return sent._replace(headers={**sent.headers, header: proof(sent.body, secret).decode()})

    return Scheme(verify, carry, sign, headers=frozenset({header}))


def bearer(carry: Carry = AS_JSON) -> Scheme:
    """The header `Authorization: Bearer SECRET` (RFC 6750, section 2.1) names a live secret."""

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        scheme, _, given = request.headers.get(AUTHORISATION, "").partition(" ")
        _expect_secret(given.strip() if scheme.lower() == "bearer" else "", secrets)

    def sign(payload: bytes, secret: str, _at: datetime) -> Sent:
        return carry(payload)._replace(headers={AUTHORISATION: on_the_wire(f"Bearer {secret}")})

    return Scheme(verify, carry, sign, Proof.SENDER, frozenset({AUTHORISATION}))


def secret_header(header: str, carry: Carry = AS_JSON) -> Scheme:
    """The header `header`, in lower case, is a live secret: one that was agreed when the sender was set up."""

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        _expect_secret(request.headers.get(header, ""), secrets)

    def sign(payload: bytes, secret: str, _at: datetime) -> Sent:
        return carry(payload)._replace(headers={header: on_the_wire(secret)})

    return Scheme(verify, carry, sign, Proof.SENDER, frozenset({header}))


def no_proof(carry: Carry = AS_JSON) -> Scheme:
    """The sender proves nothing: its account has a `token` in its path, and no secrets."""

    def verify(_request: RawRequest, _secrets: Sequence[str]) -> None:
        raise Rejected("this sender does not sign", code="bad_signature")

    return Scheme(verify, carry, lambda payload, _secret, _at: carry(payload), Proof.NOTHING)


def is_same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def expect(
    given: Sequence[bytes], expected: Sequence[bytes], otherwise: str = "no live secret signed this request"
) -> None:
    """Refuse what was given where none of it is expected, all compared with all in constant time; raises Rejected."""
    matches = [hmac.compare_digest(one, other) for one in given for other in expected]
    if not any(matches):
        raise Rejected(otherwise, code="bad_signature")


def on_the_wire(text: str) -> str:
    """Write a header's text as ingress is given it: its bytes, one character each (ASGI)."""
    return text.encode().decode("latin-1")


def _expect_secret(given: str, secrets: Sequence[str]) -> None:
    live = [secret.encode() for secret in secrets if secret]
    expect([given.encode("latin-1")], live, "no live secret came with this request")


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).hexdigest().upper().encode()
