"""Standard Webhooks: the suite of every source, what the official library signs, and what a sender is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from connectors.sources.standard_webhooks import STANDARD_WEBHOOKS
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.signature import Sent
from tests.connectors.conformance.suite import NOW
from tests.connectors.source_conformance import SourceConformance

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
OTHER = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="

ELSEWHERE = b"""{"type": "quayside.tracking.reported.v1", "timestamp": "2026-03-02T00:00:00Z",
 "data": {"account": "other", "number": "1", "coverage": "increment"}}"""


class TestStandardWebhooks(SourceConformance):
    source = STANDARD_WEBHOOKS


def sent(signature: str, seconds: str = str(int(NOW.timestamp())), message: str = "msg_1") -> RawRequest:
    headers = {"webhook-id": message, "webhook-timestamp": seconds, "webhook-signature": signature}
    return TestStandardWebhooks().request(Sent(b'{"a": "\xe5\xbf\xab"}', headers))


def by_library(secret: str, message: str = "msg_1") -> str:
    return Webhook(secret).sign(message, NOW, '{"a": "快"}')


def test_what_the_official_library_signs_is_taken_and_what_we_sign_the_library_takes() -> None:
    STANDARD_WEBHOOKS.verify(sent(by_library(SECRET)), (SECRET,))
    now = datetime.now(UTC)
    ours = STANDARD_WEBHOOKS.verify.sign(b"{}", SECRET, now)
    assert Webhook(SECRET).verify(ours.body, dict(ours.headers)) == {}


def test_of_several_signatures_one_must_be_a_live_secret_s() -> None:
    both = f"v1a,AAAA {by_library(OTHER)} {by_library(SECRET)}"
    STANDARD_WEBHOOKS.verify(sent(both), (SECRET,))
    with pytest.raises(Rejected):
        STANDARD_WEBHOOKS.verify(sent(f"v1a,AAAA {by_library(OTHER)}"), (SECRET,))


@pytest.mark.parametrize("seconds", ["", "soon", "-1", "1773100800.5", "99999999999"])
def test_an_instant_that_is_none_or_not_now_is_refused(seconds: str) -> None:
    with pytest.raises(Rejected) as told:
        STANDARD_WEBHOOKS.verify(sent(by_library(SECRET), seconds), (SECRET,))
    assert told.value.code in {"bad_signature", "stale_signature"}


def test_a_message_without_an_id_is_refused_whatever_signs_it() -> None:
    with pytest.raises(Rejected, match="no webhook-id came with this request"):
        STANDARD_WEBHOOKS.verify(sent(by_library(SECRET, ""), message=""), (SECRET,))


def test_a_secret_in_another_form_is_told_as_such_and_not_shown() -> None:
    with pytest.raises(Rejected) as told:
        STANDARD_WEBHOOKS.verify(sent(by_library(SECRET)), ("hunter2hunter2",))
    assert told.value.code == "bad_secret"
    assert "hunter2" not in told.value.reason


@pytest.mark.parametrize(
    ("message", "status", "path"),
    [
        (b"{", 400, "$"),
        (b"[]", 422, "$"),
        (b'{"timestamp": "2026-03-02T00:00:00Z", "data": {}}', 422, "$.type"),
        (b'{"type": "quayside.snapshot.v1", "timestamp": "2026-03-02T00:00:00Z", "data": {}}', 422, "$.type"),
        (b'{"type": "quayside.order.changed.v1", "timestamp": "today", "data": {}}', 422, "$.timestamp"),
        (b'{"type": "quayside.order.changed.v1", "timestamp": "2026-03-02T00:00:00Z", "data": []}', 422, "$.data"),
        (ELSEWHERE, 422, "$.data.account"),
        (b'{"specversion": "0.3"}', 422, "$.specversion"),
    ],
)
def test_a_mistake_is_told_at_once_with_its_place(message: bytes, status: int, path: str) -> None:
    assert STANDARD_WEBHOOKS.objection is not None
    reply = STANDARD_WEBHOOKS.objection(TestStandardWebhooks().request(Sent(message)))
    assert reply is not None
    assert (reply.status, json.loads(reply.body)["path"]) == (status, path)


def test_a_message_that_is_right_is_objected_to_by_nobody() -> None:
    suite = TestStandardWebhooks()
    assert STANDARD_WEBHOOKS.objection is not None
    for payload in suite.payloads.values():
        assert STANDARD_WEBHOOKS.objection(suite.request(suite.sent(payload, at=NOW - timedelta(seconds=1)))) is None
