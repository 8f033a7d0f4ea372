"""RSA signatures (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017, section 8.2), whose public keys are a JWK set (RFC 7517).

The set is an account's secret like any other, so that verification depends on nothing but the request and the secrets:
it is fetched when the account is set up, not while a request waits. A rotation is the same as elsewhere: the sender
publishes the new key beside the old one, the newer document becomes a second live secret, and the older one goes when
the sender has retired its key. A set may have several keys; the one that a request names is taken.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from connectors.signatures import AS_JSON, Carry
from connectors.signatures_hmac import TOLERANCE
from contracts.errors import Rejected
from contracts.model import shown
from contracts.raw import RawRequest
from contracts.signature import Scheme, Sent

Key = TypeVar("Key", rsa.RSAPublicKey, rsa.RSAPrivateKey)


class _Jwk(msgspec.Struct, frozen=True):
    """An RSA key of a set. n, e: its public part; d, p, q: its private part, which only whoever signs has."""

    kty: str
    kid: str = ""
    n: str = ""
    e: str = ""
    d: str = ""
    p: str = ""
    q: str = ""

    def public_numbers(self) -> rsa.RSAPublicNumbers:
        return rsa.RSAPublicNumbers(_number(self.e), _number(self.n))

    def public(self) -> rsa.RSAPublicKey:
        return self.public_numbers().public_key()

    def private(self) -> rsa.RSAPrivateKey:
        d, p, q = (_number(part) for part in (self.d, self.p, self.q))
        exponents = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
        return rsa.RSAPrivateNumbers(p, q, d, *exponents, self.public_numbers()).private_key()


class _Set(msgspec.Struct, frozen=True):
    keys: tuple[_Jwk, ...]


@lru_cache(maxsize=16)
def public_keys(document: str) -> Mapping[str, rsa.RSAPublicKey]:
    """Read a JWK set: its RSA keys by their ids; raises Rejected where it is none, or has no such key."""
    return MappingProxyType({key.kid: _made(key.public) for key in _rsa_keys(document)})


@lru_cache(maxsize=16)
def signing_key(document: str) -> tuple[str, rsa.RSAPrivateKey]:
    """Read the first RSA key of a JWK set, with its id; raises Rejected where the set has only the public part."""
    key = _rsa_keys(document)[0]
    if not key.d:
        raise Rejected(f"the key {shown(key.kid)} has no private part: nothing is signed with it", code="bad_secret")
    return key.kid, _made(key.private)


def _rsa_keys(document: str) -> Sequence[_Jwk]:
    try:
        found = [key for key in msgspec.json.decode(document, type=_Set).keys if key.kty == "RSA"]
    except msgspec.DecodeError as error:
        raise Rejected("a secret is not a JWK set (RFC 7517)", code="bad_secret") from error
    if not found:
        raise Rejected("a secret is a JWK set without an RSA key", code="bad_secret")
    return found


def _made(key: Callable[[], Key]) -> Key:
    try:
        return key()
    except ValueError as error:
        raise Rejected("a secret is a JWK set with an RSA key that is none", code="bad_secret") from error


def rsa_timestamped(
    *,
    signature_header: str,
    key_header: str,
    timestamp_header: str,
    tolerance: timedelta = TOLERANCE,
    carry: Carry = AS_JSON,
) -> Scheme:
    """Sign `TIMESTAMP.BODY` with RSA: the base64 of the signature, the key's id and the ISO 8601 instant are headers.

    What was signed further from its receipt than `tolerance` is refused with the code `stale_signature`: it is a
    replay, or a clock is wrong.
    """

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        timestamp, name = request.headers.get(timestamp_header, ""), request.headers.get(key_header, "")
        keys = [known[name] for known in map(public_keys, secrets) if name in known]
        if not keys:
            raise Rejected(f"no live key set has the key {shown(name)}", code="bad_signature")
        signature = _signature(request.headers.get(signature_header, ""))
        message = _message(timestamp, request.body)
        if not any(_signed(key, signature, message) for key in keys):
            raise Rejected("no live key signed this request", code="bad_signature")
        _expect_recent(timestamp, request.received_at, tolerance)

    def sign(payload: bytes, secret: str, at: datetime) -> Sent:
        name, key = signing_key(secret)
        sent, timestamp = carry(payload), at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        made = key.sign(_message(timestamp, sent.body), padding.PKCS1v15(), SHA256())
        proofs = {signature_header: base64.b64encode(made).decode(), key_header: name, timestamp_header: timestamp}
        return sent._replace(headers={**sent.headers, **proofs})

    headers = frozenset({signature_header, key_header, timestamp_header})
    return Scheme(verify, carry, sign, headers=headers, tolerance=tolerance)


def _message(timestamp: str, body: bytes) -> bytes:
    return timestamp.encode("latin-1") + b"." + body


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("latin-1"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected("the signature is not base64", code="bad_signature") from error


def _signed(key: rsa.RSAPublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _expect_recent(timestamp: str, received_at: datetime, tolerance: timedelta) -> None:
    try:
        signed_at = datetime.fromisoformat(timestamp)
    except ValueError as error:
        raise Rejected("no instant of signing came with this request", code="bad_signature") from error
    if signed_at.tzinfo is None:
        raise Rejected("the instant of signing has no offset", code="bad_signature")
    if abs(received_at - signed_at) > tolerance:
        limit = f"{tolerance.total_seconds():g} s"
        raise Rejected(f"signed at {signed_at.isoformat()}, more than {limit} from its receipt", code="stale_signature")


def _number(text: str) -> int:
    """Read a Base64urlUInt (RFC 7518, section 2)."""
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
