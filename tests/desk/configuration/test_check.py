"""`quayside check` tells everything and ends with 2 where something is wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli import app

runner = CliRunner()


def test_a_mistake_ends_with_code_2_and_stands_on_standard_error() -> None:
    Path("quayside.yaml").write_text("kafka: {partitions: 0}\n", encoding="utf-8")
    ended = runner.invoke(app, ["check"])
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith("quayside.yaml:1: kafka.partitions: found 0;")


def test_a_warning_is_shown_and_passes() -> None:
    Path("mine.yaml").write_text("sources: [{name: a, connector: kuaidi100}]\n", encoding="utf-8")
    ended = runner.invoke(app, ["check", "mine.yaml"])
    assert (ended.exit_code, ended.stdout) == (0, "mine.yaml: nothing is wrong\n")
    assert "warning: sources[0]" in ended.stderr


def test_print_shows_what_takes_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_KAFKA__PREFIX", "mine")
    ended = runner.invoke(app, ["check", "--print"])
    assert ended.exit_code == 0
    assert "  prefix: mine\n" in ended.stdout
