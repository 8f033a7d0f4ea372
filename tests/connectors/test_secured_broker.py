"""An existing cluster behind SASL and TLS serves every client of ours, and says clearly whom it does not let in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from connectors.kafka import show_topics
from contracts.errors import Fatal
from contracts.settings import KafkaSettings, SecretFrom
from contracts.topics import DOCUMENTS
from desk.broker import Broker
from tests.connectors.secured import PASSWORD, USER, secured_broker
from tests.faults.arena import Arena
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


async def test_a_wrong_password_is_told_as_one(secured: tuple[Broker, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "guessed")
    with pytest.raises(Fatal, match="does not let in quayside: wrong user name or password") as told:
        await show_topics(settings(*secured))
    assert "guessed" not in str(told.value)


async def test_a_broker_whose_certificate_is_not_trusted_is_told_as_one(secured: tuple[Broker, Path]) -> None:
    with pytest.raises(Fatal, match="certificate is not trusted"):
        await show_topics(settings(secured[0], None))
