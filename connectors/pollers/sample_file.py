"""A file that is read as if it were an ERP: sample days, the demo, and trying things out without one.

Account: url `file:PATH` of a JSON-lines file; options: those of Tryton's mapping. Each line is a reading of Tryton
(`mappings.erp.tryton`) that comes about when the clock reaches `at`:

    {"at": RFC 3339, "kind": "order" | "goods_issue", "document": NUMBER, "record": {…}}
    {"at": RFC 3339, "kind": …, "document": …, "withdrawn": true}

`at` is the version, too: the same file gives the same documents, whenever it is polled. So a document stands only once
at one instant. What is read afresh has the present as its version.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import Field

from connectors.pollers import payload
from connectors.reading import json_body
from contracts.clock import WallClock
from contracts.connector import Document, Poller, Reading
from contracts.envelope import read_time, write_time
from contracts.errors import Rejected
from contracts.model import Contract, read
from contracts.moment import Instant
from contracts.settings import PollerAccount
from mappings.erp import options, tryton

SCHEME = "file:"


class Line(Contract):
    """One line of the file."""

    at: Instant
    kind: str = Field(min_length=1)
    document: str = Field(min_length=1)
    withdrawn: bool = False
    record: dict[str, object] | None = None

    def reading(self) -> Reading:
        """Give the reading that the line is; a document's own name is its id for ever."""
        document = Document(self.kind, self.document, self.document)
        if self.withdrawn:
            return payload.withdrawal(document, self.at)
        return payload.reading(document, self.record, self.at, is_open=False)

    def afresh(self, now: datetime) -> Reading:
        """Give the reading that the line is now, for whoever asks for its order."""
        document = Document(self.kind, self.document, self.document)
        return payload.reading(document, self.record, now, is_open=False, afresh=True)

    def names(self, order: str) -> bool:
        """Tell whether it is the order of this number, or a move in it serves that."""
        moves = (self.record or {}).get("outgoing_moves")
        if self.kind == "order":
            return self.document == order and not self.withdrawn
        return isinstance(moves, list) and any(_sale_of(move) == order for move in moves)


@dataclass(slots=True)
class SampleFileSession:
    """The file's lines, in the order of their instants; those of one instant in the file's order."""

    lines: Sequence[Line]
    clock: WallClock
    mark: str = ""

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Give the lines whose instant has come since `mark`."""
        now = self.clock.now()
        behind: datetime | None = read_time(mark) if mark else None
        for line in self.lines:
            if line.at <= now and (behind is None or line.at > behind):
                yield line.reading()
        self.mark = max(mark, write_time(now).decode())

    async def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:  # noqa: ARG002
        """Nothing changes in a file but by its lines."""
        nothing: tuple[Reading, ...] = ()
        for reading in nothing:
            yield reading

    async def of_order(self, order: str) -> AsyncIterator[Reading]:
        """Give the newest line of each document that names the order, as it is now."""
        now = self.clock.now()
        newest = {(line.kind, line.document): line for line in self.lines if line.at <= now}
        if ("order", order) in newest and newest["order", order].names(order):
            for line in newest.values():
                if line.names(order):
                    yield line.afresh(now)

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a document no longer exists."""
        return payload.withdrawal(document, read_at)


def _sale_of(move: object) -> object:
    match move:
        case {"sale": {"number": number}}:
            return number
    return None


def check(account: PollerAccount) -> None:
    """Refuse an account whose url names no file, or whose options are wrong; whether it is there is seen by a poll."""
    _path(account)
    options.check(account.options)


def _path(account: PollerAccount) -> str:
    path = account.url.removeprefix(SCHEME)
    if path == account.url or not path:
        raise Rejected(f"{account.url!r} is no file:PATH", code="refused", path="$.url")
    return path


@asynccontextmanager
async def open_file(
    account: PollerAccount,
    secret: str | None,  # noqa: ARG001 - a file has none
    clock: WallClock,
) -> AsyncIterator[SampleFileSession]:
    """Read the file; raises Rejected, naming file and line, where it cannot be."""
    path = _path(account)
    try:
        text = await asyncio.to_thread(Path(path).read_bytes)
    except OSError as error:
        raise Rejected(f"{path} cannot be read: {error.strerror}", code="refused") from error
    lines = [_line(line, f"{path}, line {number}") for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    _refuse_doubles(lines, path)
    yield SampleFileSession(sorted(lines, key=lambda line: line.at), clock)


def _refuse_doubles(lines: Iterable[Line], path: str) -> None:
    seen = set[tuple[str, str, datetime]]()
    for line in lines:
        place = (line.kind, line.document, line.at)
        if place in seen:
            raise Rejected(f"{path}: {line.kind} {line.document} stands twice at {line.at.isoformat()}", code="refused")
        seen.add(place)


def _line(text: bytes, place: str) -> Line:
    try:
        line = read(Line, text)
    except Rejected as error:
        raise Rejected(f"{place}: {error.reason}", code="refused", path=error.path) from error
    if (line.record is None) != line.withdrawn:
        raise Rejected(f"{place}: expected either a record or withdrawn", code="refused")
    return line


async def probe(account: PollerAccount, secret: str | None) -> Sequence[str]:
    """Read the file: what is wrong with it is raised."""
    async with open_file(account, secret, WallClock()):
        return ()


SAMPLE_FILE = Poller(
    name="sample-file",
    title="A file of readings, for samples and demos",
    documentation=("https://docs.tryton.org/latest/modules-sale/", "https://docs.tryton.org/latest/modules-stock/"),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_file,
    read=json_body(),
    to_events=tryton.to_events,
    probe=probe,
)
