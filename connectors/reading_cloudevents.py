"""From an HTTP request that carries CloudEvents to the JSON value that it says, in all three content modes.

    application/cloudevents+json         structured: the body is an event
    application/cloudevents-batch+json   batched: the body is an array of events
    application/json, …+json             binary: the body is an event's data, its attributes are the headers `ce-*`

A binary event becomes what it would be in structured mode, so that one mapping, and one kind of JSON path, serves all.

Source: HTTP Protocol Binding for CloudEvents 1.0.2, section 3
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md). The PyPI library
`cloudevents` 2.2 fills in an id and a time that are missing, and names no place of a mistake; tests send with it.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from connectors.reading import decode_json
from contracts.errors import Rejected
from contracts.model import shown
from contracts.raw import RawRequest

STRUCTURED, BATCHED = "application/cloudevents+json", "application/cloudevents-batch+json"
PREFIX = "ce-"
ATTRIBUTES = ("specversion", "id", "source", "type", "time", "subject", "dataschema")
HEADERS = frozenset(PREFIX + name for name in ATTRIBUTES)
"""Those of binary mode; an event's extension attributes say nothing to us."""

_JSON = re.compile(r"[^/]+/([^/]+\+)?json")
_DOUBLE_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def read_cloudevents(request: RawRequest) -> object:
    """Give an event as an object, a batch as an array; raises Rejected where it is neither, or not JSON."""
    media_type = request.content_type.partition(";")[0].strip().lower()
    if media_type == STRUCTURED:
        return _shaped(decode_json(request.body, "$"), dict, "an event, which is an object")
    if media_type == BATCHED:
        return _shaped(decode_json(request.body, "$"), list, "a batch, which is an array")
    if _JSON.fullmatch(media_type) and PREFIX + "specversion" in request.headers:
        return {**_attributes(request.headers), "data": decode_json(request.body, "$.data")}
    raise Rejected(
        f"found {media_type or 'no content type'!r}; expected {STRUCTURED}, {BATCHED}, or application/json with the "
        f"headers {PREFIX}specversion, {PREFIX}id, {PREFIX}source and {PREFIX}type",
        code="unsupported_media_type",
    )


def _shaped(value: object, shape: type, expected: str) -> object:
    if not isinstance(value, shape):
        raise Rejected(f"found {shown(value)}; expected {expected}", code="invalid", path="$")
    return value


def _attributes(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: _text(headers[PREFIX + name], f"$.{name}") for name in ATTRIBUTES if PREFIX + name in headers}


def _text(value: str, path: str) -> str:
    """Decode a header's value (section 3.1.3.2): unquoted where it stands in double quotes, then percent-decoded."""
    quoted = _DOUBLE_QUOTED.fullmatch(value)
    plain = re.sub(r"\\(.)", r"\1", quoted.group(1)) if quoted else value
    try:
        return unquote_to_bytes(plain.encode("latin-1")).decode()
    except UnicodeError as error:
        raise Rejected(f"found {shown(value)}; expected percent-encoded UTF-8", code="invalid", path=path) from error
