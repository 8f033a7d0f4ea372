"""The dead letter of a reading that is larger than any record of `inbound` may be. Pure."""

from datetime import datetime

from contracts.envelope import Headers, write_time
from contracts.raw import RawRequest
from contracts.topics import BODY_LIMIT, DEAD_LETTER_LIMIT

STAGE = "poll"
ROOM = 16 * 1024
"""Bytes of a dead letter that are left for its key and headers."""
_WHOLE = DEAD_LETTER_LIMIT - ROOM


def dead_letter(request: RawRequest, topic: str, at: datetime, traceparent: str) -> tuple[bytes, bytes, Headers]:
    """Write a reading as a dead letter of `topic`, where it never stood: whole, or its beginning where it is too long.

    The headers are those that stages write (`streams.engine.writes`).
    """
    key, value, headers = request.record(traceparent)
    reason = f"the reading has {len(value)} bytes; at most {BODY_LIMIT} are taken"
    if len(value) > _WHOLE:
        reason += f", and only its first {_WHOLE} are kept here"
    beside = {
        "stage": STAGE,
        "code": "too_large",
        "reason": reason,
        "path": "",
        "topic": topic,
        "partition": "",
        "offset": "",
        "at": write_time(at).decode(),
        "traceparent": traceparent,
    }
    return key, value[:_WHOLE], headers + [(f"quayside-dead-{name}", text.encode()) for name, text in beside.items()]
