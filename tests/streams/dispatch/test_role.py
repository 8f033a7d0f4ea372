"""Dispatch on the real broker: snapshots in, tasks at the target, feedback and dead letters out."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from aiokafka import AIOKafkaProducer

from contracts import metrics
from contracts.errors import Retryable
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.hint import Hint
from contracts.identity import hint_key
from contracts.record_keys import RecordSort, sort_of
from contracts.settings import PollerAccount, Settings
from contracts.snapshot import Kind, TimelineEntry
from contracts.topics import DEAD_LETTERS, HINTS, INBOUND
from streams.dispatch.entry import State
from streams.dispatch.intake import LaneKey
from streams.store.database import open_database
from streams.store.ledger import LedgerStore
from tests.streams.dispatch.conftest import Tell
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.running import dispatching, read_all, until
from tests.streams.dispatch.samples import START, record, snapshot, task


def titles(fake: FakeTarget) -> list[str]:
    return sorted(found.fields["title"] for found in fake.open_records())


async def feedback(settings: Settings) -> list[tuple[str, str]]:
    told = [json.loads(found.value) for found in await read_all(settings, INBOUND)]
    return [(one["data"]["outcome"], one["data"].get("by", "")) for one in told]


async def states(settings: Settings) -> dict[State, int]:
    async with open_database(settings.database_url()) as database:
        return await LedgerStore(database, "desk").count()


async def test_a_wanted_task_is_opened_updated_and_closed(settings: Settings, tell: Tell) -> None:
    fake = FakeTarget()
    async with dispatching(settings, fake):
        await tell(record(snapshot(task(title="late")), 1))
        await until(lambda: titles(fake) == ["late"], "the task is open")
        await tell(record(snapshot(task(title="very late")), 2))
        await until(lambda: titles(fake) == ["very late"], "the task is updated")
        await tell(record(snapshot(), 3))
        await until(lambda: titles(fake) == [], "the task is closed")
    assert len(fake.records) == 1
    assert fake.comments == [
        "Closed by Quayside: the cause no longer holds, or it was dealt with or put off elsewhere."
    ]
    assert await feedback(settings) == [("opened", "")]
    assert await states(settings) == {State.CLOSED: 1}


async def test_statuses_and_steps_that_are_asked_for_later_come_for_all_orders(settings: Settings, tell: Tell) -> None:
    fake, happened = FakeTarget(), TimelineEntry(at=START, what="despatched")
    told = snapshot()
    assert told.view
    told = told.model_copy(update={"view": told.view.model_copy(update={"timeline": (happened,)})})
    async with dispatching(settings, fake):
        await tell(record(told, 1))
        await tell(record(snapshot(task(), order="SO-2"), 1))
        await until(lambda: len(fake.records) == 1, "the task alone is there")
    asking = settings.targets[0].model_copy(update={"statuses": True, "steps": True})
    async with dispatching(settings.model_copy(update={"targets": (asking,)}), fake):
        await until(lambda: len(fake.records) == 4, "two statuses and a step are there")
    found = sorted(sort_of(found.key) for found in fake.records.values())
    assert found == [RecordSort.STATUS, RecordSort.STATUS, RecordSort.STEP, RecordSort.TASK]
    assert await feedback(settings) == [("opened", "")]


async def test_the_same_snapshot_five_times_has_one_effect(settings: Settings, tell: Tell) -> None:
    fake = FakeTarget()
    async with dispatching(settings, fake):
        await tell(*[record(snapshot(task()), 1)] * 5)
        await until(lambda: titles(fake) == ["late"], "the task is open")
        await tell(record(snapshot(task(title="other"), order="SO-2"), 2))
        await until(lambda: titles(fake) == ["late", "other"], "what came behind is open too")
    assert len(fake.named("create")) == 2
    assert fake.named("update") == []


async def test_a_thousand_overtaken_states_are_read_without_a_call_for_any(settings: Settings, tell: Tell) -> None:
    """A target configured today is backfilled from the start of the topic, with the newest states alone."""
    overtaken = [record(snapshot(task(title=f"state {n}")), n) for n in range(1000)]
    await tell(*overtaken, record(snapshot(task(title="the newest")), 1000))
    gone = [record(snapshot(task(title="gone"), order="SO-2"), 1), record(snapshot(order="SO-2"), 2)]
    await tell(*gone)
    fake = FakeTarget()
    async with dispatching(settings, fake):
        await until(lambda: titles(fake) == ["the newest"], "the newest state is there")
    writes = [name for name, _ in fake.calls if name in {"create", "update", "close"}]
    assert writes == ["create"]


async def test_an_older_state_never_follows_a_newer_one(settings: Settings, tell: Tell) -> None:
    fake = FakeTarget()
    async with dispatching(settings, fake):
        await tell(record(snapshot(task(title="newer")), 5))
        await until(lambda: titles(fake) == ["newer"], "the newer state is there")
        await tell(record(snapshot(task(title="older")), 4), record(snapshot(task(title="next"), order="SO-2"), 1))
        await until(lambda: "next" in titles(fake), "what came behind is there")
    assert titles(fake) == ["newer", "next"]


async def test_what_a_person_closes_becomes_feedback_once_and_stays_closed_until_it_was_heard(
    settings: Settings, tell: Tell
) -> None:
    fake = FakeTarget()
    async with dispatching(settings, fake):
        await tell(record(snapshot(task()), 1))
        await until(fake.open_records, "the task is open")
        fake.person_closes("1")
        await until(lambda: _has(settings, "done", "Li Wei"), "the closing is a fact")
        await tell(record(snapshot(task(title="changed")), 2))
        await tell(record(snapshot(task(title="next"), order="SO-2"), 1))
        await until(lambda: titles(fake) == ["next"], "what came behind is open")
        (told,) = [one for one in await read_all(settings, INBOUND) if b'"done"' in one.value]
        heard = json.loads(told.value)["data"]
        assert dict(told.headers)["ce_source"] == b"quayside/erp"
        seen = _feedback_id(heard)
        await tell(record(snapshot(task(title="still so", feedback=(seen,))), 3))
        await until(lambda: titles(fake) == ["next", "still so"], "a new episode begins")
    outcomes = [outcome for outcome, _ in await feedback(settings)]
    assert sorted(outcomes) == ["done", "opened", "opened", "opened"]


async def _has(settings: Settings, outcome: str, by: str) -> bool:
    return (outcome, by) in await feedback(settings)


def _feedback_id(data: dict[str, object]) -> str:
    fact = TaskFeedback.model_validate(data)
    assert fact.outcome is FeedbackOutcome.DONE
    return fact.id


async def test_a_target_that_was_away_gets_the_newest_state_once_it_is_back(settings: Settings, tell: Tell) -> None:
    fake = FakeTarget()
    away = True

    async def fail() -> None:
        if away:
            raise Retryable("connection refused", code="unreachable")

    fake.before = fail
    async with dispatching(settings, fake):
        await tell(record(snapshot(task(title="early")), 1))
        await until(lambda: len(fake.named("create")) >= 1, "it was tried")
        await until(lambda: len(fake.calls) > 6, "more tries than the account allows")
        await tell(record(snapshot(task(title="newest")), 2), record(snapshot(task(title="b"), order="SO-2"), 1))
        await until(lambda: metrics.BREAKER_OPEN.labels("desk")._value.get() == 1, "the target is left alone")
        await until(lambda: metrics.DISPATCH_LAG.labels("desk")._value.get() > 0, "the lag grows")
        away = False
        await until(lambda: titles(fake) == ["b", "newest"], "both are there")
        await until(lambda: metrics.LANES_PARKED.labels("desk")._value.get() == 0, "no lane is parked")
        await until(lambda: metrics.DISPATCH_LAG.labels("desk")._value.get() == 0, "nothing lags")
        await until(lambda: metrics.BREAKER_OPEN.labels("desk")._value.get() == 0, "the target is called again")
    assert await states(settings) == {State.OPEN: 2}
    assert [record for record in fake.records.values() if record.fields["title"] == "early"] == []
    assert await read_all(settings, DEAD_LETTERS) == []


async def test_a_lane_that_the_target_refuses_is_dead_lettered_and_blocks_only_itself(
    settings: Settings, tell: Tell
) -> None:
    fake = FakeTarget(refuses=lambda writing: writing.fields["title"] == "poison")
    async with dispatching(settings, fake):
        await tell(record(snapshot(task(title="poison")), 1))
        await tell(*[record(snapshot(task(title=f"t{n}"), order=f"SO-{n}"), 1) for n in range(2, 12)])
        await until(lambda: len(fake.open_records()) == 10, "the others are open")
        await until(lambda: _count(settings, 1), "the refusal is dead-lettered")
        assert len([key for key in fake.named("create") if '"SO-1"' in key]) == 1
        await tell(record(snapshot(task(title="better")), 2))
        await until(lambda: len(fake.open_records()) == 11, "what changed is tried again")
    (letter,) = await read_all(settings, DEAD_LETTERS)
    headers = {name: value.decode() for name, value in letter.headers}
    assert headers["quayside-dead-stage"] == "dispatch"
    assert headers["quayside-dead-code"] == "refused"
    assert json.loads(letter.value)["fields"]["title"] == "poison"
    assert await states(settings) == {State.OPEN: 11}


async def _count(settings: Settings, letters: int) -> bool:
    return len(await read_all(settings, DEAD_LETTERS)) == letters


async def test_a_lane_that_a_living_target_fails_too_often_is_given_up(settings: Settings, tell: Tell) -> None:
    fake = FakeTarget()

    async def fail() -> None:
        if fake.calls[-1][0] == "create" and '"SO-1"' in fake.calls[-1][1]:
            raise Retryable("500", code="server_error", retry_after=timedelta(seconds=0.01))

    fake.before = fail
    async with dispatching(settings, fake):
        await tell(record(snapshot(task()), 1))
        await until(lambda: _count(settings, 1), "it is given up after its tries")
        await tell(record(snapshot(task(title="b"), order="SO-2"), 1))
        await until(lambda: titles(fake) == ["b"], "the others are open")
    assert len([key for key in fake.named("create") if '"SO-1"' in key]) == 3
    assert await states(settings) == {State.DEAD: 1, State.OPEN: 1}


async def test_a_record_that_is_no_snapshot_is_dead_lettered_and_stalls_nothing(settings: Settings, tell: Tell) -> None:
    good = record(snapshot(task(), order="SO-2"), 1)
    broken = record(snapshot(task()), 1)
    fake = FakeTarget()
    async with dispatching(settings, fake):
        await tell(replace(broken, value=b'{"account":'), replace(broken, value=None), good)
        await until(lambda: titles(fake) == ["late"], "what came behind is open")
        await until(lambda: _count(settings, 2), "both are dead-lettered")
    codes = {dict(letter.headers)["quayside-dead-code"] for letter in await read_all(settings, DEAD_LETTERS)}
    assert codes == {b"invalid", b"tombstone"}


async def test_a_shadow_fills_its_ledger_and_asks_its_target_nothing(settings: Settings, tell: Tell) -> None:
    fake = FakeTarget()
    shadow = settings.model_copy(update={"targets": (settings.targets[0].model_copy(update={"mode": "shadow"}),)})
    await tell(record(snapshot(task()), 1))
    async with dispatching(shadow, fake):
        await until(lambda: _shadowed(settings), "the ledger shows what would have gone")
    assert fake.calls == []
    async with dispatching(settings, fake):
        await until(lambda: titles(fake) == ["late"], "the live target gets it")


async def test_what_began_before_an_account_was_live_is_recorded_and_never_pushed(
    settings: Settings, tell: Tell
) -> None:
    """Of orders of that account alone; and all of it is, once the account says otherwise."""
    polled = PollerAccount(name="erp", connector="sample-file", url="file:x", live_from=START + timedelta(hours=1))
    living, fake = settings.model_copy(update={"pollers": (polled,)}), FakeTarget()
    orphan = snapshot(task(Kind.ORPHAN_TRACKING, title="orphan"), order="YT1", scope="parcel")
    new = task(title="new", since=START + timedelta(hours=2))
    await tell(record(snapshot(task(title="old")), 1), record(snapshot(new, order="SO-2"), 1), record(orphan, 1))
    async with dispatching(living, fake):
        await until(lambda: titles(fake) == ["new", "orphan"], "what is new is there")
    assert await states(settings) == {State.OPEN: 2, State.RECORDED: 1}
    async with dispatching(settings, fake):
        await until(lambda: titles(fake) == ["new", "old", "orphan"], "what is old is there as well")


async def _shadowed(settings: Settings) -> bool:
    async with open_database(settings.database_url()) as database:
        entries = await LedgerStore(database, "desk").entries(LaneKey("erp", "order", "SO-1"))
    return [(entry.state, entry.shadow) for entry in entries] == [(State.OPEN, True)]


async def test_a_lost_ledger_is_rebuilt_by_look_up_before_anything_is_created(settings: Settings, tell: Tell) -> None:
    """Also what was open and is wanted no longer: the target's own list tells of it."""
    fake = FakeTarget()
    async with dispatching(settings, fake):
        await tell(record(snapshot(task()), 1), record(snapshot(task(Kind.STALLED, title="b"), order="SO-2"), 1))
        await until(lambda: len(fake.open_records()) == 2, "both are open")
    for file in settings.state.glob("quayside.sqlite*"):
        file.unlink()
    await tell(record(snapshot(order="SO-2"), 2))
    fake.calls.clear()
    async with dispatching(settings, fake):
        await until(lambda: titles(fake) == ["late"], "the one that is wanted no longer is closed")
    assert fake.named("create") == []
    assert len(fake.records) == 2


async def test_an_action_under_way_is_finished_when_the_process_is_to_stop(settings: Settings, tell: Tell) -> None:
    fake, entered, go_on = FakeTarget(), asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        if fake.calls[-1][0] == "create":
            entered.set()
            await go_on.wait()

    fake.before = hold
    await tell(record(snapshot(task()), 1))
    async with dispatching(settings, fake):
        await asyncio.wait_for(entered.wait(), 10)
        asyncio.get_running_loop().call_later(0.2, go_on.set)
    assert await states(settings) == {State.OPEN: 1}


pytestmark = pytest.mark.timeout(120)


async def test_a_hint_makes_what_people_did_known_at_once_though_the_next_poll_is_an_hour_away(
    settings: Settings, tell: Tell, writer: AIOKafkaProducer
) -> None:
    seldom = settings.model_copy(update={"targets": (settings.targets[0].model_copy(update={"poll_seconds": 3600}),)})
    fake = FakeTarget()
    async with dispatching(seldom, fake):
        await tell(record(snapshot(task()), 1))
        await until(lambda: titles(fake) == ["late"], "the task is open")
        fake.person_closes("1")
        for account in ("another", "desk"):
            hint = Hint(account=account)
            await writer.send_and_wait(settings.kafka.topic(HINTS.name), hint.encode(), hint_key(account))
        await until(lambda: _has(settings, "done", "Li Wei"), "the closing is a fact")
