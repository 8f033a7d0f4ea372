"""The targets' suite fails a target that breaks a promise: the ticket desk, spoilt in one place each time."""

from pathlib import Path

from tests.connectors.spoilt import run_spoilt

SPOILT = {
    "Forgets": "every_episode_of_a_task_is_found_and_no_other_task",
    "ClosesNothing": "a_record_is_closed_with_the_reason",
    "UpdatesNothing": "an_update_writes_our_fields_and_leaves_all_others",
    "HearsNobody": "what_people_close_comes_back_with_who_when_and_why",
    "Swallows": "what_the_target_will_never_take_is_rejected",
}
SUITES = """
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from connectors.targets.ticket_desk import TICKET_DESK
from contracts.connector import Record
from contracts.errors import QuaysideError
from tests.connectors.target_conformance import TargetConformance
from tests.connectors.targets.test_ticket_desk import system


class Session:
    def __init__(self, real):
        self._real = real

    def __getattr__(self, name):
        return getattr(self._real, name)


class Forgets(Session):
    async def look_up(self, key):
        return ()


class ClosesNothing(Session):
    async def close(self, record, writing):
        return replace(record, is_open=False)


class UpdatesNothing(Session):
    async def update(self, record, writing):
        return replace(record, fields=writing.fields)


class HearsNobody(Session):
    async def changed_since(self, mark):
        for record in ():
            yield record


class Swallows(Session):
    async def create(self, writing):
        try:
            return await self._real.create(writing)
        except QuaysideError:
            return Record("1", True, "1", writing.fields, writing.key, writing.idempotency_key)


def spoilt(session):
    @asynccontextmanager
    async def opened(account, secret) -> AsyncIterator[Session]:
        async with TICKET_DESK.open(account, secret) as real:
            yield session(real)

    return replace(TICKET_DESK, open=opened)


for kind in (Session, Forgets, ClosesNothing, UpdatesNothing, HearsNobody, Swallows):
    name = f"Test{kind.__name__}"
    globals()[name] = type(name, (TargetConformance,), {"target": spoilt(kind), "__module__": __name__})
"""


def test_a_target_that_breaks_a_promise_fails_its_clause_and_one_that_keeps_it_does_not(tmp_path: Path) -> None:
    failed, printed = run_spoilt(SUITES, SPOILT.values(), tmp_path)
    assert set(SPOILT.items()) <= failed, printed
    assert "Session" not in {name for name, _ in failed}
