"""`quayside dead-letters list` before a broker is asked: what it refuses, and what it says where nothing is shown."""

import sys
from pathlib import Path

import pytest

from desk import cli
from desk.dead_letters import none_such


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path, stage: str) -> str:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("QUAYSIDE_CONFIG", raising=False)
    monkeypatch.delenv("QUAYSIDE_BROKER", raising=False)
    monkeypatch.setenv("QUAYSIDE_STATE", str(folder))
    monkeypatch.setattr(sys, "argv", ["quayside", "dead-letters", "list", "--stage", stage])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_a_stage_that_buries_nothing_is_refused_with_those_that_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    there = "poll, normalise, documents, resolve, cases, deliver, lanes, dispatch, unknown"
    for stage in ("nosuch", "ingress", ""):
        told = refused(monkeypatch, capsys, tmp_path, stage)
        assert told == f"quayside: no stage is called {stage!r}; there are: {there}\n"


@pytest.mark.parametrize("stage", ["poll", "deliver", "dispatch", "unknown"])
def test_a_role_that_buries_what_it_cannot_take_is_asked_for_as_a_stage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, stage: str
) -> None:
    assert "no broker" in refused(monkeypatch, capsys, tmp_path, stage)


@pytest.mark.parametrize(
    ("stage", "code", "others", "sentence"),
    [
        (None, None, 0, "There are no dead letters."),
        ("deliver", None, 0, "There are no dead letters."),
        ("deliver", None, 1, "There are no dead letters of the stage deliver; there is 1 other."),
        (None, "bug", 2, "There are no dead letters with the code bug; there are 2 others."),
        ("poll", "bug", 2, "There are no dead letters of the stage poll with the code bug; there are 2 others."),
    ],
)
def test_what_a_filter_hides_is_told(stage: str | None, code: str | None, others: int, sentence: str) -> None:
    assert none_such(stage, code, others) == sentence
