"""Kafka's jars are fetched once, and are what was reviewed, or nothing starts."""

from itertools import repeat
from pathlib import Path
from typing import NoReturn
from unittest.mock import DEFAULT, Mock

import pytest
import requests
from tenacity import wait_none

from contracts.errors import Fatal
from desk.broker import jars
from desk.broker.jars import Jar, fetch_jars, read_lock

SMALL = "org.slf4j:slf4j-simple:1.7.36"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Jar:
    """A lock of one small jar."""
    (jar,) = [jar for jar in read_lock() if jar.coordinate == SMALL]
    monkeypatch.setattr(jars, "read_lock", lambda: [jar])
    monkeypatch.setattr(jars._request.retry, "wait", wait_none())
    return jar


def refuse(*_arguments: object, **_options: object) -> NoReturn:
    message = "no route to host"
    raise requests.ConnectionError(message)


def test_the_lock_names_each_root_and_one_binding_of_slf4j() -> None:
    coordinates = {jar.coordinate for jar in read_lock()}
    assert set(jars.ROOTS) <= coordinates
    assert f"org.apache.kafka:kafka-clients:{jars.KAFKA_VERSION}" in coordinates
    assert not any("slf4j-impl" in coordinate or "slf4j-log4j" in coordinate for coordinate in coordinates)


def test_without_a_network_one_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Jar
) -> None:
    monkeypatch.setattr(requests, "request", refuse)
    with pytest.raises(Fatal, match=r"slf4j-simple-1\.7\.36\.jar .* could not be downloaded .* QUAYSIDE_BROKER"):
        fetch_jars(tmp_path)
    assert list(tmp_path.iterdir()) == [], f"nothing is left of {small.filename}"


@pytest.mark.broker
def test_progress_shows_while_it_is_fetched_and_what_is_there_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Jar, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch_jars(tmp_path) == [tmp_path / small.filename]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "downloading Apache Kafka" in shown.err
    assert f"{small.size / 1000:.1f}/{small.size / 1000:.1f} kB" in shown.err
    monkeypatch.setattr(requests, "request", refuse)
    assert fetch_jars(tmp_path) == [tmp_path / small.filename]
    assert capsys.readouterr().err == ""


@pytest.mark.broker
def test_a_download_that_fails_once_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Jar) -> None:
    request = Mock(
        side_effect=[requests.ConnectionError("no route to host"), *repeat(DEFAULT, 2)], wraps=requests.request
    )
    monkeypatch.setattr(requests, "request", request)
    assert fetch_jars(tmp_path) == [tmp_path / small.filename]


@pytest.mark.broker
def test_a_damaged_jar_is_fetched_again(tmp_path: Path, small: Jar) -> None:
    fetch_jars(tmp_path)
    (tmp_path / small.filename).write_bytes(b"\0" * small.size)
    fetch_jars(tmp_path)
    assert small.is_in(tmp_path)


@pytest.mark.broker
def test_a_jar_with_another_checksum_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Jar) -> None:
    other = Jar(small.coordinate, "0" * 64, small.size)
    monkeypatch.setattr(jars, "read_lock", lambda: [other])
    with pytest.raises(Fatal, match="was downloaded with SHA-256"):
        fetch_jars(tmp_path)
    assert not (tmp_path / small.filename).exists()


def test_the_cache_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert jars.cache_folder() == tmp_path / "quayside" / "kafka-4.1.0"
