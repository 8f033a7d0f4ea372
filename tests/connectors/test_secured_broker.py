"""An existing cluster behind SASL and TLS serves every client of ours, and says clearly whom it does not let in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Literal

import pytest

from connectors.ingress.role import ingress
from connectors.kafka import create_topics, producer, show_topics
from connectors.polling.journal import recall
from connectors.sources.kuaidi100 import KUAIDI100
from contracts.errors import Fatal
from contracts.settings import (
    KafkaSettings,
    Listen,
    PollerAccount,
    RoleSettings,
    SecretFrom,
    Settings,
    SourceAccount,
    TargetAccount,
)
from contracts.topics import BODY_LIMIT, DOCUMENTS, INBOUND, SNAPSHOTS
from desk.broker import Broker
from streams.dead_letters.topic import open_topic
from streams.store.database import open_database
from streams.store.dead_letters import DeadLetterStore
from tests.connectors.ingress.test_with_broker import is_tick, post, ready
from tests.connectors.polling.test_with_broker import Erp, polling
from tests.connectors.secured import PASSWORD, USER, secured_broker
from tests.faults.arena import Arena
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.running import dispatching, read_all, until
from tests.streams.dispatch.samples import TopicRecord, record, snapshot, task
from tests.streams.engine.toys import headers_of

pytestmark = [pytest.mark.broker, pytest.mark.timeout(180)]

Mechanism = Literal["PLAIN", "SCRAM-SHA-512"]
VARIABLE = "TEST_KAFKA_PASSWORD"


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Path]]:
    with secured_broker(tmp_path_factory.mktemp("secured") / "broker") as running:
        yield running


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)


def settings(broker: Broker, certificate: Path | None, mechanism: Mechanism = "PLAIN") -> KafkaSettings:
    return KafkaSettings(
        bootstrap=broker.bootstrap,
        security_protocol="SASL_SSL",
        sasl_mechanism=mechanism,
        sasl_username=USER,
        sasl_password=SecretFrom(env=VARIABLE),
        ssl_cafile=certificate,
    )


@dataclass
class SecuredArena(Arena):
    """An arena whose every client is let in."""

    let_in_by: KafkaSettings | None = None

    @property
    def kafka(self) -> KafkaSettings:
        assert self.let_in_by is not None
        return self.let_in_by.model_copy(update={"prefix": self.prefix, "partitions": self.partitions})


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
async def test_topics_worker_and_recovery_work_by_sasl_over_tls(
    secured: tuple[Broker, Path], tmp_path: Path, mechanism: Mechanism
) -> None:
    broker, certificate = secured
    let_in_by = settings(broker, certificate, mechanism)
    async with SecuredArena(broker.bootstrap, tmp_path, partitions=1, let_in_by=let_in_by) as on:
        for number in (1, 2):
            worker = on.start("counter")
            await on.put(DOCUMENTS, b"key", b"x", headers_of(f"e{number}"))
            await on.settled(DOCUMENTS, among=[worker])
            await worker.stop()
            assert await on.latest() == {b"key": b"%d" % number}


async def test_every_other_role_works_by_sasl_over_tls(
    secured: tuple[Broker, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ingress stores, a poller has its turn and its marks, dispatch takes its lanes, and the dead letters are read."""
    monkeypatch.setenv("TEST_SALT", "a salt")
    erp, fake = Erp(tmp_path / "erp.jsonl"), FakeTarget()
    all_roles = deployment(settings(*secured, "SCRAM-SHA-512"), erp, tmp_path)
    await create_topics(all_roles.kafka)
    erp.write("SO1", "small")
    erp.write("SO2", "x" * BODY_LIMIT)
    pushed = KUAIDI100.verify.sign(b'{"status":"polling"}', "a salt", datetime.now(UTC)).body
    async with ingress(all_roles) as port, polling(all_roles), dispatching(all_roles, fake):
        await ready(port)
        assert (await post(port, pushed)).status_code == 200
        await tell(all_roles, record(snapshot(task())))
        await until(fake.open_records, "the task is open")
        await until(lambda: is_dead_lettered(all_roles), "what is too large is dead-lettered")
    stored = {found.value for found in await read_all(all_roles, INBOUND) if not is_tick(found)}
    assert pushed in stored
    assert any(b"small" in value for value in stored)
    remembered = await recall("erp", all_roles.kafka)
    assert remembered.progress.mark


async def is_dead_lettered(all_roles: Settings) -> bool:
    """Read the dead letters as the commands do."""
    async with open_database(all_roles.database_url()) as database, open_topic(all_roles.kafka) as topic:
        return await topic.project(DeadLetterStore(database, all_roles.kafka.epoch)) > 0


async def tell(all_roles: Settings, told: TopicRecord) -> None:
    async with producer(all_roles.kafka, "test") as writer:
        name = all_roles.kafka.topic(SNAPSHOTS.name)
        await writer.send_and_wait(name, told.value, key=told.key, headers=list(told.headers))


def deployment(let_in_by: KafkaSettings, erp: Erp, state: Path) -> Settings:
    """One account of each role, on topics of their own."""
    own = {"prefix": f"test-{token_hex(4)}", "partitions": 2, "session_timeout_seconds": 6.0}
    anywhere = Listen(port=0)
    return Settings(
        kafka=let_in_by.model_copy(update=own),
        state=state,
        listen=RoleSettings(ingress=anywhere, poll=anywhere, dispatch=anywhere),
        sources=(SourceAccount(name="shop", connector="kuaidi100", secrets=(SecretFrom(env="TEST_SALT"),)),),
        pollers=(PollerAccount(name="erp", connector="sample-file", url=f"file:{erp.path}", every_seconds=0.2),),
        targets=(TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", poll_seconds=0.2),),
    )


async def test_a_wrong_password_is_told_as_one(secured: tuple[Broker, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "guessed")
    with pytest.raises(Fatal, match="does not let in quayside: wrong user name or password") as told:
        await show_topics(settings(*secured))
    assert "guessed" not in str(told.value)


async def test_a_broker_whose_certificate_is_not_trusted_is_told_as_one(secured: tuple[Broker, Path]) -> None:
    with pytest.raises(Fatal, match="certificate is not trusted"):
        await show_topics(settings(secured[0], None))
