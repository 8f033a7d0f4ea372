"""`quayside dispatch --dry-run` and reconciling by schedule, on the real broker."""

import asyncio
import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from contracts.settings import Settings
from desk.cli import app
from streams.dispatch import role
from tests.streams.dispatch.conftest import Tell
from tests.streams.dispatch.fake_target import FakeTarget, connector
from tests.streams.dispatch.running import dispatching, until
from tests.streams.dispatch.samples import record, snapshot, task

pytestmark = pytest.mark.broker


def rehearse(settings: Settings, folder: Path, *options: str) -> Result:
    told = {"state": str(settings.state), "kafka": settings.kafka.model_dump(mode="json")}
    target = {"name": "desk", "connector": "ticket-desk", "url": "http://127.0.0.1:1"}
    (folder / "quayside.yaml").write_text(yaml.safe_dump({**told, "targets": [target]}), encoding="utf-8")
    return CliRunner().invoke(app, ["dispatch", "--dry-run", "--config", str(folder / "quayside.yaml"), *options])


def has_ledger(settings: Settings) -> bool:
    return (settings.state / "quayside.sqlite").exists()


async def test_before_a_target_is_ever_dispatched_to_all_that_would_go_is_shown_and_no_ledger_is_made(
    settings: Settings, tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeTarget()
    monkeypatch.setattr(role, "target_of", lambda *_: connector(fake))
    await tell(record(snapshot(task(title="overtaken")), 1), record(snapshot(task(title="late")), 2))
    ended = await asyncio.to_thread(rehearse, settings, tmp_path, "--json")
    assert ended.exit_code == 0, ended.output
    (line,) = (json.loads(line) for line in ended.stdout.splitlines())
    assert (line["would"], line["order"], line["fields"]["title"]) == (
        "create",
        "SO-1",
        {"there": "", "written": "late"},
    )
    ended = await asyncio.to_thread(rehearse, settings, tmp_path)
    assert ended.stdout.endswith("desk: 1 to create; nothing was written\n")
    assert (fake.records, has_ledger(settings)) == ({}, False)


async def test_beside_a_running_dispatch_only_what_is_left_to_do_is_shown(
    settings: Settings, tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeTarget()
    monkeypatch.setattr(role, "target_of", lambda *_: connector(fake))
    async with dispatching(settings, fake):
        await tell(record(snapshot(task()), 1))
        await until(fake.open_records, "the task is there")
    await tell(record(snapshot(task(title="stalled")), 2))
    ended = await asyncio.to_thread(rehearse, settings, tmp_path, "--json")
    (line,) = (json.loads(line) for line in ended.stdout.splitlines())
    assert (line["would"], line["record"]) == ("update", "1")
    assert line["fields"]["title"] == {"there": "late", "written": "stalled"}
    assert fake.records["1"].fields["title"] == "late"


async def test_all_is_compared_and_mended_by_schedule(settings: Settings, tell: Tell) -> None:
    """A deletion is told by no list of changes."""
    rules = {"when_deleted": "again", "reconcile_every_seconds": 0.3}
    desk = settings.targets[0].model_copy(update=rules)
    fake = FakeTarget()
    async with dispatching(settings.model_copy(update={"targets": (desk,)}), fake):
        await tell(record(snapshot(task()), 1))
        await until(fake.open_records, "the task is there")
        fake.person_deletes("1")
        await until(lambda: [one.id for one in fake.open_records()] == ["2"], "it is made again")
