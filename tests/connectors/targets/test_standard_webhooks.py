"""Standard Webhooks as a target: the listener that comes with the product verifies what it is sent."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from threading import Thread
from typing import Any, ClassVar

import httpx
import pytest
import uvicorn

from connectors.targets.standard_webhooks import STANDARD_WEBHOOKS_TARGET
from contracts.connector import NoticeInContext, Writing
from contracts.errors import Rejected
from contracts.record_keys import status_key
from contracts.settings import Listen, SecretFrom, TargetAccount
from contracts.snapshot import Notice, Text, notice_key
from desk.receive.desk import Desk
from desk.receive.journal import Journal
from desk.receive.serving import application, bound
from tests.connectors.conformance.target_suite import Clause
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.one_way_conformance import Heard, OneWayConformance, Recipient
from tests.connectors.sample_tasks import BEGAN, late_task
from tests.connectors.target_conformance import Failure, System

SECRET = "whsec_" + base64.b64encode(b"the secret of this very test").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, of somebody").decode()
SPECIFICATION = "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"


class Listener:
    """`quayside receive` on a free port. url: where it takes messages."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client()

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._client.get(self.url).raise_for_status().json()["messages"]
        return found

    def inbox(self) -> Sequence[Heard]:
        return [Heard(json.dumps(message["data"], ensure_ascii=False), message["id"]) for message in self.messages()]

    def leave(self) -> None:
        self._client.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with bound(Listen()) as listening:
        app = application(Desk(Journal(None), lambda: datetime.now(UTC)), SECRET)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        serving = Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        running = Listener(f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks")
        yield running
        running.leave()
        server.should_exit = True
        serving.join()


@pytest.fixture(scope="module")
def system(listener: Listener) -> System:
    account = TargetAccount(
        name="hooks", connector="standard-webhooks", url=listener.url, secret=SecretFrom(env="UNREAD")
    )
    return System(account, SECRET, OTHER, Recipient(listener.inbox), patience=0.8)


class TestStandardWebhooks(OneWayConformance):
    target = STANDARD_WEBHOOKS_TARGET
    is_heard_once = True
    tells_all = True
    not_applicable: ClassVar[Mapping[Clause, str]] = {
        "answers": "any 2xx is a success, whatever stands in it (its specification, Delivery success and failure)",
        "orders": "what stands beside an order is a message, too, of which nothing can be looked up",
    }
    peculiar = frozenset({410})
    documented = (
        Failure(f"{SPECIFICATION}: 410 is a subscriber that wants no more", Answer(410), Rejected, "endpoint_gone"),
    )

    async def test_a_subscriber_is_told_what_happened_by_type(self, system: System, listener: Listener) -> None:
        writing = self.writing(system)
        context = late_task("SO-9")
        notice = Notice(
            key="delay/1", audience="C-17", since=BEGAN, texts={"en": Text(title="Your order is late", body="Sorry.")}
        )
        assert self.target.notice_fields
        told = NoticeInContext(notice_key("erp", "order", "SO-9", notice), "erp", "order", "SO-9", notice, context.view)
        async with self.open(system) as session:
            opened = await session.create(writing)
            updated = await session.update(opened, self.with_other_scan(writing))
            await session.close(updated, writing)
            status = await session.create(Writing(status_key("erp", "order", "SO-9"), "status-1", {"status": "x"}))
            await session.update(status, Writing(status_key("erp", "order", "SO-9"), "status-1", {"status": "y"}))
            await session.create(Writing(told.key, "notice-1", self.target.notice_fields(told, system.account)))
        new = listener.messages()[-6:]
        assert [message["type"] for message in new] == [
            "task.opened",
            "task.updated",
            "task.closed",
            "order.status_changed",
            "order.status_changed",
            "notice.issued",
        ]
        assert {message["data"]["record"] for message in new[:3]} == {writing.idempotency_key}
        assert new[0]["data"]["key"] == writing.key
        assert new[0]["data"]["fields"] == writing.fields
        assert new[-1]["data"]["fields"]["title"] == "Your order is late"
        assert all(datetime.fromisoformat(message["timestamp"]).tzinfo for message in new)

    @pytest.mark.parametrize("secrets", [f"{OTHER} {SECRET}", f"{SECRET}\n{OTHER}"])
    async def test_a_subscriber_may_change_its_secret_at_any_time(self, system: System, secrets: str) -> None:
        """Each of the account's secrets signs, so one that the subscriber knows is enough."""
        async with self.target.open(system.account, secrets) as session:
            assert (await session.create(self.writing(system))).is_open

    @pytest.mark.parametrize("secret", ["hunter2", "whsec_c2hvcnQ="])
    async def test_what_is_no_secret_of_the_specification_is_refused_and_not_shown(
        self, system: System, secret: str
    ) -> None:
        with pytest.raises(Rejected) as refused:
            async with self.target.open(system.account, secret):
                pass
        assert secret not in str(refused.value)

    def test_an_account_without_a_secret_is_refused(self, system: System) -> None:
        with pytest.raises(Rejected, match="secret"):
            self.target.check(system.account.model_copy(update={"secret": None}))

    async def test_nothing_is_added_to_the_address(self, system: System, proxy: Misbehaving) -> None:
        """A slash or a lost query would be another address."""
        proxy.next("POST", Answer(204), Answer(204))
        for path in ("/hook", "/hook?to=quay%20side"):
            async with self.open(system, url=proxy.url + path) as session:
                await session.create(self.writing(system))
        assert proxy.seen == [("POST", "/hook"), ("POST", "/hook?to=quay%20side")]
