"""`quayside dead-letters` on the real broker: what died is listed, shown, and tried again."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from aiokafka import AIOKafkaProducer

from connectors.polling.letter import dead_letter
from contracts.envelope import Origin
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.settings import Settings
from contracts.topics import BODY_LIMIT, DEAD_LETTERS, INBOUND
from desk.dead_letters import in_full
from streams.dead_letters.letter import read_letter
from streams.dispatch.entry import State
from streams.engine.writes import Dead
from streams.store.database import open_database
from streams.store.ledger import LedgerStore
from tests.streams.dispatch.conftest import Tell, settings, tell, writer
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.running import dispatching, read_all, until
from tests.streams.dispatch.samples import START, record, snapshot, task

__all__ = ["settings", "tell", "writer"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Run:
    """Run the command as a person would."""
    config = tmp_path / "quayside.yaml"
    kafka = settings.kafka.model_dump(mode="json", include={"bootstrap", "prefix", "partitions"})
    config.write_text(yaml.safe_dump({"state": str(settings.state), "kafka": kafka}))

    def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
        what = [sys.executable, "-m", "desk", "dead-letters", *arguments, "--config", str(config)]
        return subprocess.run(what, check=False, capture_output=True, text=True, timeout=60, env={"COLUMNS": "250"})

    return command


async def put_dead(settings: Settings, writer: AIOKafkaProducer, key: bytes | None, value: bytes) -> str:
    """Write a dead letter as the engine does; give its id."""
    place = Origin(settings.kafka.topic(INBOUND.name), 1, 41)
    error = Rejected("found 'ten'; a number is expected", code="invalid", path="$.lines[0].ordered")
    dead = Dead(place, key, value, [("ce_id", b"e-1"), ("ce_type", b"quayside.raw.v1")], error).written(
        "normalise", START
    )
    sent = await writer.send_and_wait(
        settings.kafka.topic(DEAD_LETTERS.name), dead.value, key=dead.key, headers=dead.headers
    )
    return f"{sent.partition}/{sent.offset}"


async def test_a_dead_letter_is_listed_and_shown_without_any_other_process(
    settings: Settings, writer: AIOKafkaProducer, run: Run
) -> None:
    assert run("list", "--stage", "deliver").stdout == "There are no dead letters.\n"
    letter = await put_dead(settings, writer, b"k", '{"客户":"甲"}'.encode())
    listed = run("list")
    assert listed.returncode == 0
    for part in (letter, "normalise", "invalid", f"{INBOUND.name}/1/41", "$.lines[0].ordered", "found 'ten'"):
        assert part in listed.stdout
    hidden = run("list", "--stage", "deliver", "--code", "invalid").stdout
    assert hidden == "There are no dead letters of the stage deliver with the code invalid; there is 1 other.\n"
    shown = run("show", letter).stdout
    assert "ce_id: e-1" in shown
    assert '"客户": "甲"' in shown


async def test_a_reading_that_was_too_large_is_told_so_and_not_replayed(
    settings: Settings, writer: AIOKafkaProducer, run: Run
) -> None:
    """What is kept of it may be its beginning alone, and would be too large again."""
    request = RawRequest("tryton", "erp", b"x" * (BODY_LIMIT + 1), START)
    key, value, headers = dead_letter(request, settings.kafka.topic(INBOUND.name), START, "")
    sent = await writer.send_and_wait(settings.kafka.topic(DEAD_LETTERS.name), value, key=key, headers=headers)
    letter = f"{sent.partition}/{sent.offset}"
    assert f"never stood in {settings.kafka.topic(INBOUND.name)}" in run("list").stdout
    done = run("replay", letter)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"the reading has {BODY_LIMIT + 1} bytes" in done.stderr
    assert await read_all(settings, INBOUND) == []


@pytest.mark.parametrize("key", [b"k", None])
async def test_a_replayed_record_goes_to_its_topic_as_it_was(
    settings: Settings, writer: AIOKafkaProducer, run: Run, key: bytes | None
) -> None:
    letter = await put_dead(settings, writer, key, b"raw")
    assert "sent to" in run("replay", letter).stdout
    (again,) = await read_all(settings, INBOUND)
    assert (again.key, again.value) == (key, b"raw")
    assert list(again.headers) == [("ce_id", b"e-1"), ("ce_type", b"quayside.raw.v1")]
    assert key is not None or again.partition == 1
    assert "no dead letters" in run("list").stdout
    assert letter in run("list", "--replayed").stdout


async def test_a_refused_task_is_given_back_to_the_running_dispatch(settings: Settings, tell: Tell, run: Run) -> None:
    fake = FakeTarget(refuses=lambda _: True)
    async with dispatching(settings, fake):
        await tell(record(snapshot(task()), 1))
        await until(lambda: _letters(settings), "the refusal is dead-lettered")
        fake.refuses = lambda _: False
        (letter,) = await read_all(settings, DEAD_LETTERS)
        letter_id = f"{letter.partition}/{letter.offset}"
        assert '"title": "late"' in run("show", letter_id).stdout
        assert "given back to dispatch" in run("replay", letter_id).stdout
        await until(fake.open_records, "the task is open")
    async with open_database(settings.database_url()) as database:
        assert await LedgerStore(database, "desk").count() == {State.OPEN: 1}
    again = run("replay", letter_id)
    assert again.returncode == 1
    assert "no longer given up" in again.stderr


async def _letters(settings: Settings) -> int:
    return len(await read_all(settings, DEAD_LETTERS))


async def test_one_that_cannot_be_replayed_is_told_and_the_others_are(
    settings: Settings, writer: AIOKafkaProducer, run: Run
) -> None:
    letter = await put_dead(settings, writer, b"k", b"raw")
    done = run("replay", "0/999", letter)
    assert done.returncode == 1
    assert "no dead letter 0/999" in done.stderr
    assert letter in done.stdout
    assert run("show", "nonsense").returncode == 2


def test_a_value_that_is_json_is_shown_as_such_and_another_one_as_it_is() -> None:
    letter = read_letter(replace(record(snapshot()), key=None))
    assert list(in_full(letter, [], b"\xff"))[-1] == "\\xff"
    assert json.loads(list(in_full(letter, [], b"[1]"))[-1]) == [1]
