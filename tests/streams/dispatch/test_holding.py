"""A changed policy that brings many tasks at once lets a few go, and the others wait for somebody's word."""

import asyncio
from datetime import timedelta

import pytest

from contracts.settings import TargetAccount
from contracts.snapshot import Kind, Snapshot, Task
from streams.dispatch.entry import State
from streams.dispatch.holding import Holding, brought_by
from streams.dispatch.intake import read_record
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.dispatch.samples import START, record, snapshot, task

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", hold_above=2)


class Company:
    """Orders whose snapshots a target follows."""

    def __init__(self) -> None:
        self.store, self.fake, self.account = MemoryStore(), FakeTarget(), ACCOUNT
        self._through = 0

    async def tell(self, order: str, *tasks: Task, revision: int = 1) -> None:
        self._through += 1
        told: Snapshot = snapshot(*tasks, order=order).model_copy(update={"policy_revision": revision})
        self.store.take(read_record(record(told, self._through)), START)
        await self.go_on(order)

    async def go_on(self, *orders: str) -> None:
        for key in [key for key in self.store.lanes if key.subject in orders]:
            await asyncio.wait_for(runner(self.store, self.fake, self.account, lambda: START).run(key, lambda: True), 5)

    def states(self) -> list[State]:
        return [entry.state for entry in self.store.ledger.values()]


async def with_orders(number: int) -> Company:
    company = Company()
    for order in range(number):
        await company.tell(f"SO-{order}")
    return company


async def test_beyond_the_limit_new_tasks_of_a_new_revision_are_held_until_it_is_released() -> None:
    company = await with_orders(5)
    for order in range(5):
        await company.tell(f"SO-{order}", task(), revision=2)
    assert company.states() == [State.OPEN] * 2 + [State.HELD] * 3
    assert len(company.fake.records) == 2
    company.store.released = 2
    await company.go_on(*(f"SO-{order}" for order in range(5)))
    assert company.states() == [State.OPEN] * 5
    assert len(company.fake.named("create")) == 5


async def test_what_happens_later_under_that_revision_is_not_held() -> None:
    company = await with_orders(5)
    for order in range(4):
        await company.tell(f"SO-{order}", task(), revision=2)
    await company.tell("SO-4", revision=2)
    await company.tell("SO-4", task(), revision=2)
    await company.tell("SO-new", task(), revision=2)
    assert [entry.subject for entry in company.store.ledger.values() if entry.state is State.HELD] == ["SO-2", "SO-3"]


async def test_updates_and_closes_pass() -> None:
    company = await with_orders(3)
    await company.tell("SO-9", task())
    await company.tell("SO-8", task())
    for order in range(3):
        await company.tell(f"SO-{order}", task(), revision=2)
    await company.tell("SO-9", task(title="later"), revision=2)
    await company.tell("SO-8", revision=2)
    assert [len(company.fake.named(what)) for what in ("update", "close")] == [1, 1]


async def test_a_held_task_that_is_wanted_no_longer_is_settled_without_a_call() -> None:
    company = await with_orders(3)
    for order in range(3):
        await company.tell(f"SO-{order}", task(), revision=2)
    await company.tell("SO-2", revision=3)
    assert company.states()[-1] is State.CLOSED
    assert len(company.fake.records) == 2


async def test_a_held_task_stays_held_under_a_yet_newer_revision_until_its_own_is_released() -> None:
    company = await with_orders(3)
    for order in range(3):
        await company.tell(f"SO-{order}", task(), revision=2)
    await company.tell("SO-2", task(title="other words"), revision=3)
    assert company.states()[-1] is State.HELD
    company.store.released = 2
    await company.go_on("SO-2")
    assert company.fake.open_records()[-1].fields["title"] == "other words"


async def test_each_revision_may_bring_a_few() -> None:
    company = await with_orders(4)
    for order in range(4):
        await company.tell(f"SO-{order}", task(), revision=2)
    await company.tell("SO-0", task(), task(Kind.STALLED), revision=3)
    assert company.states().count(State.HELD) == 2
    assert len(company.fake.records) == 3


async def test_a_limit_of_nothing_holds_every_one_and_none_does_before_the_first_snapshot() -> None:
    company = await with_orders(1)
    company.account = ACCOUNT.model_copy(update={"hold_above": 0})
    await company.tell("SO-first", task(), revision=2)
    await company.tell("SO-0", task(), revision=2)
    assert company.states() == [State.OPEN, State.HELD]


async def test_a_shadow_shows_what_would_be_held() -> None:
    company = await with_orders(3)
    company.account = ACCOUNT.model_copy(update={"mode": "shadow"})
    for order in range(3):
        await company.tell(f"SO-{order}", task(), revision=2)
    assert company.states() == [State.OPEN, State.OPEN, State.HELD]
    assert company.fake.calls == []


async def test_a_held_task_that_began_before_the_target_went_live_is_recorded_and_not_pushed() -> None:
    company = await with_orders(3)
    for order in range(3):
        await company.tell(f"SO-{order}", task(), revision=2)
    company.account = ACCOUNT.model_copy(update={"live_from": START + timedelta(days=1)})
    company.store.released = 2
    await company.go_on("SO-2")
    assert company.states()[-1] is State.RECORDED


@pytest.mark.parametrize(
    ("revision", "before", "known_revision", "known", "brought"),
    [
        (2, {"a"}, 1, {}, {"b": 2}),
        (1, {"a"}, 1, {}, {}),
        (2, {"a"}, 0, {}, {}),
        (2, {"a", "b", "c"}, 2, {"b": 2, "c": 2}, {"b": 2}),
        (3, {"a", "b"}, 2, {"b": 2}, {"b": 2}),
        (1, {"a"}, 2, {}, {}),
    ],
)
def test_a_task_is_brought_by_the_revision_under_which_it_first_appears(
    revision: int, before: set[str], known_revision: int, known: dict[str, int], brought: dict[str, int]
) -> None:
    assert brought_by(revision, ["a", "b"], before, known_revision, known) == brought


def test_what_no_revision_brought_is_never_held() -> None:
    assert not Holding(above=0).holds(0)
    assert Holding(above=0).holds(1)
    assert not Holding(above=0, released=1).holds(1)
    assert not Holding(above=2, begun={1: 1}).holds(1)
    assert Holding(above=2, begun={1: 2}).holds(1)
