"""Shippo: the suite of every source, and what is its own."""

from datetime import UTC, datetime

import pytest

from connectors.sources.shippo import SHIPPO
from contracts.connector import Mapped
from contracts.errors import Rejected
from contracts.signature import Sent
from contracts.tracking import TrackingStatus
from mappings.carriers.shippo_codes import CODES
from tests.connectors.conformance.samples import scans
from tests.connectors.source_conformance import SourceConformance


class TestShippo(SourceConformance):
    source = SHIPPO


def test_the_signature_is_the_hmac_of_the_instant_a_dot_and_the_body() -> None:
    # printf '1773100800.{}' | openssl dgst -sha256 -hmac secret
    signature = "t=1773100800,v1=a6176d5011c4d208dd3b960b8d42a2554b2cf5e9a20ead7b46f386db8563d853"
    at = datetime.fromtimestamp(1773100800, UTC)
    SHIPPO.verify(TestShippo().request(Sent(b"{}", {"shippo-auth-signature": signature}), at), ("secret",))


@pytest.mark.parametrize("code", [code for code in CODES if code.islower()])
def test_a_parcel_whose_status_is_returned_goes_back_whatever_its_detail_says(code: str) -> None:
    suite = TestShippo()
    payload = suite.declared.payload("detail", code=code, time="2026-03-02T09:05:40Z").replace(b"UNKNOWN", b"RETURNED")
    (scan,) = scans(suite.map(payload))
    assert scan.returning
    assert scan.status is not TrackingStatus.DELIVERED


def test_an_event_about_something_else_says_nothing_of_a_parcel() -> None:
    assert TestShippo().map(b'{"event": "transaction_created", "data": {}}') == Mapped()


def test_an_event_that_no_page_names_is_rejected() -> None:
    with pytest.raises(Rejected, match="expected track_updated") as told:
        TestShippo().map(b'{"event": "track_lost", "data": {}}')
    assert told.value.path == "$.event"
