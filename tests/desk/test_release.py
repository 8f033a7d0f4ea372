"""`quayside release`: what a changed policy brought all at once goes to a target when somebody says so."""

import asyncio
import sys
from pathlib import Path

import pytest

from desk import cli
from streams.store.database import open_database
from streams.store.migrate import migrate
from tests.streams.store import test_releasing

CONFIGURATION = """\
state: {folder}
targets:
  - {{name: desk, connector: ticket-desk, url: "http://127.0.0.1:8490"}}
"""


@pytest.fixture
def _held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "quayside.yaml"
    config.write_text(CONFIGURATION.format(folder=tmp_path / "state"), encoding="utf-8")
    monkeypatch.setenv("QUAYSIDE_CONFIG", str(config))

    async def make() -> None:
        async with open_database(f"sqlite:///{tmp_path / 'state' / 'quayside.sqlite'}") as database:
            await migrate(database)
            await test_releasing.fill(database)

    asyncio.run(make())


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["quayside", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.usefixtures("_held")
def test_the_ledger_says_what_is_held_and_how_to_release_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "ledger", "status") == 0
    told = capsys.readouterr().out.splitlines()
    assert "  held     1 that policy revision 2 brought: quayside release desk 2" in told
    assert run(monkeypatch, "release", "desk", "2") == 0
    expected = "1 task is released at desk; policy revision 2 and those before it hold nothing there any more\n"
    assert capsys.readouterr().out == expected


@pytest.mark.usefixtures("_held")
def test_an_unknown_target_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "release", "dsk", "2") == 2
    assert capsys.readouterr().err == "quayside: no target is called 'dsk'; there are: desk\n"
