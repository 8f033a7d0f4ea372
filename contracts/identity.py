"""Keys: what a record is about, as bytes that every client of Kafka places alike.

A key is a compact JSON array of strings, readable in any tool and free of ambiguity whatever the names contain.
All keys start with the account (order numbers are not unique across ERPs), except a parcel's, which is its normalised
tracking number alone: carriers are named differently by everyone.
"""

import hashlib
import json
import re
import unicodedata
from typing import Literal

from contracts.errors import Rejected

Scope = Literal["order", "parcel", "after", "case", "stage"]
"""Who writes a snapshot and what it is about; each scope has one writing stage."""

# Blanks, hyphens and dashes of all kinds, the minus sign, and what is copied along unseen (soft hyphen, zero width).
_NOT_IN_A_NUMBER = re.compile(r"[\s\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff]+")


def key(*parts: str) -> bytes:
    """Write the key of `parts`; raises Rejected where one is empty."""
    if not all(parts):
        raise Rejected(f"a key has an empty part: {list(parts)}", code="empty_key")
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def parts(key_bytes: bytes) -> tuple[str, ...]:
    """Read a key back into its parts; raises Rejected where it is none of ours."""
    try:
        found = json.loads(key_bytes)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"not a key: {key_bytes[:80]!r}", code="bad_key") from error
    if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
        raise Rejected(f"not a key: {key_bytes[:80]!r}", code="bad_key")
    return tuple(found)


def readable(key_bytes: bytes) -> str:
    """Write a key for people: its parts with slashes between; a parcel's as it is."""
    return "/".join(parts(key_bytes)) if key_bytes.startswith(b"[") else key_bytes.decode(errors="replace")


def order_key(account: str, order: str) -> bytes:
    """Key of `deliveries`: one order of one ERP account."""
    return key(account, order)


def document_key(account: str, kind: str, document: str) -> bytes:
    """Key of `documents`: one document of one ERP account; `kind` is its event type's short name."""
    return key(account, kind, document)


def case_key(account: str, case: str) -> bytes:
    """Key of `cases`: one after-sales case of the account that tells it."""
    return key(account, case)


def hint_key(account: str) -> bytes:
    """Key of `hints`: the account whose reader is woken."""
    return key(account)


def snapshot_key(account: str, scope: Scope, subject: str) -> bytes:
    """Key of `snapshots`."""
    return key(account, scope, subject)


def parcel_key(number: str) -> bytes:
    """Key of `tracking`: the normalised tracking number; raises Rejected where nothing is left of it."""
    normal = tracking_number(number)
    if not normal:
        raise Rejected(f"not a tracking number: {number!r}", code="bad_tracking_number")
    return normal.encode()


def tracking_number(number: str) -> str:
    """Normalise a tracking number: NFKC, upper case, no spaces, no hyphens of any kind."""
    if number.isascii() and number.isalnum():
        return number.upper()
    # Twice: upper case, and what a blank stood between, may compose anew.
    upper = _NOT_IN_A_NUMBER.sub("", unicodedata.normalize("NFKC", number)).upper()
    return _NOT_IN_A_NUMBER.sub("", unicodedata.normalize("NFKC", upper)).upper()


def digest(*parts_of_it: bytes | str, size: int = 16) -> str:
    """Hash the parts, length-prefixed so that no two lists collide, to `size` bytes of hex (BLAKE2b)."""
    hashed = hashlib.blake2b(digest_size=size)
    for part in parts_of_it:
        raw = part.encode() if isinstance(part, str) else part
        hashed.update(len(raw).to_bytes(8, "big") + raw)
    return hashed.hexdigest()
