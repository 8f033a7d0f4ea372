"""What an output looks like on its way: the envelope that it takes over from its cause, and its own stamp."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from contracts.envelope import Envelope, Headers, Origin, write_time
from contracts.errors import Rejected
from streams.engine.stage import Output


class Carried(msgspec.Struct, frozen=True, gc=False):
    """What outputs take over from the record that caused them, as header bytes."""

    source: bytes
    time: bytes
    received_at: bytes
    origin: bytes
    traceparent: bytes

    @classmethod
    def of(cls, headers: Sequence[tuple[str, bytes]], place: Origin) -> "Carried":
        """Read them from a record's headers; raises Rejected where a required one is missing, or they are too long."""
        # Ours stand in the order of `Envelope.headers`: a dictionary of all costs as much as folding a counter.
        if (
            len(headers) >= _OURS
            and headers[3][0] == "ce_source"
            and headers[4][0] == "ce_time"
            and headers[6][0] == "ce_receivedat"
        ):
            source, time, received_at = headers[3][1], headers[4][1], headers[6][1]
            found = dict(headers[_OURS:])
        else:
            found = dict(headers)
            if "ce_source" not in found or "ce_time" not in found:
                Envelope.read(headers)
            source, time = found["ce_source"], found["ce_time"]
            received_at = found.get("ce_receivedat", time)
        origin = found.get("ce_origin") or b"%b/%d/%d" % (text(place.topic), place.partition, place.offset)
        traceparent = found.get("traceparent", b"")
        if len(source) + len(time) + len(received_at) + len(origin) + len(traceparent) > CARRIED_LIMIT:
            raise Rejected(f"its envelope takes more than {CARRIED_LIMIT} bytes", code="bad_envelope")
        return cls(source, time, received_at, origin, traceparent)


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
def time_bytes(value: datetime) -> bytes:
    """Write an instant; a chunk's records share a few."""
    return write_time(value)


def output_headers(output: Output, carried: Carried, through: bytes, as_of: bytes) -> Headers:
    """Write the envelope of an output (`contracts.envelope`)."""
    headers: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", output.id.encode()),
        ("ce_type", text(output.type)),
        ("ce_source", carried.source if output.source is None else text(output.source)),
        ("ce_time", carried.time if output.time is None else time_bytes(output.time)),
        ("content-type", b"application/json"),
        ("ce_receivedat", carried.received_at),
    ]
    if carried.origin:
        headers.append(("ce_origin", carried.origin))
    if carried.traceparent:
        headers.append(("traceparent", carried.traceparent))
    headers.append(("ce_through", through))
    headers.append(("ce_asof", as_of))
    return headers
