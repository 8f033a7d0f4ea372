"""A target that can only be told: wherever the process ends, each message goes, and a repetition has the same id."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.targets.one_way import OneWaySession
from contracts.clock import WallClock
from contracts.errors import Retryable
from contracts.settings import TargetAccount
from contracts.snapshot import Severity, Task
from mappings.tickets.messages import Message, Occasion
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import State
from streams.dispatch.intake import read_record
from streams.dispatch.lane import LaneRunner
from streams.dispatch.performing import Performer
from streams.dispatch.watching import is_watched
from streams.dispatch.wishes import configuration_of
from tests.streams.dispatch import samples
from tests.streams.dispatch.fake_target import FakeTarget, connector
from tests.streams.dispatch.memory import MemoryStore

ACCOUNT = TargetAccount(name="mail", connector="fake", url="http://127.0.0.1:1")
LATE = samples.task(title="late")
VERY_LATE = LATE.model_copy(update={"severity": Severity.GRAVE, "texts": samples.task(title="very late").texts})
STORY: tuple[tuple[Task, ...], ...] = ((LATE,), (VERY_LATE,), ())
OCCASIONS = [Occasion.OPENED, Occasion.UPDATED, Occasion.CLOSED]


class Cut(BaseException):
    """The process ends here."""


class Steps:
    """Counts what the process does; at the chosen step it ends."""

    def __init__(self, end_at: int = -1) -> None:
        self.taken = 0
        self.end_at = end_at

    async def step(self) -> None:
        self.taken += 1
        if self.taken == self.end_at:
            raise Cut


async def play(steps: Steps, fails: Callable[[Message], bool] = lambda _: False) -> list[Message]:
    """Tell the story to a target, beginning again wherever the process ends; give all messages that arrived."""
    store, arrived = MemoryStore(), list[Message]()
    store.before = store.after = steps.step

    async def send(message: Message) -> None:
        await steps.step()
        arrived.append(message)
        if fails(message):
            raise Retryable("no answer", code="unanswered")
        await steps.step()

    for through, tasks in enumerate(STORY, 1):
        state = read_record(samples.record(samples.snapshot(*tasks), through, offset=through))
        store.take(state, samples.START)
        for _ in range(5):
            try:
                await asyncio.wait_for(runner(store, send).run(state.key, lambda: True), 5)
            except Cut:
                continue
            if store.lanes[state.key].due_at is None:
                break
            store.wake(samples.START + timedelta(hours=1))
    assert [entry.state for entry in store.ledger.values()] == [State.CLOSED]
    told = b"".join(letter.value or b"" for letter in store.letters)
    assert b"refused" not in told, "nobody deleted anything"
    assert b"opened" in told
    return arrived


def runner(store: MemoryStore, send: Callable[[Message], Awaitable[None]]) -> LaneRunner:
    """A lane of a process that has just begun."""
    performer = Performer(
        endpoint=Endpoint(OneWaySession(send), lambda: samples.START),
        ledger=store,
        account=ACCOUNT,
        configuration=configuration_of(ACCOUNT, None, {}),
        clock=WallClock(),
        now=lambda: samples.START,
        lease=60,
    )
    target = connector(FakeTarget())
    return LaneRunner(store, store, performer, target, ACCOUNT, None, {}, lambda: samples.START)


async def test_a_task_is_a_row_of_messages() -> None:
    assert [message.occasion for message in await play(Steps())] == OCCASIONS


async def test_wherever_the_process_ends_each_message_arrives_and_a_repetition_has_the_same_id() -> None:
    whole = Steps()
    await play(whole)
    for end_at in range(1, whole.taken + 1):
        arrived = await play(Steps(end_at))
        once = list({message.id: message for message in arrived}.values())
        assert [message.occasion for message in once] == OCCASIONS, f"the process ended at step {end_at}"
        assert len(arrived) <= len(OCCASIONS) + 1


@pytest.mark.parametrize("occasion", OCCASIONS)
async def test_a_message_whose_answer_was_lost_is_sent_again_under_the_same_id(occasion: Occasion) -> None:
    failing = iter([True])
    arrived = await play(Steps(), lambda message: message.occasion is occasion and next(failing, False))
    assert [message.occasion for message in arrived] == sorted([*OCCASIONS, occasion], key=OCCASIONS.index)
    assert len({message.id for message in arrived}) == len(OCCASIONS)


def test_nothing_is_read_where_nothing_can_be_or_where_nothing_was_sent() -> None:
    target = connector(FakeTarget())
    shadow = ACCOUNT.model_copy(update={"mode": "shadow"})
    assert is_watched(target, ACCOUNT)
    assert not is_watched(replace(target, is_told_only=True), ACCOUNT)
    assert not is_watched(target, shadow)
