"""`quayside ledger`: what an operator is told of what was sent, with no broker and no role running."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from desk import cli
from desk.ledger import table
from streams.dispatch.entry import State
from streams.store.database import open_database
from streams.store.migrate import migrate
from streams.store.overview import Line
from tests.streams.store.test_ledger import ENTRY
from tests.streams.store.test_overview import LATER, WELL, fill

CONFIGURATION = """\
state: {folder}
targets:
  - {{name: desk, connector: ticket-desk, url: "http://127.0.0.1:8490"}}
  - {{name: crm, connector: ticket-desk, url: "http://127.0.0.1:8490", mode: shadow}}
  - {{name: new, connector: ticket-desk, url: "http://127.0.0.1:8490"}}
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / "quayside.yaml"
    config.write_text(CONFIGURATION.format(folder=tmp_path / "state"), encoding="utf-8")
    monkeypatch.setenv("QUAYSIDE_CONFIG", str(config))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "state"


@pytest.fixture
def filled(state: Path) -> None:
    async def make() -> None:
        async with open_database(f"sqlite:///{state / 'quayside.sqlite'}") as database:
            await migrate(database)
            await fill(database)

    asyncio.run(make())


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["quayside", "ledger", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.usefixtures("filled")
def test_each_target_is_told_with_what_waits_and_what_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "status") == 0
    assert capsys.readouterr().out.splitlines() == [
        "crm (shadow)",
        "  tasks    none yet",
        "  shadow   1 that would have gone: quayside ledger list --target crm --shadow",
        "  waiting  1 order, the oldest since 2026-03-02 08:00:00 UTC",
        "desk (live)",
        "  tasks    1 dead, 1 open",
        "  waiting  1 order, the oldest since 2026-03-02 08:00:00 UTC",
        "  parked   1 order, until the next try",
        "  failing  1: quayside ledger list --target desk --failing",
        "new (live)",
        "  tasks    none yet",
    ]


def test_without_a_target_that_is_said(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def make() -> None:
        async with open_database(f"sqlite:///{state / 'quayside.sqlite'}") as database:
            await migrate(database)

    asyncio.run(make())
    (state.parent / "quayside.yaml").write_text(f"state: {state}\n", encoding="utf-8")
    assert run(monkeypatch, "status") == 0
    assert capsys.readouterr().out == "No target is configured, and the ledger knows of none.\n"


@pytest.mark.usefixtures("filled")
def test_what_fails_is_listed_with_its_next_try(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "list", "--failing") == 0
    _, line, trouble = capsys.readouterr().out.splitlines()
    assert line.split() == ["2026-03-02", "08:00", "open", "desk", "SO-1", "17", "late"]
    assert trouble.strip() == "timeout, again at 2026-03-02 08:02:00 UTC"
    assert run(monkeypatch, "list", "--state", "dead", "--state", "closed") == 0
    assert "SO-2" in capsys.readouterr().out
    assert run(monkeypatch, "list", "--state", "closed") == 0
    assert capsys.readouterr().out == "There is no such task.\n"


def in_80_columns(*lines: Line) -> list[str]:
    console = Console(width=80)
    with console.capture() as captured:
        console.print(table(lines))
    return [line.rstrip() for line in captured.get().splitlines()]


def test_the_list_is_read_in_80_columns() -> None:
    parcel = '["erp","order","SO-1","parcel:00340434292135100186","pickup_late"]'
    assert in_80_columns(Line(WELL, None), Line(replace(ENTRY, task=parcel), LATER)) == [
        "since (UTC)       state  target  order  record  task",
        "2026-03-02 08:00  open   desk    SO-1   17      late",
        "2026-03-02 08:00  open   desk    SO-1   17      pickup_late of",
        "                                                parcel:00340434292135100186",
        "                                                timeout, again at 2026-03-02",
        "                                                08:02:00 UTC",
    ]


def test_order_and_state_stay_whole_beside_the_longest_ids_and_accounts_are_told_where_there_are_several() -> None:
    record = "9d385017c611228701d22104cc95c371"
    long = replace(WELL, target="after-sales", subject="SO-2026-104877", remote_id=record, state=State.IN_FLIGHT)
    head, *told = in_80_columns(Line(long, None), Line(replace(long, account="plant"), None))
    assert head.split() == ["since", "(UTC)", "state", "target", "account", "order", "record", "task"]
    for line, account in ((told[0], "erp"), (told[5], "plant")):
        assert line.startswith("2026-03-02 08:00  in_flight  ")
        assert f"  {account} " in line
        assert "  SO-2026-104877  " in line
    place = head.index("record")
    assert "".join(line[place:].split()[0] for line in told) == record * 2
    assert max(map(len, told)) <= 80


@pytest.mark.usefixtures("filled")
def test_an_order_is_shown_in_full_and_what_a_shadow_would_have_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "show", "SO-1") == 0
    told = capsys.readouterr().out
    assert told.startswith("desk: late; order SO-1 of erp; open, record 17\n")
    assert "  failing  since 2026-03-02 08:00:00 UTC, 2 tries counted, the next at 2026-03-02 08:02:00 UTC" in told
    assert "  error    timeout: no answer" in told
    assert "    标题: 延迟" in told
    assert run(monkeypatch, "show", "SO-1", "--shadow") == 0
    assert capsys.readouterr().out.startswith("crm: late; order SO-1 of erp; open, shadow, never sent\n")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "SO-9"], "the ledger has no task of 'SO-9'"),
        (["list", "--target", "desc"], "no target is called 'desc'; there are: crm, desk, new"),
    ],
)
def test_a_mistake_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert run(monkeypatch, *arguments) == 2
    assert capsys.readouterr().err == f"quayside: {sentence}\n"


def test_asking_in_the_wrong_place_makes_no_empty_ledger(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "status") == 2
    assert "there is no ledger yet" in capsys.readouterr().err
    assert not state.exists()
