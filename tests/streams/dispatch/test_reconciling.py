"""All that a target has against all that should be there: found, told field by field, mended by the ordinary plan."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts import metrics
from contracts.connector import Record, Writing
from contracts.identity import Scope
from contracts.settings import Settings, TargetAccount
from contracts.snapshot import Task
from streams.dispatch.comparing import Field, What
from streams.dispatch.entry import State, idempotency_key
from streams.dispatch.intake import LaneKey, Taken, read_record
from streams.dispatch.lane import LaneRunner
from streams.dispatch.reconciling import Compared, Mended, Reconciler, reconciling
from streams.store.database import Database
from streams.store.ledger import LedgerStore
from streams.store.tables import LEDGER
from streams.store.wanted import WantedStore
from tests.streams.dispatch.fake_target import FakeTarget, connector
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.dispatch.samples import START, record, snapshot, task

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1")


def lane(order: str, scope: Scope = "order") -> LaneKey:
    return LaneKey("erp", scope, order)


class Shop:
    """Orders that want tasks at a target in memory, over the ledger in SQL."""

    def __init__(self, database: Database, account: TargetAccount = ACCOUNT) -> None:
        self.database, self.account, self.fake, self.through = database, account, FakeTarget(), 0
        self.wanted, self.ledger = WantedStore(database, "desk"), LedgerStore(database, "desk")

    async def want(self, *tasks: Task, order: str = "SO-1") -> None:
        self.through += 1
        told = read_record(record(snapshot(*tasks, order=order), self.through, offset=self.through))
        await self.wanted.take(Taken({told.key: told}), {}, [], START)
        await self.work()

    async def work(self) -> None:
        """Let dispatch do what is due."""
        lanes = self._runner()
        while due := await self.wanted.due(START, [0], [], 10):
            for key in due:
                await lanes.run(key, lambda: True)

    def _runner(self) -> LaneRunner:
        made = runner(MemoryStore(), self.fake, self.account, lambda: START)
        performer = replace(made.performer, ledger=self.ledger)
        return replace(made, wanted=self.wanted, entries=self.ledger, performer=performer)

    async def reconciled(self, *, mend: bool = False) -> tuple[Compared, Mended | None]:
        async with self._reconciler() as one:
            compared = await one.compare()
            return compared, await one.mend(compared.differences) if mend else None

    async def found(self) -> list[tuple[What, str]]:
        compared, _ = await self.reconciled()
        return [(one.what, one.record) for one in compared.differences]

    async def mended(self) -> list[tuple[What, str]]:
        """Mend, let dispatch work, and say what is then left."""
        _, mended = await self.reconciled(mend=True)
        assert mended is not None
        await self.work()
        return await self.found()

    def _reconciler(self) -> AbstractAsyncContextManager[Reconciler]:
        return reconciling(Settings(), self.account, connector(self.fake), self.database, lambda: START)


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


async def test_where_all_is_as_it_should_be_nothing_differs_and_nothing_is_written(shop: Shop) -> None:
    for order in ("SO-1", "SO-2", "SO-3"):
        await shop.want(task(), order=order)
    await shop.want(order="SO-3")
    before = list(shop.fake.calls)
    compared, _ = await shop.reconciled()
    assert (compared.differences, compared.orders, compared.busy) == ((), 2, 0)
    assert [name for name, _ in shop.fake.calls[len(before) :]] == ["changed_since"]


async def test_a_record_that_was_deleted_is_missing_and_follows_the_account_s_rule(database: Database) -> None:
    shop = Shop(database, ACCOUNT.model_copy(update={"when_deleted": "again"}))
    await shop.want(task())
    shop.fake.person_deletes("1")
    assert await shop.found() == [(What.MISSING, "1")]
    assert await shop.mended() == []
    assert [one.id for one in shop.fake.open_records()] == ["2"]


async def test_a_closing_that_nobody_noticed_becomes_what_any_closing_becomes(shop: Shop) -> None:
    await shop.want(task())
    shop.fake.person_closes("1")
    assert await shop.found() == [(What.CLOSED, "1")]
    assert await shop.mended() == []
    (entry,) = await shop.ledger.entries(lane("SO-1"))
    assert (entry.state, entry.closed_by) == (State.CLOSED, "Li Wei")


async def test_fields_that_somebody_changed_are_told_one_by_one_and_written_back(shop: Shop) -> None:
    await shop.want(task(title="late"))
    held = shop.fake.records["1"]
    shop.fake.records["1"] = replace(held, fields={**held.fields, "title": "mine"})
    compared, _ = await shop.reconciled()
    (one,) = compared.differences
    assert (one.what, one.lane, one.record, one.fields) == (
        What.DIFFERS,
        lane("SO-1"),
        "1",
        (Field("title", "late", "mine"),),
    )
    assert await shop.mended() == []
    assert shop.fake.records["1"].fields["title"] == "late"


async def test_what_a_list_leaves_out_is_read_before_it_is_called_different(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of many may tell fewer fields than a record, or leave a record out."""
    await shop.want(task())
    whole = shop.fake.records["1"]

    async def brief(_mark: str) -> AsyncIterator[Record]:
        yield replace(whole, fields={"title": "late"})

    monkeypatch.setattr(shop.fake, "changed_since", brief)
    assert await shop.found() == []


async def test_an_open_record_that_nobody_wants_is_closed(shop: Shop) -> None:
    await shop.want(task())
    await shop.want()
    shop.fake.records["1"] = replace(shop.fake.records["1"], is_open=True)
    await shop.want(task(title="x"), order="SO-2")
    (entry,) = await shop.ledger.entries(lane("SO-1"))
    await shop.ledger.save([replace(entry, state=State.OPEN)])
    assert await shop.found() == [(What.UNWANTED, "1")]
    assert await shop.mended() == []
    assert not shop.fake.records["1"].is_open


async def test_an_open_record_of_an_order_at_rest_is_found_though_the_ledger_has_nothing_of_it(shop: Shop) -> None:
    await shop.want(task())
    await shop.want()
    await _forget(shop.database)
    shop.fake.records["1"] = replace(shop.fake.records["1"], is_open=True)
    assert await shop.found() == [(What.UNWANTED, "1")]
    assert await shop.mended() == []
    assert not shop.fake.records["1"].is_open


async def test_an_open_record_of_an_order_that_nobody_knows_is_left_for_people(shop: Shop) -> None:
    await shop.want(task())
    task_of = shop.fake.records["1"].key.replace("SO-1", "SO-9")
    made = await shop.fake.create(Writing(task_of, idempotency_key("desk", task_of, 1), {}))
    _, mended = await shop.reconciled(mend=True)
    assert mended is not None
    assert (mended.marked, [(one.what, one.record) for one in mended.left]) == (0, [(What.UNWANTED, made.id)])


async def test_a_lost_ledger_is_rebuilt_by_look_up_and_nothing_is_made_twice(shop: Shop) -> None:
    await shop.want(task())
    (entry,) = await shop.ledger.entries(lane("SO-1"))
    await _forget(shop.database)
    assert (await shop.found())[0] == (What.LOST, "1")
    assert await shop.mended() == []
    (again,) = await shop.ledger.entries(lane("SO-1"))
    assert (again.state, again.remote_id, again.fields) == (State.OPEN, "1", entry.fields)
    assert len(shop.fake.records) == 1


async def test_what_is_neither_in_the_ledger_nor_there_is_missing_and_looked_for_before_it_is_made(shop: Shop) -> None:
    await shop.want(task())
    await _forget(shop.database)
    shop.fake.person_deletes("1")
    assert await shop.found() == [(What.MISSING, "")]
    assert await shop.mended() == []
    assert [name for name, _ in shop.fake.calls if name in {"look_up", "create"}] == ["create", "look_up", "create"]


async def test_a_second_open_record_of_the_same_episode_is_left_for_people(shop: Shop) -> None:
    """The ledger can name one of the two, and nobody knows on which of them people work."""
    await shop.want(task())
    twin = replace(shop.fake.records["1"], id="77")
    shop.fake.records["77"] = twin
    shop.fake.changes.append("77")
    assert await shop.mended() == [(What.DUPLICATE, "77")]


async def test_an_open_record_of_an_earlier_episode_is_a_duplicate_and_closed(shop: Shop) -> None:
    await shop.want(task())
    held = shop.fake.records["1"]
    made = await shop.fake.create(Writing(held.key, idempotency_key("desk", held.key, 0), held.fields))
    assert await shop.found() == [(What.DUPLICATE, made.id)]
    assert await shop.mended() == []
    assert [one.id for one in shop.fake.open_records()] == ["1"]


async def test_records_of_others_at_the_same_system_are_no_matter(shop: Shop) -> None:
    await shop.want(task())
    held = shop.fake.records["1"]
    await shop.fake.create(Writing(held.key, idempotency_key("crm", held.key, 1), held.fields))
    await shop.fake.create(Writing("by hand", "", {}))
    assert await shop.found() == []


async def test_an_order_with_work_under_way_is_left_out(shop: Shop) -> None:
    await shop.want(task())
    shop.fake.person_closes("1")
    await shop.wanted.wake([lane("SO-1")], START)
    compared, _ = await shop.reconciled()
    assert (compared.differences, compared.orders, compared.busy) == ((), 0, 1)


async def test_how_many_differ_is_shown_by_what_they_are(shop: Shop) -> None:
    for order in ("SO-1", "SO-2"):
        await shop.want(task(), order=order)
    shop.fake.person_closes("1")
    await shop.found()
    shown = {what: metrics.DIFFERENCES.labels("desk", what)._value.get() for what in What}
    assert shown == {what: float(what is What.CLOSED) for what in What}


async def test_of_several_processes_one_reconciles_when_it_is_due_and_none_on_the_first_day(shop: Shop) -> None:
    day = timedelta(days=1)
    claims = [
        await shop.ledger.claim_reconciling(START + after, day) for after in (0 * day, day / 2, day, day, 2 * day)
    ]
    assert claims == [False, False, True, False, True]


async def _forget(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(LEDGER.delete())
