"""From the bytes of a request to the JSON value in it.

Strict: UTF-8 and JSON as RFC 8259 has them (no NaN, no lone surrogates), and a form field exactly once. What a sender
signs are the very bytes, so the same readers serve signatures.
"""

from binascii import a2b_qp
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import msgspec

from contracts.errors import Rejected
from contracts.raw import RawRequest


def json_body() -> Callable[[RawRequest], object]:
    """Read the whole body as JSON."""
    return lambda request: decode_json(request.body, "$")


def form_json(field: str) -> Callable[[RawRequest], object]:
    """Read the form field `field` (application/x-www-form-urlencoded) as JSON."""
    return lambda request: decode_json(form_field(request.body, field), "$")


def form_field(body: bytes, field: str) -> bytes:
    """Give a form field's bytes, percent-decoded and not yet text; raises Rejected unless it is there exactly once."""
    name = field.encode()
    values = [value for key, _, value in (pair.partition(b"=") for pair in body.split(b"&")) if key == name]
    if len(values) != 1:
        found = "none" if not values else f"{len(values)} of them"
        raise Rejected(f"found {found}; expected one form field {field!r}", code="bad_form")
    return percent_decoded(values[0].replace(b"+", b" "))


def percent_decoded(text: bytes) -> bytes:
    """Decode percent-encoding (RFC 3986, section 2.1); what is no escape stays as it is, as in forms.

    Quoted-printable (RFC 2045, section 6.7) differs in its sign alone, and Python's decoder of it is many times as
    fast: Chinese text in a form is nothing but escapes.
    """
    decoded = a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"="))
    # Each escape makes it two bytes shorter. Where it did not, or a line ended, this is no quoted-printable.
    if len(decoded) != len(text) - 2 * text.count(b"%") or b"\n" in text or b"\r" in text:
        return unquote_to_bytes(text)
    return decoded


def decode_json(text: bytes, path: str) -> object:
    """Read JSON; raises Rejected where it is none, not UTF-8, or nested too deeply."""
    try:
        value: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Rejected(f"not JSON: {error}", code="bad_json", path=path) from error
    except RecursionError as error:
        raise Rejected("nested too deeply", code="bad_json", path=path) from error
    return value
