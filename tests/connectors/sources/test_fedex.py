"""FedEx: the suite of every source, and what is its own."""

import pytest

from connectors.sources.fedex import FEDEX
from contracts.errors import Rejected
from contracts.signature import Sent
from contracts.tracking import Tracking
from tests.connectors.source_conformance import SourceConformance

# printf '{"output":{}}' | openssl dgst -sha256 -hmac token -binary | base64, and -hex
BODY = b'{"output":{}}'
BASE64 = "iKaXJ8soMhLOS2dtwn6NTt+oBCjqWh5wJoJhuNsZZKY="
HEX = "88a69727cb283212ce4b676dc27e8d4edfa80428ea5a1e70268261b8db1964a6"


class TestFedex(SourceConformance):
    source = FEDEX


@pytest.mark.parametrize("signature", [BASE64, HEX, HEX.upper()])
def test_the_signature_is_the_hmac_of_the_body_in_base64_or_in_hexadecimal(signature: str) -> None:
    request = TestFedex().request(Sent(BODY, {"fdx-signature": signature}))
    FEDEX.verify(request, ("token",))
    with pytest.raises(Rejected):
        FEDEX.verify(request, ("another",))


def test_events_that_come_out_of_order_are_told_in_the_order_of_their_times() -> None:
    suite = TestFedex()
    (report,) = suite.map(suite.payloads["out_of_order"]).events
    assert isinstance(report, Tracking)
    assert [scan.raw_code for scan in report.scans] == ["PU", "DP", "AR", "OD"]


def test_what_gives_a_midnight_and_no_zone_gives_no_arrival_where_the_account_names_none() -> None:
    suite = TestFedex()
    without = suite.context()
    payload = suite.declared.payload("estimated", time="2026-03-05T00:00:00")
    (report,) = FEDEX.to_events(
        suite.read(payload), type(without)(without.connector, without.account, without.received_at)
    ).events
    assert isinstance(report, Tracking)
    assert report.eta is None
