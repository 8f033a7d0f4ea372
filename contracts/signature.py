"""How a sender proves who it is: what makes the proof and what checks it, one frozen record a scheme.

The record that verifies what comes in also signs what tests, fakes and the demo send, so that the two cannot differ.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from contracts.raw import OCTETS, RawRequest


class Sent(NamedTuple):
    """A request as a sender makes it. Header names are in lower case, each byte of a value is a character (ASGI)."""

    body: bytes
    headers: Mapping[str, str] = MappingProxyType({})
    content_type: str = OCTETS


class Proof(StrEnum):
    """What a scheme proves.

    BODY: that nobody changed the body. SENDER: that the request comes from whoever knows the secret, and nothing about
    its body: what protects that is TLS. NOTHING: the sender proves nothing, so its account has a secret path.
    """

    BODY = "body"
    SENDER = "sender"
    NOTHING = "nothing"


Verify = Callable[[RawRequest, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of proving it; called like `verify`.

    verify: given a request and the secrets that are live now, two during a rotation, it tries every secret, in constant
    time, over the raw bytes; raises Rejected (code `bad_signature`) where none made the proof. carry: the request that
    has a payload and no proof. sign: the request that has a payload and the proof, of a secret, made at an instant.
    headers: the HTTP headers, in lower case, in which the proof stands; `verify` alone is shown them, and they are kept
    nowhere. tolerance: how far from its receipt the instant may lie that was signed with it; None where none is signed,
    and then a request that is sent again is a duplicate without effect.
    """

    verify: Verify
    carry: Callable[[bytes], Sent]
    sign: Callable[[bytes, str, datetime], Sent]
    proves: Proof = Proof.BODY
    headers: frozenset[str] = frozenset()
    tolerance: timedelta | None = None

    def __call__(self, request: RawRequest, secrets: Sequence[str]) -> None:
        """Verify a request; raises Rejected."""
        self.verify(request, secrets)
