"""`quayside ledger`: what an operator is told of what was sent, with no broker and no role running."""

import asyncio
import sys
from pathlib import Path

import pytest

from desk import cli
from streams.store.database import open_database
from streams.store.migrate import migrate
from tests.streams.store.test_overview import fill

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


@pytest.mark.usefixtures("filled")
def test_what_fails_is_listed_with_its_next_try(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "list", "--failing") == 0
    _, line = capsys.readouterr().out.splitlines()
    for part in ("desk", "SO-1", "late", "open", "17", "2026-03-02 08:02:00 UTC", "timeout"):
        assert part in line
    assert run(monkeypatch, "list", "--state", "dead", "--state", "closed") == 0
    assert "SO-2" in capsys.readouterr().out
    assert run(monkeypatch, "list", "--state", "closed") == 0
    assert capsys.readouterr().out == "There is no such task.\n"


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
