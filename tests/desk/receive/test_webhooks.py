"""What `quayside receive` takes as a subscriber of Standard Webhooks, and shows."""

import base64
import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from desk.receive.desk import Desk
from desk.receive.journal import Journal
from desk.receive.serving import application
from desk.receive.webhooks import KEPT, Payload, Subscriber
from tests.desk.receive.visiting import Visit

SECRET = "whsec_" + base64.b64encode(b"the secret of this very test").decode()
BODY = json.dumps({"type": "task.opened", "timestamp": "2026-03-02T08:00:00Z", "data": {"fields": {"title": "延误"}}})


@pytest.fixture
def visit() -> Visit:
    return Visit(application(Desk(Journal(None), lambda: datetime.now(UTC)), SECRET))


def signature(message: str, body: str = BODY) -> dict[str, str]:
    at = datetime.now(UTC)
    signed = Webhook(SECRET).sign(message, at, body)
    return {"webhook-id": message, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signed}


def test_a_message_is_shown_once_however_often_it_comes(visit: Visit) -> None:
    for message in ("m-1", "m-2", "m-1"):
        assert visit.post("/webhooks", content=BODY, headers=signature(message)).status_code == 204
    shown = visit.get("/webhooks").json()["messages"]
    assert [(message["id"], message["received"]) for message in shown] == [("m-1", 2), ("m-2", 1)]
    assert shown[0]["data"] == {"fields": {"title": "延误"}}


def test_what_the_secret_did_not_sign_is_refused(visit: Visit) -> None:
    refused = visit.post("/webhooks", content=BODY, headers=signature("m-1", "{}"))
    assert (refused.status_code, visit.get("/webhooks").json()) == (401, {"messages": []})


def test_what_is_no_message_is_refused_with_its_place(visit: Visit) -> None:
    body = '{"type": "task.opened", "data": {}}'
    refused = visit.post("/webhooks", content=body, headers=signature("m-1", body))
    assert refused.status_code == 422
    assert "$.timestamp" in refused.json()["message"]


def test_a_message_without_an_id_is_refused() -> None:
    unsigned = Visit(application(Desk(Journal(None), lambda: datetime.now(UTC)), None))
    assert unsigned.post("/webhooks", content=BODY).status_code == 428


def test_no_more_than_the_newest_thousand_are_kept() -> None:
    subscriber = Subscriber()
    for number in range(KEPT + 1):
        subscriber.hear(str(number), Payload(type="t", timestamp="now", data={}))
    assert (len(subscriber.told), next(iter(subscriber.told))) == (KEPT, "1")
