"""What a reading looks like in `inbound`, for pollers whose mapping takes a record with its children nested in it.

{"kind": KIND, "document": NAME, "read_at": RFC 3339, "withdrawn": false, "record": {…}}

One that was read on purpose, for one order (`of_order`), says `"afresh": true` as well.
"""

from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime

import msgspec

from contracts.connector import Document, Reading
from contracts.envelope import write_time
from contracts.identity import digest

NOISE = frozenset({"write_date", "create_date"})
"""That a record was touched is not content: saving it unchanged is not told again."""

_ENCODER = msgspec.json.Encoder(order="deterministic")


def reading(document: Document, record: object, read_at: datetime, *, is_open: bool, afresh: bool = False) -> Reading:
    """Make the reading of a document that exists. afresh: it is told whether it has changed or not."""
    return Reading(
        document,
        body=_body(document, record, read_at, afresh=afresh),
        digest=digest(document.kind, document.document, _ENCODER.encode(_content(record))),
        read_at=read_at,
        is_open=is_open,
    )


def withdrawal(document: Document, read_at: datetime) -> Reading:
    """Make the reading of a document that no longer exists."""
    return Reading(
        document,
        body=_body(document, None, read_at),
        digest=digest(document.kind, document.document, "withdrawn"),
        read_at=read_at,
        is_open=False,
        withdrawn=True,
    )


async def or_withdrawn(
    document: Document, readings: AsyncIterable[Reading], read_at: datetime
) -> AsyncIterator[Reading]:
    """Give what is read of one document, once all of it is; where nothing is, it no longer exists."""
    for found in [reading async for reading in readings] or [withdrawal(document, read_at)]:
        yield found


def _body(document: Document, record: object, read_at: datetime, *, afresh: bool = False) -> bytes:
    said = {
        "kind": document.kind,
        "document": document.document,
        "read_at": write_time(read_at).decode(),
        "withdrawn": record is None,
        "record": record,
    }
    return _ENCODER.encode(said | ({"afresh": True} if afresh else {}))


def _content(record: object) -> object:
    if isinstance(record, dict):
        return {name: _content(value) for name, value in record.items() if name not in NOISE}
    if isinstance(record, list):
        return [_content(value) for value in record]
    return record
