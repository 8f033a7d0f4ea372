"""What happens around a call: the mark before it, and what is done when somebody else was faster."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import State
from streams.dispatch.intake import read_record
from streams.store.ledger import Overtaken
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.dispatch.samples import START, record, snapshot, task

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1")
STATE = read_record(record(snapshot(task())))


def now() -> datetime:
    return START


def told() -> MemoryStore:
    store = MemoryStore()
    store.take(STATE, START)
    return store


async def test_before_a_call_the_ledger_says_that_it_is_under_way() -> None:
    store, fake = told(), FakeTarget()
    seen: list[State] = []

    async def look() -> None:
        seen.extend(entry.state for entry in store.ledger.values())

    fake.before = look
    await runner(store, fake, ACCOUNT, now).run(STATE.key, lambda: True)
    store.take(read_record(record(snapshot(), 2)), START)
    await runner(store, fake, ACCOUNT, now).run(STATE.key, lambda: True)
    assert seen == [State.IN_FLIGHT, State.CLOSING]


async def test_a_process_that_stood_still_after_its_mark_does_not_call() -> None:
    store, fake = told(), FakeTarget()
    lane = runner(store, fake, ACCOUNT, now)
    await replace(lane, performer=replace(lane.performer, lease=-1)).run(STATE.key, lambda: True)
    assert fake.calls == []
    assert store.lanes[STATE.key].due_at == START + timedelta(seconds=1)


async def test_who_lost_the_race_for_an_entry_steps_aside_and_does_not_call() -> None:
    store, fake = told(), FakeTarget()

    async def overtake() -> None:
        raise Overtaken("task")

    store.before = overtake
    await runner(store, fake, ACCOUNT, now).run(STATE.key, lambda: True)
    assert fake.calls == []
    assert store.lanes[STATE.key].parked


async def test_a_record_that_somebody_deleted_is_a_fact_and_is_not_made_again_unheard() -> None:
    store, fake = told(), FakeTarget()
    await runner(store, fake, ACCOUNT, now).run(STATE.key, lambda: True)
    fake.records.clear()
    store.take(read_record(record(snapshot(task(title="changed")), 2)), START)
    await runner(store, fake, ACCOUNT, now).run(STATE.key, lambda: True)
    (entry,) = store.ledger.values()
    assert (entry.state, bool(entry.feedback), fake.records) == (State.CLOSED, True, {})


async def test_a_mistake_in_a_connector_refuses_its_task_and_tells_nothing_of_the_data() -> None:
    store, fake = told(), FakeTarget()

    async def break_down() -> None:
        raise ZeroDivisionError("the customer's name")

    fake.before = break_down
    await runner(store, fake, ACCOUNT, now).run(STATE.key, lambda: True)
    (entry,) = store.ledger.values()
    assert (entry.state, entry.error_code) == (State.DEAD, "bug")
    assert "customer" not in entry.error
    assert store.lanes[STATE.key].due_at is None


async def test_a_lane_that_is_to_stop_begins_no_further_action() -> None:
    store, fake = told(), FakeTarget()
    await runner(store, fake, ACCOUNT, now).run(STATE.key, lambda: False)
    assert fake.calls == []


async def test_a_shadow_asks_nothing_even_where_a_live_target_would_be_looked_at() -> None:
    store, fake = told(), FakeTarget()
    shadow = ACCOUNT.model_copy(update={"mode": "shadow", "language": "zh-CN"})
    untold = task().model_copy(update={"texts": {"en": task().texts["en"]}})
    store.take(read_record(record(snapshot(untold), 2)), START)
    await runner(store, fake, shadow, now).run(STATE.key, lambda: True)
    assert [entry.state for entry in store.ledger.values()] == [State.DEAD]
    store.take(read_record(record(snapshot(task()), 3)), START)
    await runner(store, fake, shadow, now).run(STATE.key, lambda: True)
    assert [(entry.state, entry.shadow) for entry in store.ledger.values()] == [(State.OPEN, True)]
    assert fake.calls == []


class TestResting:
    async def test_a_target_that_has_had_too_many_requests_is_left_alone_as_long_as_it_asks(self) -> None:
        times = [START]
        endpoint = Endpoint(FakeTarget(), lambda: times[-1])
        assert not endpoint.is_resting()
        with pytest.raises(Retryable):
            await endpoint.ask(_raise(Retryable("slow down", code="too_many_requests", retry_after=timedelta(30))))
        assert endpoint.is_resting()
        times.append(START + timedelta(30))
        assert not endpoint.is_resting()

    async def test_what_fails_one_record_lets_the_others_go_on(self) -> None:
        endpoint = Endpoint(FakeTarget(), now)
        for error in (Retryable("busy", code="server_error", retry_after=timedelta(30)), Rejected("no")):
            with pytest.raises(type(error)):
                await endpoint.ask(_raise(error))
        assert not endpoint.is_resting()


async def _raise(error: Exception) -> None:
    raise error
