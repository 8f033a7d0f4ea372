"""Whatever is cut, fails or is done by people in between: at rest the target holds exactly what is wanted."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from contracts.connector import Record, Writing
from contracts.errors import Retryable
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import digest
from contracts.settings import TargetAccount
from contracts.snapshot import Kind, Task, task_key
from contracts.topics import INBOUND
from streams.dispatch.entry import State
from streams.dispatch.intake import read_record
from streams.dispatch.watching import notice
from tests.streams.dispatch import samples
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", tries=100)
KINDS = [Kind.LATE, Kind.STALLED, Kind.UNDER_DESPATCHED]


class Cut(BaseException):
    """The process ends here."""


class Steps:
    """Counts the steps around every write and call; at the chosen one something happens."""

    def __init__(self) -> None:
        self.left = -1
        self.happens: Callable[[], BaseException] = Cut

    def arm(self, after: int, happens: Callable[[], BaseException]) -> None:
        self.left, self.happens = after, happens

    async def step(self) -> None:
        self.left -= 1
        if self.left == -1:
            raise self.happens()


class Converging(RuleBasedStateMachine):
    """One order at one target. Wishes change, the process is cut, calls fail, people close and reopen records."""

    def __init__(self) -> None:
        super().__init__()
        self.now = samples.START
        self.through = 0
        self.tasks: tuple[Task, ...] = ()
        self.store, self.fake = MemoryStore(), FakeTarget()
        self.writes, self.calls = Steps(), Steps()
        self.store.before = self.store.after = self.writes.step
        self.fake.before = self.fake.after = self.calls.step
        self.older: list[samples.TopicRecord] = []
        self.nagged: list[str] = []
        self.reopened: set[str] = set()
        self.fake.refuses = self._takes_note

    @rule(kinds=st.sets(st.sampled_from(KINDS)), title=st.sampled_from(["a", "b"]), later=st.booleans())
    def want(self, kinds: set[Kind], title: str, later: bool) -> None:  # noqa: FBT001 - drawn
        """A newer snapshot comes. Like deliver's, it has seen the feedback that reached it."""
        self.through += 1
        since = samples.START + timedelta(hours=self.through) if later else samples.START
        self.tasks = tuple(
            samples.task(kind, title=title, since=since, feedback=self._heard(since)) for kind in sorted(kinds)
        )
        told = samples.record(samples.snapshot(*self.tasks), self.through)
        self.older.append(told)
        self._take(told)

    @rule(which=st.integers(0, 20))
    def tell_an_older_state_again(self, which: int) -> None:
        if self.older:
            self._take(self.older[which % len(self.older)])

    @rule(after=st.integers(0, 12), calls=st.booleans())
    def cut_somewhere(self, after: int, calls: bool) -> None:  # noqa: FBT001 - drawn
        """The process ends at a drawn step, before or after its effect."""
        steps = self.calls if calls else self.writes
        steps.arm(after, Cut)
        self._run()
        steps.arm(-1, Cut)

    @rule(after=st.integers(0, 6))
    def fail_somewhere(self, after: int) -> None:
        """A call fails, before or after its effect."""
        self.calls.arm(after, lambda: Retryable("no answer", code="timeout"))
        self._run()
        self.calls.arm(-1, Cut)

    @rule(which=st.integers(0, 20))
    def a_person_closes(self, which: int) -> None:
        if open_ones := self.fake.open_records():
            self.fake.person_closes(open_ones[which % len(open_ones)].id)

    @rule(which=st.integers(0, 20))
    def a_person_reopens(self, which: int) -> None:
        if closed := [record.id for record in self.fake.records.values() if not record.is_open]:
            self.reopened.add(closed[which % len(closed)])
            self.fake.person_reopens(closed[which % len(closed)])

    @rule()
    def the_target_is_polled(self) -> None:
        self._poll()

    @rule()
    def run_to_rest_and_compare(self) -> None:
        self._run_to_rest()
        self._poll()
        self._run_to_rest()
        self._compare()

    def teardown(self) -> None:
        self.run_to_rest_and_compare()

    def _run_to_rest(self) -> None:
        for _ in range(50):
            if all(lane.due_at is None for lane in self.store.lanes.values()):
                return
            self._run()
            self.now += timedelta(minutes=10)
        raise AssertionError("it does not come to rest")

    def _run(self) -> None:
        try:
            for key in list(self.store.lanes):
                asyncio.run(runner(self.store, self.fake, ACCOUNT, self._real).run(key, lambda: True))
        except Cut:
            pass

    def _real(self) -> datetime:
        return self.now

    def _take(self, told: samples.TopicRecord) -> None:
        self.store.take(read_record(told), self.now)

    def _poll(self) -> None:
        """Notice every record, as a poll that lost its mark does."""
        entries = {entry.idempotency_key: entry for entry in self.store.ledger.values()}
        for record in self.fake.records.values():
            noticed = notice("desk", record, entries.get(record.idempotency_key), self.now)
            if noticed is not None:
                self.store.ledger[noticed.task, False, noticed.episode] = noticed
                self.store.wake(self.now)

    def _told(self) -> dict[str, TaskFeedback]:
        """What deliver has been told by now."""
        bodies = [json.loads(letter.value or b"") for letter in self.store.letters if letter.topic == INBOUND.name]
        facts = [TaskFeedback.model_validate(body["data"]) for body in bodies]
        return {fact.id: fact for fact in facts}

    def _heard(self, since: datetime) -> tuple[str, ...]:
        """The closings that fall into the interval which holds since `since`, as deliver reckons."""
        told = [fact for fact in self._told().values() if fact.outcome is not FeedbackOutcome.OPENED]
        return tuple(sorted(fact.id for fact in told if fact.since >= since))

    def _wanted_open(self) -> dict[str, str]:
        """The title of each task that must be open: wanted, and not closed by a person whom the wish has not heard."""
        wanted = {}
        for task in self.tasks:
            key = task_key("erp", "order", "SO-1", task)
            records = [record for record in self.fake.records.values() if record.key == key]
            latest = max(records, key=lambda record: int(record.idempotency_key.rpartition("-")[2]), default=None)
            if latest is None or not latest.closed_by or self._was_heard(task, latest):
                wanted[key] = task.texts["en"].title
        return wanted

    def _takes_note(self, writing: Writing) -> bool:
        """Refuse nothing, and note an episode that is begun over a closing which the wish has not heard.

        Not of records that were reopened: between two polls nobody sees that, nor a second closing.
        """
        task = next((task for task in self.tasks if task_key("erp", "order", "SO-1", task) == writing.key), None)
        earlier = [one for one in self.fake.records.values() if one.key == writing.key and one.closed_by]
        earlier = [one for one in earlier if one.id not in self.reopened]
        begins = not any(one.idempotency_key == writing.idempotency_key for one in self.fake.records.values())
        if task is not None and begins and not all(self._was_heard(task, one) for one in earlier):
            self.nagged.append(writing.idempotency_key)
        return False

    def _was_heard(self, task: Task, record: Record) -> bool:
        episode = record.idempotency_key.rpartition("-")[2]
        closing = self._told().get(digest("desk", record.key, episode, FeedbackOutcome.DONE))
        return closing is not None and (closing.id in task.feedback or closing.since < task.since)

    def _compare(self) -> None:
        there = [(record.key, record.fields["title"]) for record in self.fake.open_records()]
        assert self.nagged == []
        assert sorted(there) == sorted(self._wanted_open().items())
        assert not [entry for entry in self.store.ledger.values() if entry.state in {State.IN_FLIGHT, State.CLOSING}]


TestConverging = pytest.mark.slow(Converging.TestCase)
TestConverging.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
