"""`quayside topics` makes what is missing, changes nothing that exists, and spells out what contradicts."""

import pytest
from rich.console import Console
from typer.testing import CliRunner

from connectors.kafka import TopicState
from contracts.errors import Rejected
from contracts.settings import KafkaSettings
from contracts.topics import TOPICS
from desk.broker import Broker
from desk.cli import app
from desk.topics import table

runner = CliRunner()


@pytest.fixture
def on_broker(broker: Broker, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Topics of this test alone; gives their prefix."""
    prefix = f"topics-{abs(hash(request.node.name))}"
    for name, value in {"BROKER": broker.bootstrap, "KAFKA__PREFIX": prefix, "CONFIG": ""}.items():
        monkeypatch.setenv(f"QUAYSIDE_{name}", value)
    monkeypatch.setenv("COLUMNS", "300")
    return prefix


def test_what_is_missing_is_shown_and_then_made_once(on_broker: str) -> None:
    before = runner.invoke(app, ["topics", "show"])
    assert (before.exit_code, before.stdout.count("missing")) == (0, len(TOPICS))
    made = runner.invoke(app, ["topics"])
    assert (made.exit_code, made.stdout.count("as declared")) == (0, len(TOPICS))
    again = runner.invoke(app, ["topics", "create"])
    assert again.stdout == made.stdout
    assert all(f"{on_broker}.{topic.name}" in made.stdout for topic in TOPICS)


def test_a_topic_that_contradicts_its_declaration_is_refused_with_the_difference(
    on_broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.invoke(app, ["topics"])
    monkeypatch.setenv("QUAYSIDE_KAFKA__PARTITIONS", "7")
    for action in ("create", "show"):
        refused = runner.invoke(app, ["topics", action])
        assert isinstance(refused.exception, Rejected), refused.output
        assert f"{on_broker}.inbound" in refused.exception.reason
        assert "4" in refused.exception.reason
        assert "7" in refused.exception.reason


def test_the_table_is_read_in_80_columns_with_each_topic_s_name_whole() -> None:
    """A name is copied from here into Kafka's own tools."""
    kafka = KafkaSettings()
    names = [kafka.topic(topic.name) for topic in TOPICS]
    differs = ("partitions: 4 declared, 7 on the broker",)
    states = [
        TopicState(topic, name, missing=False, partitions=7, differences=differs)
        for topic, name in zip(TOPICS, names, strict=True)
    ]
    console = Console(width=80)
    with console.capture() as captured:
        console.print(table(states, kafka))
    told = captured.get().splitlines()
    assert [line.split()[0] for line in told if line.startswith(kafka.prefix)] == names
    assert max(map(len, told)) <= 80


def test_without_a_broker_it_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_CONFIG", "")
    monkeypatch.delenv("QUAYSIDE_BROKER", raising=False)
    refused = runner.invoke(app, ["topics"])
    assert isinstance(refused.exception, Rejected)
    assert "QUAYSIDE_BROKER" in refused.exception.reason
