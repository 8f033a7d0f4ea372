"""The environment stands above the file, by one plain rule, and its mistakes are told by their variable."""

from pathlib import Path

import pytest

from contracts.errors import Rejected
from desk.configuration import configured_file, load, read_settings
from tests.desk.configuration.conftest import Read


def test_a_variable_overrides_the_file_and_leaves_its_neighbours(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_KAFKA__PARTITIONS", "12")
    settings = read("kafka: {partitions: 2, prefix: mine}\n").settings
    assert settings is not None
    assert (settings.kafka.partitions, settings.kafka.prefix) == (12, "mine")


def test_quayside_broker_names_the_broker(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_BROKER", "kafka.example:9092")
    settings = read("kafka: {bootstrap: 'other:9092'}\n").settings
    assert settings is not None
    assert settings.kafka.bootstrap == "kafka.example:9092"


def test_sasl_can_be_set_by_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "BROKER": "kafka.example:9093",
        "KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA__SASL_MECHANISM": "SCRAM-SHA-512",
        "KAFKA__SASL_USERNAME": "quayside",
        "KAFKA__SASL_PASSWORD__ENV": "KAFKA_PASSWORD",
    }.items():
        monkeypatch.setenv(f"QUAYSIDE_{name}", value)
    monkeypatch.setenv("KAFKA_PASSWORD", "opensesame")
    kafka = load().kafka
    assert kafka.sasl_password is not None
    assert (kafka.sasl_mechanism, kafka.sasl_password.read()) == ("SCRAM-SHA-512", "opensesame")


def test_a_wrong_value_in_a_variable_is_told_by_the_variable(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_CLOCK__TICK_SECONDS", "soon")
    told = [str(mistake) for mistake in read("logs: json\n").mistakes]
    assert told == ["QUAYSIDE_CLOCK__TICK_SECONDS: clock.tick_seconds: found 'soon'; expected a number"]


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("QUAYSIDE_KAFAK__PREFIX", "QUAYSIDE_KAFAK__PREFIX: unknown section 'kafak'; did you mean 'kafka'?"),
        (
            "QUAYSIDE_KAFKA__PREFXI",
            "QUAYSIDE_KAFKA__PREFXI: kafka.prefxi: unknown name 'prefxi'; did you mean",
        ),
    ],
)
def test_a_variable_that_names_no_setting_is_not_ignored_in_silence(
    monkeypatch: pytest.MonkeyPatch, variable: str, told: str
) -> None:
    monkeypatch.setenv(variable, "x")
    assert [str(mistake)[: len(told)] for mistake in read_settings(None).mistakes] == [told]


def test_two_variables_that_name_different_brokers_are_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_BROKER", "one:9092")
    monkeypatch.setenv("QUAYSIDE_KAFKA__BOOTSTRAP", "two:9092")
    assert not read_settings(None).is_usable


def test_a_variable_that_holds_a_secret_is_not_taken_for_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_TRYTON_KEY", "opensesame")
    assert read_settings(None).mistakes == ()


def test_a_list_in_a_variable_is_json_or_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_SOURCES", "[{")
    assert [mistake.place for mistake in read_settings(None).mistakes] == ["QUAYSIDE_SOURCES"]
    monkeypatch.setenv("QUAYSIDE_SOURCES", '[{"name": "a", "connector": "kuaidi100"}]')
    assert [source.name for source in load().sources] == ["a"]


def test_the_file_is_the_given_one_then_that_of_the_environment_then_the_default() -> None:
    environ = {"QUAYSIDE_CONFIG": "theirs.yaml"}
    assert configured_file(Path("given.yaml"), environ) == Path("given.yaml")
    assert configured_file(None, environ) == Path("theirs.yaml")
    assert configured_file(None, {}) is None
    Path("quayside.yaml").touch()
    assert configured_file(None, {}) == Path("quayside.yaml")


def test_a_named_file_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(Rejected, match=r"nowhere\.yaml: cannot be read: No such file"):
        load(Path("nowhere.yaml"))


def test_no_setting_of_a_library_can_be_set_from_the_file(read: Read) -> None:
    assert "unknown name '_env_file'" in str(read("_env_file: secrets.env\n").mistakes[0])
