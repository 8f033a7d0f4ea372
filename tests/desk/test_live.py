"""`quayside check --live` asks every account's system what is missing there, and ends with 1 where anything is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.registry import POLLERS, TARGETS
from contracts.errors import Retryable
from contracts.settings import PollerAccount, SecretFrom, Settings, TargetAccount
from desk.cli import app
from desk.probing import probe_all

runner = CliRunner()

POLLED = "pollers: [{name: erp, connector: sample-file, url: 'file:readings.jsonl'}]\n"
TRACKED = """
sources: [{name: pushes, connector: kuaidi100, token: {env: TOKEN}}]
trackers:
- {name: express, connector: kuaidi100, url: 'http://127.0.0.1:1', source: pushes, secret: {env: TOKEN}, asks: false,
   callback: 'https://quayside.example/in/kuaidi100/pushes'}
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUAYSIDE_CONFIG", raising=False)


def test_where_nothing_is_missing_it_says_so_and_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "a token")
    Path("readings.jsonl").write_bytes(b"")
    Path("quayside.yaml").write_text(POLLED + TRACKED, encoding="utf-8")
    ended = runner.invoke(app, ["check", "--live"])
    assert ended.exit_code == 0, ended.output
    assert ended.stdout.splitlines() == [
        "poller erp (sample-file): nothing is missing",
        "tracker express (kuaidi100): cannot tell without writing",
    ]


def test_where_anything_is_missing_it_ends_with_1_and_asks_the_others_all_the_same() -> None:
    desk = "targets: [{name: desk, connector: ticket-desk, url: 'http://127.0.0.1:1'}]\n"
    Path("quayside.yaml").write_text(POLLED + desk, encoding="utf-8")
    ended = runner.invoke(app, ["check", "--live"])
    assert ended.exit_code == 1
    polled, asked = ended.stdout.splitlines()
    assert polled.startswith("poller erp (sample-file): readings.jsonl cannot be read")
    assert asked.startswith("target desk (ticket-desk): ticket-desk at http://127.0.0.1:1 cannot be reached")


def test_a_mistake_in_the_file_is_told_first_and_nobody_is_asked() -> None:
    Path("quayside.yaml").write_text("pollers: [{name: erp, connector: sample-file}]\n", encoding="utf-8")
    ended = runner.invoke(app, ["check", "--live"])
    assert (ended.exit_code, ended.stdout) == (2, "")


async def test_each_account_is_asked_with_its_own_secret_and_each_problem_is_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KEY", "the key")
    asked: list[tuple[str, str | None]] = []

    async def lacks(account: TargetAccount, secret: str | None) -> Sequence[str]:
        asked.append((account.name, secret))
        return ("there is no queue 'Deliveries'", "the field 'Due' cannot be written")

    async def away(account: PollerAccount, secret: str | None) -> Sequence[str]:
        asked.append((account.name, secret))
        raise Retryable("cannot be reached", code="unreachable")

    settings = Settings(
        pollers=(PollerAccount(name="erp", connector="p", url="http://erp"),),
        targets=(TargetAccount(name="desk", connector="t", url="http://desk", secret=SecretFrom(env="KEY")),),
    )
    probed = await probe_all(
        settings,
        pollers={"p": replace(POLLERS["tryton"], probe=away)},
        targets={"t": replace(TARGETS["ticket-desk"], probe=lacks)},
    )
    assert asked == [("erp", None), ("desk", "the key")]
    assert [line for one in probed for line in one.lines()] == [
        "poller erp (p): cannot be reached",
        "target desk (t): there is no queue 'Deliveries'",
        "target desk (t): the field 'Due' cannot be written",
    ]
