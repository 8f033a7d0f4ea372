"""TrackingMore: the suite of every source, and what is its own."""

import pytest

from connectors.sources.trackingmore import TRACKINGMORE
from contracts.errors import Rejected
from contracts.settings import SourceAccount
from contracts.signature import Sent
from tests.connectors.source_conformance import SourceConformance


class TestTrackingMore(SourceConformance):
    source = TRACKINGMORE


def test_the_signature_is_that_of_the_vendor_s_example() -> None:
    """The secret, timestamp and signature are those of the page that the record names."""
    headers = {
        "timestamp": "1662371528",
        "signature": "a37084ab68ae16b77db1f8463f31be9fcc965e2515e03efecf8139bb1e511b06",
    }
    request = TestTrackingMore().request(Sent(b"{}", headers))
    with pytest.raises(Rejected) as found:
        TRACKINGMORE.verify(request, ("2e55b9a3-4dd1-4416-9897-c4bd1e3d738f",))
    assert found.value.code == "stale_signature", "the signature held, and is from 2022"


def test_an_account_names_the_zone_of_its_times() -> None:
    with pytest.raises(Rejected, match="zone"):
        TRACKINGMORE.check(SourceAccount(name="shop", connector="trackingmore"))
