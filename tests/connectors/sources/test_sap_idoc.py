"""SAP IDocs as a source: the suite of every source, and files cut into a request for each IDoc."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.sources.sap_idoc import DEEPEST, SAP_IDOC
from contracts.connector import Context
from contracts.errors import Rejected
from contracts.raw import RawRequest
from tests.connectors.source_conformance import SourceConformance


class TestSapIdoc(SourceConformance):
    source = SAP_IDOC


NOW = datetime(2026, 3, 12, tzinfo=UTC)
TWO = (Path(__file__).parents[2] / "mappings/erp/sap-idoc/two_deliveries.xml").read_bytes()
CONTEXT = Context("sap-idoc", "works", NOW, "Europe/Berlin")


def dropped(body: bytes) -> RawRequest:
    return RawRequest("sap-idoc", "works", body, NOW, "application/xml")


def test_a_file_is_a_request_for_each_of_its_idocs_which_together_say_what_it_says() -> None:
    assert SAP_IDOC.cut is not None
    found = SAP_IDOC.cut(dropped(TWO), CONTEXT)
    assert (len(found.requests), found.mistakes) == (2, ())
    parts = [event for part in found.requests for event in SAP_IDOC.to_events(SAP_IDOC.read(part), CONTEXT).events]
    assert parts == list(SAP_IDOC.to_events(SAP_IDOC.read(dropped(TWO)), CONTEXT).events)
    assert [part.id for part in SAP_IDOC.cut(dropped(TWO), CONTEXT).requests] == [part.id for part in found.requests]


def test_of_a_file_in_which_an_idoc_is_wrong_nothing_is_left_and_each_mistake_names_its_idoc() -> None:
    assert SAP_IDOC.cut is not None
    found = SAP_IDOC.cut(dropped(TWO.replace(b"40.000", b"forty").replace(b"SHPORD", b"INVOIC", 1)), CONTEXT)
    assert found.requests == ()
    assert [mistake[:40] for mistake in found.mistakes] == ["IDoc 0000000000731205: $.IDOC[0].E1EDL20"]


@pytest.mark.parametrize(
    "body",
    [
        b"<ORDERS05/>",
        b"<IDOC><A SEGMENT='1'/><A>text</A></IDOC>",
        b"<IDOC><A>text</A><A SEGMENT='1'/></IDOC>",
        b"<IDOC><A>1</A><A>2</A></IDOC>",
        b"<IDOC>" + b"<A>" * DEEPEST * 2 + b"<B/>" + b"</A>" * DEEPEST * 2 + b"</IDOC>",
        b"<!DOCTYPE x><IDOC/>",
    ],
)
def test_xml_that_is_no_file_of_idocs_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected):
        SAP_IDOC.read(dropped(body))
