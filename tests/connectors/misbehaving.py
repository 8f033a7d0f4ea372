"""A proxy in front of a real target that misbehaves when told to: it refuses, loses answers, hangs, drips, lies.

What is not told to misbehave passes through untouched, over plain HTTP/1.1 with one request a connection.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from urllib.parse import urlsplit

HEADER_END = b"\r\n\r\n"
DRIP_SECONDS = 0.05


class Fault(Enum):
    """What can become of one request.

    LOSE: the target does it, and its answer is lost. HANG: no answer. DRIP: an answer that never ends. CUT: one that
    breaks off.
    """

    LOSE = auto()
    HANG = auto()
    DRIP = auto()
    CUT = auto()


@dataclass(frozen=True)
class Answer:
    """An answer instead of the target's, which is not asked."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Misbehaving:
    """`url` is what the target's account is given. seen: (method, path) of every request."""

    upstream: str
    url: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)
    _next: dict[str, list[Fault | Answer | None]] = field(default_factory=dict)
    _handling: set[asyncio.Task[None]] = field(default_factory=set)

    def next(self, request: str, *faults: Fault | Answer | None) -> None:
        """Misbehave at the next requests of this kind, one after another.

        `METHOD`, or `METHOD PATTERN`: a regular expression found in the path. None lets one through.
        """
        self._next.setdefault(request, []).extend(faults)

    def forget(self) -> None:
        """Misbehave no more."""
        self._next.clear()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self._handling.add(task)
            task.add_done_callback(self._handling.discard)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._pass_on(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def finish(self) -> None:
        """End what still goes on, as an answer that drips."""
        left = list(self._handling)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(HEADER_END)
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        lengths = [
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
        ]
        body = await reader.readexactly(lengths[0]) if lengths else b""
        self.seen.append((method, path))
        fault = self._fault(method, path)
        match fault:
            case None:
                writer.write(await self._ask(head, body))
                await writer.drain()
            case Answer():
                writer.write(_written(fault))
                await writer.drain()
            case Fault.LOSE:
                await self._ask(head, body)
            case Fault.CUT:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
                await writer.drain()
            case Fault.HANG:
                await reader.read()
            case Fault.DRIP:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
                while not reader.at_eof():
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(DRIP_SECONDS)

    def _fault(self, method: str, path: str) -> Fault | Answer | None:
        for request, waiting in self._next.items():
            named, _, pattern = request.partition(" ")
            if waiting and named == method and re.search(pattern, path):
                return waiting.pop(0)
        return None

    async def _ask(self, head: bytes, body: bytes) -> bytes:
        address = urlsplit(self.upstream)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        lines = [
            line for line in head.removesuffix(HEADER_END).split(b"\r\n") if not line.lower().startswith(b"connection:")
        ]
        writer.write(b"\r\n".join([*lines, b"Connection: close"]) + HEADER_END + body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


def _written(answer: Answer) -> bytes:
    headers = {"Content-Length": str(len(answer.body)), "Connection": "close", **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join(lines).encode() + HEADER_END + answer.body


@asynccontextmanager
async def misbehaving(upstream: str) -> AsyncIterator[Misbehaving]:
    """Run the proxy on a free port."""
    proxy = Misbehaving(upstream)
    server = await asyncio.start_server(proxy.handle, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.finish()
