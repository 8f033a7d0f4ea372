"""Each golden case is played by `quayside simulate`, and must give what was written down by hand."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from desk import cli

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/events.jsonl"))
_FINDING = re.compile(r"(?P<what>\S+ .+?)(?: since (?P<at>\S+))?")
_TASK = re.compile(r"(?P<what>\S+ .+? -> \w+)(?: by (?P<at>\S+))?")
Said = dict[str, set[tuple[str, str]]]
"""What holds, is asked and is said: each entry with its instant."""


def simulate(folder: Path, until: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["simulate", str(folder / "events.jsonl")]
    arguments += ["--until", until] if until else []
    arguments += ["--policy", str(folder / "policy.yaml")] if (folder / "policy.yaml").exists() else []
    monkeypatch.setattr(sys, "argv", ["quayside", *arguments])
    with pytest.raises(SystemExit):
        cli.main()


def said(line: dict[str, Any], *, notices: bool) -> Said:
    return {
        "holds": {(f"{found['kind']} {found['subject']}", moment(found["since"])) for found in line["findings"]},
        "asks": {
            (f"{task['kind']} {task['subject']} -> {task['role']}", moment(task["due_at"])) for task in line["wanted"]
        },
        "says": {(notice["key"], moment(notice["since"])) for notice in line["notices"] if notices},
    }


def changes(lines: list[dict[str, Any]], *, notices: bool) -> list[tuple[str, str, Said]]:
    """The changes of what holds, is asked and, where that is claimed, is said, each by instant and snapshot."""
    found: list[tuple[str, str, Said]] = []
    newest: dict[str, Said] = {}
    nothing: Said = {"holds": set(), "asks": set(), "says": set()}
    for line in lines:
        whose = f"{line['scope']} {line['subject']}"
        now = said(line, notices=notices)
        if now != newest.get(whose, nothing):
            found.append((moment(line["at"]), whose, now))
        newest[whose] = now
    return found


def moment(text: str) -> str:
    """Without superfluous zeros, so that instants can be written as people write them."""
    return re.sub(r"\.0+Z$", "Z", text)


def matches(written: list[str], told: set[tuple[str, str]], shape: re.Pattern[str]) -> bool:
    """Whether each written entry is told, and each told one written."""
    left = set(told)
    for text in written:
        parts = shape.fullmatch(text)
        assert parts, f"not an entry: {text!r}"
        hit = {entry for entry in left if entry[0] == parts["what"] and parts["at"] in {None, entry[1]}}
        if not hit:
            return False
        left -= {min(hit)}
    return not left


def part(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value.get(step)
        if value is None:
            return None
    return value


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_gives_what_was_written_down(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    assert expected["claim"]
    assert expected.keys() <= {"claim", "until", "changes", "final", "refused"}
    simulate(folder, expected.get("until"), monkeypatch)
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    written = sorted(expected["changes"], key=lambda one: (one["at"], one["whose"]))
    notices = any("says" in one for one in written)
    every = changes([line for line in lines if "final" not in line], notices=notices)
    told = sorted(every, key=lambda change: change[:2])
    assert [(at, whose) for at, whose, _ in told] == [(one["at"], one["whose"]) for one in written], told
    for (at, whose, now), one in zip(told, written, strict=True):
        for name, shape in (("holds", _FINDING), ("asks", _TASK), ("says", re.compile(r"(?P<what>.+)(?P<at>$)"))):
            entries = one.get(name, [])
            if name == "says":
                assert sorted(entries) == sorted(key for key, _ in now["says"]), f"{at} {whose}: {now['says']}"
            else:
                assert matches(entries, now[name], shape), f"{at} {whose} {name}: {now[name]}, not {entries}"
    finals = {
        f"{line['final']['scope']} {line['final']['subject']}": line["final"] for line in lines if "final" in line
    }
    for whose, claims in expected.get("final", {}).items():
        for path, value in claims.items():
            found = part(finals[whose], path)
            assert (moment(found) if isinstance(found, str) else found) == value, f"{whose} {path}"
    refusals = [line for line in err.splitlines() if ": refused: " in line]
    reasons = expected.get("refused", [])
    assert len(refusals) == len(reasons), err
    assert all(reason in line for reason, line in zip(reasons, refusals, strict=True)), err


def test_no_claim_waits_for_its_events() -> None:
    assert {path.parent for path in HERE.glob("*/expected.yaml")} == set(CASES)
