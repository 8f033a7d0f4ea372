"""What dispatch would do, field by field against what is there: the target is read, and nothing is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from contracts.clock import WallClock
from contracts.errors import Rejected
from contracts.settings import TargetAccount
from contracts.snapshot import Task
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import State
from streams.dispatch.holding import Holding
from streams.dispatch.intake import WantedState, read_record
from streams.dispatch.plan import Rules
from streams.dispatch.rehearsing import Rehearser, Step, Would
from streams.dispatch.wishes import rules_of
from tests.streams.dispatch.fake_target import FakeTarget, connector
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.dispatch.samples import START, record, snapshot, task

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1")
WRITES = {"create", "update", "close", "reopen"}


def now() -> datetime:
    return START


class Desk:
    """One order at a target in memory, and its rehearsal."""

    def __init__(self, account: TargetAccount = ACCOUNT) -> None:
        self.account, self.store, self.fake, self.through = account, MemoryStore(), FakeTarget(), 0
        self.brought: dict[str, int] = {}

    def told(self, *tasks: Task) -> WantedState:
        self.through += 1
        return read_record(record(snapshot(*tasks), self.through))

    async def want(self, *tasks: Task) -> None:
        state = self.told(*tasks)
        self.store.take(state, START)
        await runner(self.store, self.fake, self.account, now).run(state.key, lambda: True)

    async def would(self, *tasks: Task, change: Callable[[WantedState], WantedState] = lambda one: one) -> list[Step]:
        """Rehearse a newer snapshot; that nothing is written is claimed each time."""
        state, calls, ledger = change(self.told(*tasks)), len(self.fake.calls), dict(self.store.ledger)
        target = connector(self.fake)
        rehearser = Rehearser(self.account, target, Endpoint(self.fake, now), WallClock(), self._rules)
        steps = await rehearser.order(state, await self.store.entries(state.key))
        assert not WRITES & {name for name, _ in self.fake.calls[calls:]}
        assert (self.store.ledger, self.store.letters[:0]) == (ledger, [])
        return steps

    def _rules(self, state: WantedState) -> Rules:
        return rules_of(self.account, None, state, {}, Holding(0))


def fields(step: Step) -> dict[str, tuple[str, str]]:
    return {name: (there, wanted) for name, wanted, there in step.fields}


async def test_what_is_new_would_be_created_with_all_its_fields_after_a_look_whether_it_is_there() -> None:
    desk = Desk()
    (step,) = await desk.would(task())
    assert (step.would, step.lane.subject, step.record) == (Would.CREATE, "SO-1", "")
    assert fields(step)["title"] == ("", "late")
    assert [name for name, _ in desk.fake.calls] == ["look_up"]


async def test_of_an_update_only_what_differs_from_what_is_there_is_shown() -> None:
    desk = Desk()
    await desk.want(task(title="late"))
    held = desk.fake.records["1"]
    desk.fake.records["1"] = replace(held, fields={**held.fields, "body": "somebody's words"})
    (step,) = await desk.would(task(title="stalled"))
    assert (step.would, step.record) == (Would.UPDATE, "1")
    assert fields(step) == {"title": ("late", "stalled"), "body": ("somebody's words", "stalled: see to it")}


async def test_what_is_as_it_should_be_needs_nothing() -> None:
    desk = Desk()
    await desk.want(task())
    assert await desk.would(task()) == []


async def test_what_is_wanted_no_longer_would_be_closed_with_a_reason() -> None:
    desk = Desk()
    await desk.want(task())
    (step,) = await desk.would()
    assert (step.would, step.record) == (Would.CLOSE, "1")
    assert step.text.startswith("Closed by Quayside")


async def test_a_record_that_the_ledger_has_lost_is_found_and_would_be_updated() -> None:
    desk = Desk()
    await desk.want(task(title="late"))
    desk.store.ledger.clear()
    (step,) = await desk.would(task(title="stalled"))
    assert (step.would, step.record, fields(step)["title"]) == (Would.UPDATE, "1", ("late", "stalled"))


async def test_a_record_that_was_closed_meanwhile_is_followed_by_the_account_s_rule() -> None:
    for rule, expected in (("feedback", []), ("reopen", [Would.REOPEN]), ("again", [Would.CREATE])):
        desk = Desk(ACCOUNT.model_copy(update={"when_closed": rule}))
        await desk.want(task())
        desk.fake.person_closes("1")
        assert [step.would for step in await desk.would(task(title="stalled"))] == expected


async def test_what_its_mapping_refuses_is_shown_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> dict[str, str]:
        raise Rejected("no queue for this role", code="no_queue")

    monkeypatch.setattr("tests.streams.dispatch.fake_target.fields_of", refuse)
    (step,) = await Desk().would(task())
    assert (step.would, step.text) == (Would.REFUSE, "no queue for this role")


async def test_what_a_new_policy_brings_beyond_the_limit_would_be_held() -> None:
    desk = Desk()

    def brought(state: WantedState) -> WantedState:
        (name,) = (step.task for step in first)
        return replace(state, brought={name: 7})

    first = await desk.would(task())
    (step,) = await desk.would(task(), change=brought)
    assert step.would is Would.HOLD


async def test_a_shadow_is_rehearsed_against_its_own_entries_and_asks_nothing() -> None:
    desk = Desk(ACCOUNT.model_copy(update={"mode": "shadow"}))
    await desk.want(task(title="late"))
    (entry,) = desk.store.ledger.values()
    assert (entry.shadow, entry.state) == (True, State.OPEN)
    (step,) = await desk.would(task(title="stalled"))
    assert (step.would, fields(step)["title"]) == (Would.UPDATE, ("late", "stalled"))
    assert desk.fake.calls == []
