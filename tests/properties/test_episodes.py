"""Stages and dispatch together: whatever comes, goes and is answered, each wanted task has exactly one open record.

Closings at the target come back as feedback, and a new episode begins only for a reason.
"""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from hypothesis import event, given
from hypothesis import strategies as st

from contracts.connector import Record
from contracts.operator_action import Act, OperatorAction
from contracts.policy import KindPolicy, Policy
from contracts.settings import TargetAccount
from contracts.snapshot import Kind, SubjectType, task_key, task_key_of
from contracts.topics import INBOUND, SNAPSHOTS
from contracts.tracking import TrackingStatus
from streams.dispatch.intake import read_record
from streams.dispatch.watching import notice
from tests.properties import examples
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.way import ERP, Way, hours, issue, order, report

ACCOUNT = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1")
POLICY = Policy(pollers=(ERP,), late=KindPolicy(escalation=()))
LATE = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.LATE)
SHORT = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.UNDER_DESPATCHED)
MOVING = (hours(40), TrackingStatus.IN_TRANSIT)
BEGIN = 66


class Happening(NamedTuple):
    """What happens so many hours after what happened before it."""

    after: int
    what: str
    which: int
    task: str
    approved: bool


WHAT = ("delivered", "not delivered", "done", "done", "refused", "snooze", "close", "reopen", "undo", "nothing")
happenings = st.lists(
    st.builds(
        Happening,
        st.integers(1, 30),
        st.sampled_from(
            ["delivered", "not delivered", "done", "refused", "snooze", "close", "reopen", "undo", "nothing"]
        ),
        st.integers(0, 5),
        st.sampled_from([LATE, SHORT]),
        st.booleans(),
    ),
    min_size=3,
    max_size=12,
)


class Company:
    """One order that is late and short, and the ticket system of those who are called."""

    def __init__(self) -> None:
        self.way, self.store, self.fake = Way(POLICY), MemoryStore(), FakeTarget()
        self.now, self.sent, self.reports = 0, 0, 0
        self.actions: list[OperatorAction] = []
        self.began: dict[str, int] = {}
        self.way.tell(order(), hours(0))
        self.way.tell(issue("GI1", {"SO1": 8}), hours(1))
        self._report(delivered=False, at=41)
        self.settle(BEGIN)

    def happen(self, one: Happening) -> None:
        at = self.now + one.after
        if one.what in {"delivered", "not delivered"}:
            self._report(delivered=one.what == "delivered", at=at)
        elif one.what in {"done", "refused"}:
            self._answer(one, at)
        elif one.what == "undo":
            if self.actions:
                self._act(Act.UNDO, at, undoes=self.actions[one.which % len(self.actions)].id)
        elif one.what != "nothing":
            until = hours(at + 10) if one.what == "snooze" else None
            self._act(Act(one.what), at, task=one.task, until=until, approved_by="chen" if one.approved else "")
        self.settle(at)

    def settle(self, at: int) -> None:
        """Let everything be read and done, to and fro, until nothing is left."""
        self.now = at
        for _ in range(10):
            self.way.hear(hours(at))
            for stored in self.way.replay.latest(SNAPSHOTS).values():
                self.store.take(read_record(stored), hours(at))
            self._dispatch()
            letters = [letter for letter in self.store.letters[self.sent :] if letter.topic == INBOUND.name]
            self.sent = len(self.store.letters)
            if not letters:
                return
            for letter in letters:
                self.way.replay.put(INBOUND, letter.key, letter.value, letter.headers)
        raise AssertionError("it does not come to rest")

    def open_tasks(self) -> list[str]:
        return sorted(record.key for record in self.fake.open_records())

    def wanted_tasks(self) -> list[str]:
        tasks = self.way.order().wanted.tasks
        return sorted(task_key(ERP, "order", "SO1", task) for task in tasks)

    def since(self, key: str) -> datetime:
        return next(task.since for task in self.way.order().wanted.tasks if task_key(ERP, "order", "SO1", task) == key)

    def episodes(self, key: str) -> list[Record]:
        return sorted((one for one in self.fake.records.values() if one.key == key), key=episode)

    def _dispatch(self) -> None:
        entries = {entry.idempotency_key: entry for entry in self.store.ledger.values()}
        for record in self.fake.records.values():
            noticed = notice("desk", record, entries.get(record.idempotency_key), hours(self.now))
            if noticed is not None:
                self.store.ledger[noticed.task, False, noticed.episode] = noticed
                self.store.wake(hours(self.now))
        for key in list(self.store.lanes):
            asyncio.run(runner(self.store, self.fake, ACCOUNT, lambda: hours(self.now)).run(key, lambda: True))
        for record in self.fake.records.values():
            self.began.setdefault(record.id, self.now)

    def _report(self, *, delivered: bool, at: int) -> None:
        """A full snapshot, newer than those before it: it may withdraw the delivery."""
        self.reports += 1
        scans = [MOVING, (hours(at - 0.5), TrackingStatus.DELIVERED if delivered else TrackingStatus.IN_TRANSIT)]
        self.way.tell(report("YT1", *scans), hours(at))

    def _answer(self, one: Happening, at: int) -> None:
        records = self.fake.open_records()
        if not records:
            return
        record = records[one.which % len(records)]
        self.fake.records[record.id] = replace(
            record,
            is_open=False,
            closed_by="mei",
            closed_at=hours(at),
            closed_reason="A pallet broke." if one.which % 2 else "",
            refused=one.what == "refused",
            approved_by="chen" if one.approved else "",
        )

    def _act(self, act: Act, at: int, **more: object) -> None:
        place = {"account": ERP, "scope": "order", "subject": "SO1", "by": "li", "why": "By hand."}
        action = OperatorAction.model_validate({**place, "act": act, "at": hours(at), **more})
        self.actions.append(action)
        self.way.tell(action, hours(at))


def episode(record: Record) -> int:
    return int(record.idempotency_key.rpartition("-")[2])


@examples(25)
@given(happened=happenings)
def test_each_wanted_task_has_one_open_record_and_a_new_one_for_a_reason_alone(happened: list[Happening]) -> None:
    company = Company()
    assert company.open_tasks() == company.wanted_tasks() == sorted([LATE, SHORT])
    asked_at = 0
    for one in happened:
        company.happen(one)
        asked_at = company.now if one.what in {"reopen", "undo"} else asked_at
        assert company.open_tasks() == company.wanted_tasks(), f"after {one.what} at {company.now}"
        for key in (LATE, SHORT):
            records = company.episodes(key)
            assert [episode(record) for record in records] == list(range(1, len(records) + 1))
            assert [record.is_open for record in records[:-1]] == [False] * (len(records) - 1)
        *earlier, last = company.episodes(LATE)
        closed_at = earlier[-1].closed_at if earlier and earlier[-1].closed_by else None
        if closed_at is not None and company.began[last.id] == company.now and last.is_open:
            # Begun just now, after somebody had closed the one before.
            is_later_interval = company.since(LATE) > closed_at
            is_rested = hours(company.now) >= closed_at + POLICY.returns_after
            event("a later interval" if is_later_interval else "rested" if is_rested else "asked for by hand")
            assert is_later_interval or is_rested or hours(asked_at) >= closed_at
    event(f"{len(company.episodes(LATE))} episodes of the delay")
    event(f"{len(company.episodes(SHORT))} episodes of the deviation")
