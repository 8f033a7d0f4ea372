"""`quayside map` and `quayside connectors list`: what a payload says, and what can be connected."""

import json
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from connectors.registry import POLLERS, SOURCES, TARGETS
from desk import cli

TRYTON = Path(__file__).parents[1] / "mappings" / "erp" / "tryton"
PUSH = {
    "status": "polling",
    "lastResult": {
        "nu": "YT 260-1",
        "com": "yuantong",
        "state": "0",
        "data": [
            {"ftime": "2026-03-02 18:21:07", "context": "已发出", "statusCode": "1002"},
            {"ftime": "2026-03-02 09:05:40", "context": "已揽收", "statusCode": "103"},
        ],
    },
}


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["quayside", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def pushed(folder: Path, payload: object) -> str:
    file = folder / "push.form"
    file.write_text(urlencode({"param": json.dumps(payload)}), encoding="utf-8")
    return str(file)


def test_a_payload_is_shown_as_the_canonical_events_that_simulate_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ("map", "kuaidi100", pushed(tmp_path, PUSH), "--received-at", "2026-03-02T20:00:00+08:00")
    assert run(monkeypatch, *asked) == 0
    told = capsys.readouterr()
    [line] = [json.loads(line) for line in told.out.splitlines()]
    assert line["type"] == "quayside.tracking.reported.v1"
    assert line["received_at"] == "2026-03-02T12:00:00.000000Z"
    assert line["data"]["number"] == "YT 260-1"
    assert [scan["status"] for scan in line["data"]["scans"]] == ["picked_up", "in_transit"]
    events = tmp_path / "events.jsonl"
    events.write_text(told.out, encoding="utf-8")
    assert run(monkeypatch, "simulate", str(events), "--final") == 0
    assert "YT2601" in capsys.readouterr().out


def test_an_unlisted_code_is_told_and_does_not_refuse(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    row = {"ftime": "2026-03-02 09:05:40", "context": "…", "statusCode": "9999"}
    payload = {"status": "polling", "lastResult": {"nu": "YT1", "com": "yuantong", "state": "", "data": [row]}}
    assert run(monkeypatch, "map", "kuaidi100", pushed(tmp_path, payload)) == 0
    told = capsys.readouterr()
    assert "'9999' is in no table of kuaidi100" in told.err
    assert '"unknown"' in told.out


def test_a_refused_payload_is_one_sentence_with_its_path_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "map", "kuaidi100", pushed(tmp_path, {"status": "polling"})) == 1
    told = capsys.readouterr()
    assert told.err.startswith("quayside: refused: $.lastResult:")
    assert told.out == ""


def test_a_unit_of_a_company_s_own_is_told_as_the_account_s_option_tells_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reading = (
        (TRYTON / "order_processing.json").read_text(encoding="utf-8").replace('"symbol": "u"', '"symbol": "crate"')
    )
    file = tmp_path / "reading.json"
    file.write_text(reading, encoding="utf-8")
    assert run(monkeypatch, "map", "tryton", str(file)) == 1
    assert "the account's option `unit.crate`" in capsys.readouterr().err
    assert (
        run(monkeypatch, "map", "tryton", str(file), "--option", "unit.crate=XCR", "--option", "delivery_days=2") == 0
    )
    assert '"unit": "XCR"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["map", "kuaidi100", "p", "--option", "colour=red"],
            "quayside: the option `colour` is unknown: kuaidi100 has none",
        ),
        (
            ["map", "nobody", "x"],
            f"quayside: no connector is called 'nobody'; there are: {', '.join(sorted({*SOURCES, *POLLERS}))}",
        ),
        (
            ["map", "kuaidi100", "x", "--received-at", "noon"],
            "quayside: --received-at: not an RFC 3339 instant: 'noon'",
        ),
        (
            ["map", "kuaidi100", "x", "--account", ""],
            "quayside: --account: found ''; expected lower case letters, digits and hyphens, at most 63, ",
        ),
        (
            ["map", "tryton", "x", "--account", "My ERP"],
            "quayside: --account: found 'My ERP'; expected lower case letters, digits and hyphens, at most 63, ",
        ),
        (
            ["map", "tryton", "x", "--zone", "Mars"],
            "quayside: --zone: found 'Mars'; expected a zone of the IANA database, such as Asia/Shanghai\n",
        ),
        (
            ["map", "kuaidi100", "x", "--zone", "Asia/Shanghia"],
            "quayside: --zone: found 'Asia/Shanghia'; expected a zone of the IANA database; did you mean 'Asia/Shangh",
        ),
        (["map", "tryton", "x", "--option", "box"], "quayside: --option: found 'box'; expected NAME=VALUE"),
        (["map", "kuaidi100", "/does/not/exist"], "quayside: /does/not/exist cannot be read"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert run(monkeypatch, *arguments) == 2
    told = capsys.readouterr()
    assert told.err.startswith(sentence)
    assert (told.err.count("\n"), told.out) == (1, "")


def test_every_connector_is_listed_with_the_pages_it_follows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(monkeypatch, "connectors", "list") == 0
    told = capsys.readouterr().out.splitlines()
    for kind, records in (("source", SOURCES), ("poller", POLLERS), ("target", TARGETS)):
        for record in records.values():
            assert [line for line in told if line.split()[:2] == [record.name, kind]]
            assert {line.strip() for line in told} >= set(record.documentation)
