"""What the configuration's tests share: a file written for the test, and connectors and a day that stay the same."""

import os
import sys
from collections.abc import Callable
from datetime import date
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
    monkeypatch.setattr(sys.modules["desk.configuration.load"], "_today", lambda: date(2026, 3, 2))
    return tmp_path


@pytest.fixture
def read(bare_environment: Path) -> Read:
    """Read the text of a configuration file called quayside.yaml."""

    def read_text(text: str) -> Reading:
        path = bare_environment / "quayside.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return read_settings(Path("quayside.yaml"))

    return read_text
