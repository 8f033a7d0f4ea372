"""Reading a file as a whole: what would be sent of it, what that says, and all that is wrong. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import PurePath
from typing import NamedTuple

from contracts.connector import Context, Cut, Source
from contracts.errors import Rejected
from contracts.model import Contract
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from contracts.topics import BODY_LIMIT

FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of a file that is read."""
CONTENT_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".x12": "application/edi-x12",
    ".edi": "application/edifact",
    ".edifact": "application/edifact",
}
"""By a file's suffix: RFC 7111, RFC 8259, ECMA-376, RFC 7303 and RFC 1767. Of any other nothing is said."""
LAST_MODIFIED = "last-modified"


class File(NamedTuple):
    """A file: its name, its bytes, and when it was last written."""

    name: str
    body: bytes
    written: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """What a file comes to. mistakes: all that is wrong in it; where there is one, nothing is sent.

    requests: what is sent. events: what those say. unknown_codes: that the vendor's tables do not list.
    """

    requests: tuple[RawRequest, ...] = ()
    events: tuple[Contract, ...] = ()
    mistakes: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()


def judge(source: Source, account: SourceAccount, file: File, now: datetime, content_type: str = "") -> Judged:
    """Read and map a file as if it had been pushed at `now`; raises nothing, since all that is wrong is told."""
    if len(file.body) > FILE_LIMIT:
        return Judged(mistakes=(f"it has more than {FILE_LIMIT} bytes",))
    headers = {LAST_MODIFIED: format_datetime(file.written.astimezone(UTC), usegmt=True)}
    raw = RawRequest(
        source.name,
        account.name,
        file.body,
        now,
        content_type or CONTENT_TYPES.get(PurePath(file.name).suffix.lower(), ""),
        {name: text for name, text in headers.items() if name in source.headers},
    )
    context = Context(source.name, account.name, now, account.zone, account.options)
    try:
        cut = Cut((raw,)) if source.cut is None else source.cut(raw, context)
        return Judged(mistakes=cut.mistakes) if cut.mistakes else _mapped(source, cut, context)
    except Rejected as error:
        return Judged(mistakes=(str(error),))
    except Exception as error:  # noqa: BLE001 - a mapping's bug is told with its file, and other files are taken
        return Judged(mistakes=(f"{source.name} failed at it, which is its own mistake: {error!r}",))


def _mapped(source: Source, cut: Cut, context: Context) -> Judged:
    events: list[Contract] = []
    unknown: dict[str, None] = {}
    for request in cut.requests:
        if len(request.body) > BODY_LIMIT:
            raise Rejected(f"a document of {len(request.body)} bytes; at most {BODY_LIMIT} are taken", code="too_large")
        mapped = source.to_events(source.read(request), context)
        events += mapped.events
        unknown.update(dict.fromkeys(mapped.unknown_codes))
    return Judged(cut.requests, tuple(events), unknown_codes=tuple(unknown))
