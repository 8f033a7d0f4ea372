"""HMACs (RFC 2104) over the raw bytes, in a header: of the body alone, or also of the instant of its signing."""

import base64
import hmac
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from connectors.signatures import AS_JSON, Carry, expect
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.signature import Scheme, Sent

Digest = Literal["sha1", "sha256", "sha512"]
Key = Callable[[str], bytes]
TOLERANCE = timedelta(minutes=5)
"""How far from its receipt a signed instant may lie, where the vendor names no span of its own."""
_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)


class Written(NamedTuple):
    """How a signature is written. encoding: of its bytes. prefix: before them."""

    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""

    def __call__(self, mac: bytes) -> str:
        """Write it."""
        return self.prefix + (mac.hex() if self.encoding == "hex" else base64.b64encode(mac).decode())


HEX, BASE64 = Written("hex"), Written("base64")


def hmac_header(
    header: str, written: Written = HEX, *, digest: Digest = "sha256", key: Key = str.encode, carry: Carry = AS_JSON
) -> Scheme:
    """The header `header`, in lower case, is the HMAC of the body. key: from a secret to the bytes of its key."""

    def proof(body: bytes, secret: str) -> str:
        return written(hmac.digest(key(secret), body, digest))

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        given = request.headers.get(header, "").strip()
        expect([_comparable(given, written)], [proof(request.body, secret).encode() for secret in secrets])

    def sign(payload: bytes, secret: str, _at: datetime) -> Sent:
        sent = carry(payload)
        return sent._replace(headers={**sent.headers, header: proof(sent.body, secret)})

    return Scheme(verify, carry, sign, headers=frozenset({header}))


def hmac_timestamped(
    header: str,
    written: Written = HEX,
    *,
    timestamp_header: str = "",
    digest: Digest = "sha256",
    key: Key = str.encode,
    tolerance: timedelta = TOLERANCE,
    carry: Carry = AS_JSON,
) -> Scheme:
    """Sign `SECONDS.BODY` with an HMAC, the seconds being those of the Unix time of the signing.

    The header reads `t=SECONDS,v1=SIGNATURE`, several of the latter during a sender's rotation (Stripe's form); with
    `timestamp_header` the seconds stand there and the header is the signature. What was signed further from its receipt
    than `tolerance` is refused with the code `stale_signature`: it is a replay, or a clock is wrong.
    """

    def proof(body: bytes, seconds: str, secret: str) -> str:
        return written(hmac.digest(key(secret), seconds.encode() + b"." + body, digest))

    def verify(request: RawRequest, secrets: Sequence[str]) -> None:
        seconds, given = _taken_apart(request, header, timestamp_header)
        expected = [proof(request.body, seconds, secret).encode() for secret in secrets]
        expect([_comparable(one, written) for one in given], expected)
        expect_recent(seconds, request.received_at, tolerance)

    def sign(payload: bytes, secret: str, at: datetime) -> Sent:
        sent, seconds = carry(payload), str(int(at.timestamp()))
        made = proof(sent.body, seconds, secret)
        proofs = {timestamp_header: seconds, header: made} if timestamp_header else {header: f"t={seconds},v1={made}"}
        return sent._replace(headers={**sent.headers, **proofs})

    return Scheme(verify, carry, sign, headers=frozenset({header, timestamp_header} - {""}), tolerance=tolerance)


def expect_recent(seconds: str, received_at: datetime, tolerance: timedelta) -> None:
    """Refuse what was signed too long before its receipt, or after it; raises Rejected (code `stale_signature`)."""
    if not _SECONDS.fullmatch(seconds):
        raise Rejected("no instant of signing came with this request", code="bad_signature")
    signed_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    if abs(received_at - signed_at) > tolerance:
        limit = f"{tolerance.total_seconds():g} s"
        raise Rejected(f"signed at {signed_at.isoformat()}, more than {limit} from its receipt", code="stale_signature")


def _taken_apart(request: RawRequest, header: str, timestamp_header: str) -> tuple[str, list[str]]:
    """Give the seconds and the signatures, as they are written."""
    given = request.headers.get(header, "")
    if timestamp_header:
        return request.headers.get(timestamp_header, ""), [given.strip()]
    pairs = [part.strip().partition("=") for part in given.split(",")]
    seconds = [value for name, _, value in pairs if name == "t"]
    return (seconds[0] if len(seconds) == 1 else ""), [value for name, _, value in pairs if name == "v1"]


def _comparable(given: str, written: Written) -> bytes:
    """Hexadecimal digits may be of either case; the prefix and base64 are as they are."""
    if written.encoding == "hex" and given.startswith(written.prefix):
        given = written.prefix + given.removeprefix(written.prefix).lower()
    return given.encode()
