"""What an output looks like on its way: the envelope that it takes over from its cause, and its own stamp."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from contracts.envelope import Envelope, Header, Headers, Standing, write_time
from contracts.errors import Rejected
from streams.engine.stage import Output

Carried = tuple[Header, Header, Header, bytes, bytes]
"""What outputs take over from the record that caused them: source, time and receipt as they stood there, the origin
(empty where there is none), the traceparent (likewise). A bare tuple: one is made for every event."""


def carried_from(headers: Sequence[tuple[str, Any]], cause: Standing) -> Carried:
    """Read them from a record's headers; raises Rejected where a required one is missing, or they are too long.

    Any value may be null: that shows when they are measured.
    """
    # Ours stand in the order of `Envelope.headers`: a dictionary of all costs as much as folding a counter.
    origin = traceparent = b""
    if (
        len(headers) >= _OURS
        and (source := headers[3])[0] == "ce_source"
        and (time := headers[4])[0] == "ce_time"
        and (received_at := headers[6])[0] == "ce_receivedat"
    ):
        if len(headers) > _OURS:
            for name, value in headers[_OURS:]:
                if name == "ce_origin":
                    origin = value
                elif name == "traceparent":
                    traceparent = value
    else:
        found = dict(headers)
        source, time, received_at = _required(headers, found)
        origin, traceparent = found.get("ce_origin", b""), found.get("traceparent", b"")
    if not origin:
        origin = f"{cause.topic}/{cause.partition}/{cause.offset}".encode()
    try:
        size = len(source[1]) + len(time[1]) + len(received_at[1]) + len(origin) + len(traceparent or b"")
    except TypeError as error:
        raise Rejected("a header of its envelope is null", code="bad_envelope") from error
    if size > CARRIED_LIMIT:
        raise Rejected(f"its envelope takes more than {CARRIED_LIMIT} bytes", code="bad_envelope")
    return source, time, received_at, origin, traceparent or b""


def carried_by_stage(stage: str, now: datetime, origin: bytes, traceparent: bytes) -> Carried:
    """What outputs carry that no record causes, only time: the stage is their source."""
    at = time_bytes(now)
    return ("ce_source", text(f"quayside/{stage}")), ("ce_time", at), ("ce_receivedat", at), origin, traceparent


def _required(headers: Sequence[Header], found: Mapping[str, bytes]) -> tuple[Header, Header, Header]:
    if "ce_source" not in found or "ce_time" not in found:
        Envelope.read(headers)
    time = found["ce_time"]
    received_at = found.get("ce_receivedat", time)
    return ("ce_source", found["ce_source"]), ("ce_time", time), ("ce_receivedat", received_at)


_OURS = 7
"""Headers that every record of ours begins with."""
CARRIED_LIMIT = 4096
"""Bytes of an envelope that are taken over."""
HEADERS_ALLOWANCE = CARRIED_LIMIT + 1024
"""Bytes for all headers of an output but its id, and for Kafka's own framing."""


ALWAYS_FITS = 64 * 1024
"""Characters of key, id and data that need no closer look: any topic takes a record of a megabyte."""


def fits(output: Output) -> None:
    """Raise Rejected where an output would be larger than its topic takes."""
    size = len(output.key) + len(output.data or b"") + 4 * len(output.id) + HEADERS_ALLOWANCE
    if size > output.topic.record_limit:
        raise Rejected(
            f"what follows from it for {output.topic.name} takes {size} bytes;"
            f" a record there has at most {output.topic.record_limit}",
            code="record_too_large",
        )


@lru_cache(maxsize=4096)
def text(value: str) -> bytes:
    """Encode what is written again and again: types and sources."""
    return value.encode()


@lru_cache(maxsize=4096)
def type_header(value: str) -> Header:
    """Write an event's type."""
    return "ce_type", value.encode()


@lru_cache(maxsize=4096)
def time_bytes(value: datetime) -> bytes:
    """Write an instant; a chunk's records share a few."""
    return write_time(value)


@lru_cache(maxsize=4096)
def as_of_header(value: datetime) -> Header:
    """Write the second half of a stamp."""
    return "ce_asof", write_time(value)


_VERSION: Header = ("ce_specversion", b"1.0")
_JSON: Header = ("content-type", b"application/json")


def output_headers(output: Output, carried: Carried, through: bytes, as_of: Header) -> Headers:
    """Write the envelope of an output (`contracts.envelope`)."""
    source, time, received_at, origin, traceparent = carried
    if output.source is not None:
        source = ("ce_source", text(output.source))
    if output.time is not None:
        time = ("ce_time", time_bytes(output.time))
    headers: Headers = [
        _VERSION,
        ("ce_id", output.id.encode()),
        type_header(output.type),
        source,
        time,
        _JSON,
        received_at,
        ("ce_origin", origin),
        ("ce_through", through),
        as_of,
    ]
    if traceparent:
        headers.insert(8, ("traceparent", traceparent))
    if not origin:
        del headers[7]
    return headers
