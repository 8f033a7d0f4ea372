"""Orders and goods movements as tables: CSV (RFC 4180) or XLSX (ECMA-376), by file or pushed over HTTP.

A file is cut into a request for each of its documents, so that none is larger than a record may be and each can be
traced; what is pushed is one request. When a file was last written stands in `Last-Modified` (RFC 9110, section 8.8.2),
and is the version of documents that say none of their own. A secret comes as a bearer token.

Account: options: `mappings.erp.table_layout`; zone: of dates and times that name none.
"""

from dataclasses import replace
from datetime import UTC, date
from email.utils import parsedate_to_datetime

import msgspec

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import decode_json
from connectors.signatures import bearer, body_of
from contracts.connector import Context, Cut, Source
from contracts.envelope import write_time
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from mappings.erp import table
from mappings.erp.table_layout import layout_of

PART = "application/vnd.quayside.table+json"
"""The content type of a part that says one document (`mappings.erp.table_file`)."""
LAST_MODIFIED = "last-modified"

_ENCODER = msgspec.json.Encoder(order="deterministic")


def check(account: SourceAccount) -> None:
    """Refuse an account whose options are wrong; raises Rejected, naming the one at fault."""
    layout_of(account.options)


def read(request: RawRequest) -> object:
    """Read a part as JSON; a file stays as it came, since how it is written stands in the account's options."""
    if request.content_type.partition(";")[0].strip().lower() == PART:
        return decode_json(request.body, "$")
    written = request.headers.get(LAST_MODIFIED, "")
    try:
        version = write_time(parsedate_to_datetime(written).astimezone(UTC)).decode() if written else ""
    except (ValueError, OverflowError) as error:
        raise Rejected(f"Last-Modified: found {written!r}; expected an HTTP date", code="bad_time") from error
    return {"file": request.body, "version": version}


def cut(request: RawRequest, context: Context) -> Cut:
    """Make a request of each document in a file."""
    found = table.understand(read(request), context)
    return Cut(
        tuple(replace(request, body=_ENCODER.encode(part), content_type=PART, headers={}) for part in found.parts),
        found.mistakes.sentences(),
    )


TABLE = Source(
    name="table",
    title="CSV and XLSX with a column mapping",
    documentation=(
        "https://www.rfc-editor.org/rfc/rfc4180",
        "https://ecma-international.org/publications-and-standards/standards/ecma-376/",
    ),
    read_on=date(2026, 11, 21),
    read=read,
    verify=bearer(body_of(PART)),
    to_events=table.to_events,
    acknowledge=json_reply({"accepted": True}, 202),
    refuse=json_refusal("error", {}),
    coverage=None,
    check=check,
    headers=frozenset({LAST_MODIFIED}),
    cut=cut,
)
