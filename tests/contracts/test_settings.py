"""Settings: secrets stand elsewhere and are read late, by name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from contracts.errors import Rejected
from contracts.settings import KafkaSettings, RoleSettings, SecretFrom, Settings


def test_a_secret_is_read_from_where_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SALT", "opensesame")
    (tmp_path / "salt").write_text("from a file\n", encoding="utf-8")
    assert SecretFrom(env="SALT").read() == "opensesame"
    assert SecretFrom(file=tmp_path / "salt").read() == "from a file"


@pytest.mark.parametrize("content", ["", "\n", None])
def test_an_empty_secret_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None) -> None:
    monkeypatch.setenv("SALT", "")
    with pytest.raises(Rejected, match="environment variable SALT is not set"):
        SecretFrom(env="SALT").read()
    if content is not None:
        (tmp_path / "salt").write_text(content, encoding="utf-8")
    with pytest.raises(Rejected, match=r"the secret file .*salt (is empty|cannot be read: No such file)"):
        SecretFrom(file=tmp_path / "salt").read()


def test_a_topic_is_named_by_its_prefix() -> None:
    assert KafkaSettings(prefix="mill").topic("inbound") == "mill.inbound"


@pytest.mark.parametrize("bootstrap", ["kafka:9092", "10.0.0.1:9092,10.0.0.2:9092", "a:1, b:2", "[::1]:9092"])
def test_a_broker_is_named_by_hosts_and_ports(bootstrap: str) -> None:
    assert KafkaSettings(bootstrap=bootstrap).bootstrap == bootstrap


@pytest.mark.parametrize(
    "bootstrap", ["kafka", "kafka:port", "kafka:9092,", "", "http://kafka:9092", "::1:9092", ":9092"]
)
def test_what_names_no_broker_is_refused_before_anybody_connects(bootstrap: str) -> None:
    with pytest.raises(ValidationError, match="expected HOST:PORT"):
        KafkaSettings(bootstrap=bootstrap)


def test_every_role_listens_on_loopback_on_a_port_of_its_own_unless_told_otherwise() -> None:
    listens = [getattr(Settings().listen, role) for role in RoleSettings.model_fields]
    assert {listen.host for listen in listens} == {"127.0.0.1"}
    assert len({listen.port for listen in listens}) == len(listens)


def test_the_database_is_a_file_in_the_state_folder_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings(state=Path("here")).database_url() == "sqlite:///here/quayside.sqlite"
    monkeypatch.setenv("DATABASE", "postgresql://db/quayside")
    assert Settings(database_secret=SecretFrom(env="DATABASE")).database_url() == "postgresql://db/quayside"
