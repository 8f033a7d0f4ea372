"""Signatures over the raw bytes, each scheme a function that a connector's record names.

A verifier is given the request and the secrets that are live now, two during a rotation. It compares in constant time,
tries every secret whatever the first one says, and raises Rejected (code `bad_signature`) where none signed it. The
reason never tells what was expected.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from connectors.reading import form_field
from contracts.errors import Rejected
from contracts.raw import RawRequest

Verify = Callable[[RawRequest, Sequence[str]], None]


def md5_form_field(signed: str, sign: str) -> Verify:
    """Form field `sign` is the hexadecimal MD5 of the bytes of field `signed` followed by the secret (Kuaidi100).

    MD5 is the vendor's choice, and a plain hash of data and secret is weaker than an HMAC: where it matters, give the
    account a secret path as well.
    """

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        data = form_field(request.body, signed)
        given = form_field(request.body, sign).upper()
        _expect(given, [_md5(data + secret.encode()) for secret in secrets])

    return verify


AUTHORISATION = "authorization"


def bearer() -> Verify:
    """The header `Authorization: Bearer SECRET` (RFC 6750, section 2.1) names a live secret.

    It signs nothing: what protects the rest of the request is the TLS before it. A source that is verified by it lists
    the header among its `credentials`.
    """

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        scheme, _, given = request.headers.get(AUTHORISATION, "").partition(" ")
        # A header's text is its bytes, one character each (ASGI).
        shown = given.strip().encode("latin-1") if scheme.lower() == "bearer" else b""
        _expect(shown, [secret.encode() for secret in secrets if secret], "no live secret came with this request")

    return verify


def sign_md5_form(signed: str, sign: str) -> Callable[[bytes, str], bytes]:
    """Write the form that `md5_form_field` accepts, of a payload and a secret: what a sender, or a test, does."""
    return lambda payload, secret: urlencode({signed: payload, sign: _md5(payload + secret.encode())}).encode()


def is_same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).hexdigest().upper().encode()


def _expect(given: bytes, expected: Sequence[bytes], otherwise: str = "no live secret signed this request") -> None:
    matches = [hmac.compare_digest(given, one) for one in expected]
    if not any(matches):
        raise Rejected(otherwise, code="bad_signature")
