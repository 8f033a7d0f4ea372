"""SAP Event Mesh: the suite of every source, and events in binary mode."""

from datetime import UTC, datetime

from connectors.sources.sap_event_mesh import SAP_EVENT_MESH
from contracts.connector import Context
from contracts.hint import Hint
from contracts.raw import RawRequest
from tests.connectors.source_conformance import SourceConformance

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class TestSapEventMesh(SourceConformance):
    source = SAP_EVENT_MESH


def test_an_event_in_binary_mode_says_the_same() -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-source": "/default/sap.s4.beh/P11CLNT100",
        "ce-type": "sap.s4.beh.salesorder.v1.SalesOrder.Deleted.v1",
    }
    raw = RawRequest("sap-event-mesh", "works", b'{"SalesOrder": "0000045017"}', NOW, "application/json", headers)
    told = SAP_EVENT_MESH.to_events(SAP_EVENT_MESH.read(raw), Context("sap-event-mesh", "works", NOW))
    assert told.events == (Hint(account="works", kind="order", remote="45017"),)
