"""The body of a request, and no more of it than is taken."""

from fastapi import Request

from contracts.topics import BODY_LIMIT


class TooLarge(Exception):
    """More than `BODY_LIMIT`; intake alone catches it."""


async def read_body(request: Request) -> bytes:
    """Read a body; raises TooLarge as soon as it is."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > BODY_LIMIT:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge
    return bytes(body)
