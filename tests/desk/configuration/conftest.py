"""What the configuration's tests share: a file written for the test, and connectors that do not depend on the day."""

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from desk.configuration import Reading, meaning, read_settings

Read = Callable[[str], Reading]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No variable and no file of whoever runs the tests has a say."""
    for name in os.environ:
        if name.startswith("QUAYSIDE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    known = {"sources": ("kuaidi100",), "pollers": ("tryton",), "targets": ("request-tracker",)}
    monkeypatch.setattr(meaning, "CONNECTORS", {kind: dict.fromkeys(names) for kind, names in known.items()})
    return tmp_path


@pytest.fixture
def read(bare_environment: Path) -> Read:
    """Read the text of a configuration file called quayside.yaml."""

    def read_text(text: str) -> Reading:
        path = bare_environment / "quayside.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return read_settings(Path("quayside.yaml"))

    return read_text
