"""AfterShip: the suite of every source, and what is its own."""

import pytest

from connectors.sources.aftership import AFTERSHIP
from contracts.errors import Rejected
from contracts.settings import SourceAccount
from contracts.signature import Sent
from contracts.tracking import Subscription
from tests.connectors.conformance.samples import reports
from tests.connectors.source_conformance import SourceConformance


class TestAfterShip(SourceConformance):
    source = AFTERSHIP


def test_the_signature_is_the_hmac_of_the_body_in_base64() -> None:
    # printf '{}' | openssl dgst -sha256 -hmac secret -binary | base64
    AFTERSHIP.verify(
        TestAfterShip().request(Sent(b"{}", {"aftership-hmac-sha256": "dzJZAsrKgS3CWXM6rNBGtzgXNyx3e42VtAJkdHRRbhM="})),
        ("secret",),
    )


def test_an_account_names_the_zone_of_the_times_that_carriers_tell_without_one() -> None:
    with pytest.raises(Rejected, match="names no `zone`"):
        AFTERSHIP.check(SourceAccount(name="shop", connector="aftership"))


@pytest.mark.parametrize(
    ("msg", "subscription"),
    [
        ('"active": true, "tag": "Delivered"', Subscription.ACTIVE),
        ('"active": false, "tag": "Delivered"', Subscription.COMPLETED),
        ('"active": false, "tag": "Expired"', Subscription.ABORTED),
    ],
)
def test_what_is_tracked_no_longer_is_done_or_given_up(msg: str, subscription: Subscription) -> None:
    body = f'{{"event": "tracking_update", "msg": {{"tracking_number": "1Z1", {msg}}}}}'
    (report,) = reports(TestAfterShip().map(body.encode()))
    assert report.subscription is subscription


def test_a_tracking_that_was_asked_for_has_its_last_change_for_a_version() -> None:
    body = b'{"event": "tracking_update", "msg": {"tracking_number": "1Z1", "updated_at": "2026-03-12T11:00:00+00:00"}}'
    (report,) = reports(TestAfterShip().map(body))
    assert report.sent_version == "2026-03-12T11:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"event": "tracking_created", "msg": {"tracking_number": "1Z1"}}', "$.event"),
        (b'{"event": "tracking_update", "msg": {"tracking_number": "-"}}', "$.msg.tracking_number"),
        (b'{"event": "tracking_update", "ts": 1e300, "msg": {"tracking_number": "1Z1"}}', "$.ts"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(body: bytes, path: str) -> None:
    with pytest.raises(Rejected) as told:
        TestAfterShip().map(body)
    assert told.value.path == path
