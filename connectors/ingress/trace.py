"""The trace that a request belongs to: W3C Trace Context, `traceparent`, version 00.

Source: https://www.w3.org/TR/trace-context/, section 3.2.
"""

import re
import secrets

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def traceparent_of(header: str | None) -> str:
    """Take the sender's where it is valid, else begin a trace."""
    if header is not None and _TRACEPARENT.fullmatch(header):
        return header
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def trace_id(traceparent: str) -> str:
    """Give the id by which a trace is looked up."""
    return traceparent.split("-")[1]
