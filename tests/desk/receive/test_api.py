"""What the ticket desk takes and refuses, as Standard Webhooks 1.0 and its own page say."""

import base64
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from contracts.errors import Rejected
from desk.receive.desk import Desk
from desk.receive.journal import Journal
from desk.receive.serving import application
from tests.desk.receive.visiting import Visit

SECRET = "whsec_" + base64.b64encode(b"the secret of this very test").decode()
NEW = {"key": "k1", "fields": {"title": "延误"}}


@pytest.fixture
def desk() -> Desk:
    return Desk(Journal(None), lambda: datetime.now(UTC))


@pytest.fixture
def signed(desk: Desk) -> Visit:
    return Visit(application(desk, SECRET))


@pytest.fixture
def unsigned(desk: Desk) -> Visit:
    return Visit(application(desk, None))


def signature(body: str, message: str = "k1-1", at: datetime | None = None, secret: str = SECRET) -> dict[str, str]:
    at = at or datetime.now(UTC)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, at, body),
    }


def post(client: Visit, body: object, **headers: str) -> httpx.Response:
    return client.post("/records", content=json.dumps(body), headers=headers)


def test_what_is_signed_is_taken_once(signed: Visit, desk: Desk) -> None:
    body = json.dumps(NEW)
    first = signed.post("/records", content=body, headers=signature(body))
    again = signed.post("/records", content=body, headers=signature(body))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "received": 2}
    assert len(desk.tasks) == 1


BODY = json.dumps(NEW)
OTHER = "whsec_" + base64.b64encode(b"another secret, of somebody").decode()
# Reckoned when tests are collected, which may be a quarter of an hour before they run.
LONG_AGO, SOON = datetime.now(UTC) - timedelta(hours=6), datetime.now(UTC) + timedelta(hours=6)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(BODY, {}, id="not signed"),
        pytest.param(BODY, signature(BODY, secret=OTHER), id="another secret"),
        pytest.param(BODY.replace("k1", "k2"), signature(BODY), id="another body"),
        pytest.param(BODY, {**signature(BODY), "webhook-id": "k9"}, id="another key"),
        pytest.param(BODY, {**signature(BODY), "webhook-timestamp": "1"}, id="another time"),
        pytest.param(BODY, signature(BODY, at=LONG_AGO), id="too old"),
        pytest.param(BODY, signature(BODY, at=SOON), id="too new"),
        pytest.param(BODY, {**signature(BODY), "webhook-signature": "v1"}, id="no signature"),
        pytest.param(BODY, {**signature(BODY), "webhook-signature": "v1,§"}, id="not base64"),
        pytest.param(BODY, {**signature(BODY), "webhook-signature": "v2,AAAA v1,AAAA"}, id="other schemes"),
    ],
)
def test_what_is_not_rightly_signed_is_refused(signed: Visit, desk: Desk, body: str, headers: dict[str, str]) -> None:
    sent = {name: value.encode() for name, value in headers.items()}
    refused = signed.post("/records", content=body, headers=sent)
    assert (refused.status_code, refused.json()["code"]) == (401, "unsigned")
    assert desk.tasks == {}


def test_a_signature_for_one_record_does_not_close_another(signed: Visit, desk: Desk) -> None:
    """The signature covers the body, not the path."""
    for number in (1, 2):
        desk.create(f"k{number}", f"k{number}-1", {})
    body = json.dumps({"record": 1, "comment": "done"})
    refused = signed.post("/records/2/close", content=body, headers=signature(body))
    assert refused.status_code == 422
    assert desk.task(2).is_open


def test_without_a_secret_nothing_need_be_signed(unsigned: Visit) -> None:
    assert post(unsigned, NEW, **{"webhook-id": "k1-1"}).status_code == 201
    assert "not verified" in unsigned.get("/").text


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_!", "pa$$word", "whsec_c2hvcnQ=", SECRET.removeprefix("whsec_"), SECRET + "!"]
)
def test_a_secret_that_is_none_is_refused(desk: Desk, secret: str) -> None:
    with pytest.raises(Rejected, match="whsec_"):
        application(desk, secret)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (NEW, {}, 428),
        ({"key": "", "fields": {}}, {"webhook-id": "k"}, 422),
        ({"key": "k"}, {"webhook-id": "k"}, 422),
        ({"key": "k", "fields": {"a": 1}}, {"webhook-id": "k"}, 422),
        ([], {"webhook-id": "k"}, 422),
        ({"key": "k", "fields": {"a": "x" * 300_000}}, {"webhook-id": "k"}, 413),
    ],
)
def test_what_is_no_task_is_refused(
    unsigned: Visit, desk: Desk, body: object, headers: dict[str, str], status: int
) -> None:
    refused = post(unsigned, body, **headers)
    assert refused.status_code == status
    assert refused.json()["message"]
    assert desk.tasks == {}


def test_a_change_names_the_version_that_it_changes(unsigned: Visit) -> None:
    created = post(unsigned, NEW, **{"webhook-id": "k1-1"}).json()
    body = {"record": 1, "fields": {"title": "later"}}
    for headers, status in (({}, 428), ({"If-Match": "*"}, 428), ({"If-Match": '"7"'}, 412)):
        assert unsigned.patch("/records/1", json=body, headers=headers).status_code == status
    changed = unsigned.patch("/records/1", json=body, headers={"If-Match": f'"{created["version"]}"'})
    assert (changed.status_code, changed.json()["fields"]) == (200, {"title": "later"})
    assert changed.json() == unsigned.get("/records/1").json()


def test_what_is_not_there_is_not_found(unsigned: Visit) -> None:
    assert unsigned.get("/records/7").status_code == 404
    assert unsigned.post("/records/7/close", json={"record": 7}).status_code == 404
    assert unsigned.get("/records", params={"changed_since": "yesterday"}).status_code == 400
