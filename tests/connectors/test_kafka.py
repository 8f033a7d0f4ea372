"""How every client connects, and what topics must look like."""

import asyncio
import uuid
from pathlib import Path

import pytest

from connectors.kafka import client_settings, close, create_topics, producer, show_topics
from contracts.errors import Fatal, Rejected
from contracts.settings import KafkaSettings, SecretFrom
from contracts.topics import DOCUMENTS, MARKS, TOPICS, changelog
from desk.broker import Broker, running_broker

ON_ALL_REPLICAS = -1
"""The field `acks` of a Produce request (Apache Kafka, "Kafka Protocol Guide")."""


def settings(broker: Broker, partitions: int = 4) -> KafkaSettings:
    """Settings for topics that no other test sees."""
    prefix = f"topics-{uuid.uuid4().hex[:8]}"
    return KafkaSettings(bootstrap=broker.bootstrap, prefix=prefix, partitions=partitions)


def test_without_security_a_client_is_told_where_and_who() -> None:
    assert client_settings(KafkaSettings(bootstrap="kafka:9092"), "worker") == {
        "bootstrap_servers": "kafka:9092",
        "client_id": "quayside-worker",
        "security_protocol": "PLAINTEXT",
    }


def test_sasl_and_tls_reach_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_PASSWORD", "made-up")
    found = client_settings(
        KafkaSettings(
            bootstrap="kafka:9093",
            security_protocol="SASL_SSL",
            sasl_mechanism="SCRAM-SHA-512",
            sasl_username="quayside",
            sasl_password=SecretFrom(env="KAFKA_PASSWORD"),
        ),
        "worker",
    )
    assert found["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (found["sasl_plain_username"], found["sasl_plain_password"]) == ("quayside", "made-up")
    assert found["ssl_context"].check_hostname


def test_without_a_broker_or_its_certificate_nothing_is_tried() -> None:
    with pytest.raises(Rejected, match="no broker is configured"):
        client_settings(KafkaSettings(), "worker")
    missing = KafkaSettings(bootstrap="kafka:9093", security_protocol="SSL", ssl_cafile=Path("not-there.pem"))
    with pytest.raises(Rejected, match="certificates cannot be read"):
        client_settings(missing, "worker")


async def test_a_producer_s_writes_are_on_all_replicas_when_they_are_answered_once_and_compressed() -> None:
    """Retries of a producer that is not idempotent double what they write, and reorder it."""
    made = producer(KafkaSettings(bootstrap="127.0.0.1:1"), "test")
    assert await close(made)
    assert made._sender._acks == ON_ALL_REPLICAS
    assert made._txn_manager is not None
    assert made._compression_type == "zstd"


async def test_a_broker_that_is_away_is_one_clear_sentence() -> None:
    with pytest.raises(Fatal, match=r"the broker 127\.0\.0\.1:1 cannot be reached"):
        await show_topics(KafkaSettings(bootstrap="127.0.0.1:1"))


async def test_topics_are_created_once_as_declared(broker: Broker) -> None:
    kafka = settings(broker, partitions=3)
    assert all(state.missing for state in await show_topics(kafka))
    await create_topics(kafka)
    again = await create_topics(kafka)
    assert [state.topic for state in again] == list(TOPICS)
    assert not any(state.missing or state.differences for state in again)
    assert {state.partitions for state in again if state.topic is not MARKS} == {3}
    assert [state.partitions for state in again if state.topic is MARKS] == [1]


async def test_a_topic_that_contradicts_its_declaration_is_refused_with_the_difference_and_nothing_is_created(
    broker: Broker,
) -> None:
    kafka = settings(broker)
    await create_topics(kafka, [DOCUMENTS])
    other = kafka.model_copy(update={"partitions": 7})
    with pytest.raises(Rejected, match="documents: it has 4 partitions, declared are 7"):
        await create_topics(other, [DOCUMENTS, changelog("deliver")])
    assert [state.missing for state in await show_topics(kafka, [changelog("deliver")])] == [True]


async def test_a_changelog_that_is_not_compacted_is_refused(broker: Broker) -> None:
    kafka = settings(broker)
    plain = changelog("documents")
    deleting = type(plain)(plain.name, plain.key, plain.owner, ())
    await create_topics(kafka, [deleting])
    with pytest.raises(Rejected, match=r"its cleanup\.policy is delete, declared is compact"):
        await create_topics(kafka, [plain])


@pytest.mark.broker
async def test_a_producer_is_closed_though_its_transaction_cannot_be_told_to_a_broker_that_is_gone(
    tmp_path: Path,
) -> None:
    """The client repeats a transaction's requests for ever, and awaits them when it is closed."""
    with running_broker(tmp_path / "kafka") as own:
        kafka = settings(own)
        await create_topics(kafka)
        writing = producer(kafka, "test", transactional_id=f"{kafka.prefix}.test")
        await writing.start()
        await writing.begin_transaction()
        await asyncio.to_thread(own.kill)
        await writing.send(kafka.topic(MARKS.name), b"{}", b"key")
        others = asyncio.all_tasks()
        async with asyncio.timeout(30):
            assert not await close(writing, patience=0.5)
        sending = {task for task in others if "Sender." in repr(task.get_coro())}
        assert sending
        assert all(task.done() for task in sending)
