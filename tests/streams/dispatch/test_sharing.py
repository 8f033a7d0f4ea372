"""Several processes and several targets: lanes are never split, and nobody waits for another one's target."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from contracts import metrics
from contracts.connector import Record, Writing
from contracts.errors import Fatal, Retryable
from contracts.settings import Settings
from streams.dispatch import lanes
from streams.dispatch.entry import State
from streams.dispatch.role import run_dispatch
from streams.store.database import open_database
from streams.store.ledger import LedgerStore
from tests.streams.dispatch.conftest import Tell
from tests.streams.dispatch.fake_target import FakeTarget, connector
from tests.streams.dispatch.running import dispatching, until
from tests.streams.dispatch.samples import TopicRecord, record, snapshot, task

ORDERS = [f"SO-{number}" for number in range(30)]


@pytest.fixture
def on_postgres(settings: Settings, postgres: str) -> Settings:
    """The same, with the ledger in PostgreSQL."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = postgres.rpartition("/")[0] + f"/{name}"
    return settings.model_copy(update={"database": SecretStr(url)})


class OneAtATime(FakeTarget):
    """A slow target at which no two actions of one lane may ever overlap."""

    at_work: ClassVar[set[str]] = set()

    async def create(self, writing: Writing) -> Record:
        async with self._alone(writing.key):
            return await super().create(writing)

    async def update(self, record: Record, writing: Writing) -> Record:
        async with self._alone(writing.key):
            return await super().update(record, writing)

    @asynccontextmanager
    async def _alone(self, key: str) -> AsyncIterator[None]:
        assert key not in self.at_work, "two actions of one lane at once"
        self.at_work.add(key)
        await asyncio.sleep(0.01)
        yield
        self.at_work.remove(key)


def all_told(title: str, through: int) -> list[TopicRecord]:
    return [record(snapshot(task(title=title), order=order), through) for order in ORDERS]


def titles(fake: FakeTarget) -> set[str]:
    return {found.fields["title"] for found in fake.records.values()}


async def test_two_processes_share_the_lanes_and_one_takes_over_from_the_other(
    on_postgres: Settings, tell: Tell
) -> None:
    fake = OneAtATime()
    async with dispatching(on_postgres, fake):
        async with dispatching(on_postgres, fake):
            await tell(*all_told("first", 1))
            await until(lambda: len(fake.open_records()) == len(ORDERS), "all are open")
        await tell(*all_told("second", 2))
        await until(lambda: titles(fake) == {"second"}, "the other one goes on with all")
    assert len(fake.named("create")) == len(fake.named("update")) == len(ORDERS)
    async with open_database(on_postgres.database_url()) as database:
        assert await LedgerStore(database, "desk").count() == {State.OPEN: len(ORDERS)}


async def test_two_processes_together_call_no_faster_than_the_target_allows(on_postgres: Settings, tell: Tell) -> None:
    fake, called_at = FakeTarget(), list[float]()

    async def look_at_the_clock() -> None:
        called_at.append(asyncio.get_running_loop().time())

    fake.before = look_at_the_clock
    desk = on_postgres.targets[0].model_copy(update={"calls_per_second": 20, "poll_seconds": 60})
    paced = on_postgres.model_copy(update={"targets": (desk,)})
    async with dispatching(paced, fake), dispatching(paced, fake):
        await tell(*all_told("first", 1))
        await until(lambda: len(fake.open_records()) == len(ORDERS), "all are open")
    # A call may come a little late after its turn, and the next one in time.
    late = 0.3
    assert called_at[-1] - called_at[0] >= (len(called_at) - 1) / 20 - late


async def test_a_target_that_hangs_slows_no_other(settings: Settings, tell: Tell) -> None:
    live, hanging, let_go = FakeTarget(), FakeTarget(), asyncio.Event()

    async def hang() -> None:
        await let_go.wait()
        raise Retryable("no answer", code="timeout")

    hanging.before = hang
    desk = settings.targets[0]
    both = settings.model_copy(
        update={"targets": (desk, desk.model_copy(update={"name": "crm", "connector": "hanging"}))}
    )
    stop, ready = asyncio.Event(), asyncio.Event()
    targets = {"fake": connector(live), "hanging": connector(hanging)}
    role = asyncio.create_task(run_dispatch(both, None, stop, ready=ready, targets=targets))
    try:
        await until(ready.is_set, "both have caught up")
        await tell(*all_told("first", 1))
        await until(lambda: len(live.open_records()) == len(ORDERS), "the other target has all")
        await until(lambda: metrics.DISPATCH_LAG.labels("crm")._value.get() > 0, "the lag of the hanging one grows")
        assert 1 <= len(hanging.calls) <= desk.concurrency + 1
    finally:
        stop.set()
        let_go.set()
        await role


async def test_a_call_that_does_not_end_is_cut_when_the_process_stops_and_looked_up_by_the_next(
    settings: Settings, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "DRAIN_SECONDS", 0.2)
    fake = FakeTarget()

    async def hang() -> None:
        if fake.calls[-1][0] == "create":
            await asyncio.Event().wait()

    fake.after = hang
    await tell(record(snapshot(task()), 1))
    async with asyncio.timeout(30):
        async with dispatching(settings, fake):
            await until(fake.open_records, "the target took it, and does not answer")
    fake.after = FakeTarget().after
    async with dispatching(settings, fake):
        await tell(record(snapshot(task(title="behind"), order="SO-2"), 1))
        await until(lambda: len(fake.open_records()) == 2, "what came behind is open")
    assert len(fake.named("create")) == 2


async def test_a_failure_of_the_database_ends_the_process(settings: Settings, tell: Tell) -> None:
    stop, ready = asyncio.Event(), asyncio.Event()
    targets = {"fake": connector(FakeTarget())}
    role = asyncio.create_task(run_dispatch(settings, None, stop, ready=ready, targets=targets))
    await until(ready.is_set, "it has caught up")
    async with open_database(settings.database_url()) as database, database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE wanted")
    await tell(record(snapshot(task()), 1))
    with pytest.raises(Fatal, match="dispatch cannot go on"):
        await asyncio.wait_for(role, 30)
