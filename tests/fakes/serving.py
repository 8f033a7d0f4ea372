"""A vendor's cloud on a free loopback port: what it is asked, its own clock, and its limit of requests a second."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

HEADER_END = b"\r\n\r\n"
SECOND = timedelta(seconds=1)
AnyCloud = TypeVar("AnyCloud", bound="Cloud")


@dataclass(frozen=True)
class Request:
    """One request. headers: by lower-case name."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 whatever was sent
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Reply:
    """One answer. body: written as JSON; bytes as they are."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Pushed:
    """What the cloud sends to its subscriber."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Cloud:
    """Inherit, and answer in `handle`.

    now: its clock, which moves `pace` with each request. instead: answers that are given instead of its own, and
    without its doing anything. outbox: what it has pushed.
    """

    per_second: ClassVar[int | None] = None
    url: str = ""
    now: datetime = datetime(2026, 3, 2, 8, tzinfo=UTC)
    pace: timedelta = SECOND
    requests: list[Request] = field(default_factory=list)
    instead: list[Reply] = field(default_factory=list)
    outbox: list[Pushed] = field(default_factory=list)
    _recent: list[datetime] = field(default_factory=list)

    def handle(self, request: Request) -> Reply:
        raise NotImplementedError

    def too_many(self) -> Reply:
        return Reply(429, {"message": "too many requests"})

    def pushed(self) -> list[Pushed]:
        """Take what was pushed since the last call."""
        taken, self.outbox = self.outbox, []
        return taken

    def later(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span

    def answer(self, request: Request) -> Reply:
        self.now += self.pace
        self.requests.append(request)
        self._recent = [at for at in self._recent if self.now - at < SECOND]
        if self.per_second is not None and len(self._recent) >= self.per_second:
            return self.too_many()
        self._recent.append(self.now)
        return self.instead.pop(0) if self.instead else self.handle(request)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            reply = self.answer(await _request(reader))
            head = {"content-type": "application/json", **reply.headers, "content-length": str(len(reply.raw))}
            lines = [f"HTTP/1.1 {reply.status} Told", *(f"{name}: {value}" for name, value in head.items())]
            writer.write("\r\n".join([*lines, "connection: close", "", ""]).encode() + reply.raw)
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(HEADER_END)).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    pairs = (line.split(": ", 1) for line in head[1:] if line)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Request(method, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)


@asynccontextmanager
async def serving(cloud: AnyCloud) -> AsyncIterator[AnyCloud]:
    """Serve it, and tell it its address."""
    server = await asyncio.start_server(cloud.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    cloud.url = f"http://{host}:{port}"
    async with server:
        yield cloud
