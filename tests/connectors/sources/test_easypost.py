"""EasyPost: the suite of every source, and what is its own."""

import pytest

from connectors.sources.easypost import EASYPOST
from contracts.connector import Mapped
from contracts.errors import Rejected
from contracts.signature import Sent
from contracts.tracking import TrackingStatus
from tests.connectors.conformance.samples import scans
from tests.connectors.source_conformance import SourceConformance


class TestEasyPost(SourceConformance):
    source = EASYPOST


def mapped(status: str, detail: str) -> Mapped:
    suite = TestEasyPost()
    return suite.map(suite.declared.payload(code=f"{status}/{detail}", time="2026-03-02T09:05:40Z"))


def test_the_signature_is_the_hmac_under_the_secret_in_normal_form() -> None:
    # printf '{}' | openssl dgst -sha256 -hmac "$(printf 'se\314\201cret')": NFKD takes the é of the secret apart
    signature = "hmac-sha256-hex=2b77ab9f4435a56a39713f2fa735e3ece5b5ec64f109503233e17033efc7f486"
    EASYPOST.verify(TestEasyPost().request(Sent(b"{}", {"x-hmac-signature": signature})), ("s\u00e9cret",))


def test_a_signature_without_its_prefix_is_none() -> None:
    suite = TestEasyPost()
    sent = suite.sent(b"{}")
    bare = sent.headers["x-hmac-signature"].removeprefix("hmac-sha256-hex=")
    with pytest.raises(Rejected):
        EASYPOST.verify(suite.request(sent._replace(headers={"x-hmac-signature": bare})), suite.live)


@pytest.mark.parametrize("detail", ["held", "in_transit", "arrived_at_facility", "refused"])
def test_a_status_that_says_where_the_parcel_is_counts_before_its_detail(detail: str) -> None:
    assert [scan.status for scan in scans(mapped("delivered", detail))] == [TrackingStatus.DELIVERED]
    assert [scan.status for scan in scans(mapped("return_to_sender", detail))] == [TrackingStatus.RETURNING]
    assert [scan.status for scan in scans(mapped("available_for_pickup", detail))] == [
        TrackingStatus.AVAILABLE_FOR_PICKUP
    ]


def test_an_event_about_something_else_says_nothing_of_a_parcel() -> None:
    assert TestEasyPost().map(b'{"description": "batch.updated", "result": {"object": "Batch"}}') == Mapped()
