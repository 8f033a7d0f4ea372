"""`quayside import`: files are judged, shown, and sent as what the account's sender would push."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiokafka.errors import KafkaError
from rich.table import Table

from connectors import kafka
from connectors.files.judging import FILE_LIMIT, File, Judged, judge
from connectors.files.storing import store
from connectors.registry import SOURCES, find
from contracts.errors import Fatal, Rejected
from contracts.events import TYPE_OF
from contracts.model import Contract
from contracts.settings import Settings, SourceAccount
from contracts.topics import INBOUND

SHOWN = 20
"""So many events of a file are shown, and of more the number."""
_NAMED_BY = ("document", "number", "case", "id", "order")


@dataclass(frozen=True, slots=True)
class Read:
    """A file and what it comes to."""

    path: Path
    judged: Judged


def read_files(settings: Settings, account: str, paths: Sequence[Path], content_type: str) -> list[Read]:
    """Read and judge files as the account's; raises Rejected where there is no such account, or no such file."""
    chosen = account_of(settings, account)
    source = find(SOURCES, chosen.connector)
    source.check(chosen)
    kind = content_type or (chosen.folder.content_type if chosen.folder is not None else "")
    now = settings.clock.clock().now()
    return [Read(path, judge(source, chosen, _file(path), now, kind)) for path in paths]


def account_of(settings: Settings, name: str) -> SourceAccount:
    """Choose the account; raises Rejected, naming those there are, where there is none."""
    sources = {account.name: account for account in settings.sources}
    if name not in sources:
        there = ", ".join(sorted(sources)) or "none"
        raise Rejected(f"no account under `sources` is called {name!r}; there are: {there}", code="unknown_account")
    return sources[name]


def _file(path: Path) -> File:
    try:
        with path.open("rb") as file:
            return File(path.name, file.read(FILE_LIMIT + 1), datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except OSError as error:
        raise Rejected(f"{path} cannot be read: {error.strerror}", code="unreadable") from error


async def send(settings: Settings, files: Sequence[Read]) -> int:
    """Send what files come to; gives how many requests are durable.

    Raises Fatal where that cannot be said, or nothing was sent since `inbound` or the broker is away.
    """
    await kafka.expect_topics(settings.kafka, (INBOUND,))
    requests = [request for file in files for request in file.judged.requests]
    producer = kafka.producer(settings.kafka, "import")
    try:
        await producer.start()
        await store(requests, producer, settings.kafka)
    except (KafkaError, TimeoutError) as error:
        reason = f"not all of it may have been written ({type(error).__name__}); import it again, which does no harm"
        raise Fatal(reason, code="send_failed") from error
    finally:
        await kafka.close(producer)
    return len(requests)


def shown(file: Read) -> Table:
    """Show what a file says, a row for each event."""
    table = Table("kind", "of", "lines", "state", box=None, pad_edge=False, header_style="bold")
    for event in file.judged.events[:SHOWN]:
        table.add_row(*_row(event))
    return table


def summary(file: Read) -> Iterator[str]:
    """Say how much a file holds, and what of it no table of the vendor's knows."""
    kinds = Counter(_kind(event) for event in file.judged.events)
    held = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"
    more = f" (the first {SHOWN} are shown)" if len(file.judged.events) > SHOWN else ""
    yield f"{file.path}: {held}{more}"
    for code in file.judged.unknown_codes:
        yield f"{file.path}: code {code!r} is in no table; it becomes `unknown`"


def _row(event: Contract) -> tuple[str, str, str, str]:
    name = next((str(value) for field in _NAMED_BY if (value := getattr(event, field, None))), "")
    parts = getattr(event, "lines", None) or getattr(event, "scans", None) or ()
    state = "withdrawn" if getattr(event, "withdrawn", False) else str(getattr(event, "state", ""))
    return _kind(event), name, str(len(parts) or ""), state


def _kind(event: Contract) -> str:
    return TYPE_OF[type(event)].split(".")[1]
