"""`quayside reconcile` against a ticket desk over HTTP: what differs is told and can be mended."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from typer.testing import CliRunner, Result

from connectors.targets.ticket_desk import TICKET_DESK
from contracts.settings import Listen, Settings, TargetAccount
from desk.cli import app
from desk.receive.desk import Desk
from desk.receive.journal import Journal
from desk.receive.serving import application, bound
from streams.dispatch.intake import Taken, read_record
from streams.dispatch.lane import LaneRunner
from streams.dispatch.performing import Performer
from streams.dispatch.reconciling import reconciling
from streams.dispatch.wishes import configuration_of
from streams.store.database import open_database
from streams.store.migrate import migrate
from tests.streams.dispatch.samples import record, snapshot, task

ORDERS = ("SO-1", "SO-2")
Run = Callable[..., Result]


def now() -> datetime:
    return datetime.now(UTC)


class Office:
    """A ticket desk, and the configuration of whoever writes to it."""

    def __init__(self, folder: Path, url: str, desk: Desk) -> None:
        self.desk, self.database = desk, f"sqlite:///{folder / 'state' / 'quayside.sqlite'}"
        self.account = TargetAccount(name="desk", connector="ticket-desk", url=url)
        self.config = folder / "quayside.yaml"
        told = f"state: {folder / 'state'}\ntargets: [{{name: desk, connector: ticket-desk, url: '{url}'}}]\n"
        self.config.write_text(told, encoding="utf-8")

    async def work(self) -> None:
        """Store what is wanted, where it is news, and let dispatch do what is due."""
        settings = Settings(targets=(self.account,))
        async with open_database(self.database) as database:
            await migrate(database)
            async with reconciling(settings, self.account, TICKET_DESK, database, now) as opened:
                told = [read_record(record(snapshot(task(), order=order))) for order in ORDERS]
                await opened.wanted.take(Taken({one.key: one for one in told}), {}, [], now())
                digest = configuration_of(self.account, None, {})
                performer = Performer(opened.endpoint, opened.ledger, self.account, digest, opened.clock, now, 60)
                lanes = LaneRunner(opened.wanted, opened.ledger, performer, TICKET_DESK, self.account, None, {}, now)
                for key in await opened.wanted.due(now(), [0], [], 10):
                    await lanes.run(key, lambda: True)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    desk = Desk(Journal(None), now)
    with bound(Listen()) as listening:
        server = uvicorn.Server(uvicorn.Config(application(desk, None), log_level="warning"))
        serving = Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        made = Office(tmp_path, f"http://127.0.0.1:{listening.getsockname()[1]}", desk)
        asyncio.run(made.work())
        yield made
        server.should_exit = True
        serving.join()


@pytest.fixture
def reconcile(office: Office) -> Run:
    return lambda *options: CliRunner().invoke(app, ["reconcile", "desk", "--config", str(office.config), *options])


def test_what_differs_is_told_field_by_field_and_mended_by_dispatch(office: Office, reconcile: Run) -> None:
    ended = reconcile()
    assert (ended.exit_code, ended.stdout) == (0, "desk: 2 orders compared, no differences\n")
    office.desk.change(1, 1, {"title": "mine"})
    office.desk.close(2, by="Mei", reason="called them")
    ended = reconcile("--json")
    assert ended.exit_code == 1
    differs, closed = (json.loads(line) for line in ended.stdout.splitlines())
    assert (differs["what"], differs["order"], differs["record"]) == ("differs", "SO-1", "1")
    assert differs["fields"] == {"title": {"wanted": "late", "there": "mine"}}
    assert (closed["what"], closed["order"], closed["can_be_mended"]) == ("closed", "SO-2", True)
    shown = reconcile().stdout
    assert "other fields than wanted" in shown
    assert shown.endswith("desk: 2 orders compared, 2 differences\n")
    ended = reconcile("--mend")
    assert ended.exit_code == 0
    assert ended.stdout.endswith("desk: 2 orders compared, 2 differences; 2 for dispatch to see to\n")
    assert office.desk.task(1).fields["title"] == "mine", "nothing is written past dispatch"
    ended = reconcile()
    assert ended.stdout == "desk: 0 orders compared, no differences; 2 left out: dispatch is at work on them\n"
    asyncio.run(office.work())
    assert office.desk.task(1).fields["title"] == "late"
    assert reconcile().exit_code == 0


def test_a_target_that_can_only_be_told_is_not_compared(office: Office) -> None:
    office.config.write_text(
        office.config.read_text().replace("ticket-desk", "wecom").replace("url:", "secret: {env: K}, url:")
    )
    ended = CliRunner().invoke(app, ["reconcile", "desk", "--config", str(office.config)])
    assert "desk can only be told" in str(ended.exception)


def test_an_unknown_target_and_a_shadow_are_one_sentence_each(office: Office) -> None:
    office.config.write_text(office.config.read_text().replace("ticket-desk,", "ticket-desk, mode: shadow,"))
    for name, told in (("dsk", "no target is called 'dsk'"), ("desk", "desk is a shadow")):
        ended = CliRunner().invoke(app, ["reconcile", name, "--config", str(office.config)])
        assert told in str(ended.exception)
