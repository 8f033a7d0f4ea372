"""Tables as a source: the suite of every source on its parts, and files cut into a request for each document."""

from datetime import UTC, datetime

import pytest

from connectors.sources.table import LAST_MODIFIED, PART, TABLE
from contracts.connector import Context
from contracts.documents import Order
from contracts.errors import Rejected
from contracts.raw import RawRequest
from tests.connectors.source_conformance import SourceConformance


class TestTable(SourceConformance):
    source = TABLE


RECEIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
FILE = b"Order,Item,Qty\nSO-1,A,1\nSO-2,A,2\nSO-1,B,3\n"
OPTIONS = {
    "kind": "order",
    "column.document": "Order",
    "column.product": "Item",
    "column.quantity": "Qty",
    "value.unit": "C62",
}
CONTEXT = Context("table", "works", RECEIVED, "Asia/Shanghai", OPTIONS)


def dropped(body: bytes, written: str = "Mon, 02 Mar 2026 08:00:00 GMT") -> RawRequest:
    return RawRequest("table", "works", body, RECEIVED, "text/csv", {LAST_MODIFIED: written} if written else {})


def test_a_file_is_a_request_for_each_of_its_documents_which_together_say_what_it_says() -> None:
    file = dropped(FILE)
    found = TABLE.cut(file, CONTEXT) if TABLE.cut else None
    assert found is not None
    assert (len(found.requests), found.mistakes) == (2, ())
    assert {(request.connector, request.account, request.content_type) for request in found.requests} == {
        ("table", "works", PART)
    }
    parts = [event for request in found.requests for event in TABLE.to_events(TABLE.read(request), CONTEXT).events]
    assert parts == list(TABLE.to_events(TABLE.read(file), CONTEXT).events)
    versions = {event.version for event in parts if isinstance(event, Order)}
    assert versions == {datetime(2026, 3, 2, 8, tzinfo=UTC)}


def test_the_same_file_is_the_same_requests_whenever_it_is_read() -> None:
    assert TABLE.cut is not None
    ids = [request.id for request in TABLE.cut(dropped(FILE), CONTEXT).requests]
    assert [request.id for request in TABLE.cut(dropped(FILE), CONTEXT).requests] == ids


def test_of_a_file_in_which_something_is_wrong_nothing_is_left() -> None:
    assert TABLE.cut is not None
    found = TABLE.cut(dropped(FILE.replace(b"A,2", b"A,two")), CONTEXT)
    assert found.requests == ()
    assert found.mistakes == ("row 3, column `Qty`: found 'two'; expected a number such as 1234.5",)


def test_an_instant_of_writing_that_is_none_is_refused() -> None:
    with pytest.raises(Rejected, match="Last-Modified: found 'yesterday'"):
        TABLE.read(dropped(FILE, "yesterday"))
