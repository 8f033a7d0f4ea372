"""The pollers' suite fails a poller that breaks a promise: that of Kingdee, spoilt in one place each time."""

from pathlib import Path

import pytest

from tests.connectors.spoilt import run_spoilt

SPOILT = {
    "ForgetsDeletions": "what_is_deleted_is_withdrawn",
    "ReadsTheFirstAlone": "all_pages_are_read",
    "KeepsNoMark": "what_lies_before_the_mark_and_its_overlap_is_not_read_again",
    "Swallows": "whichever_request_fails_nothing_is_lost_and_nothing_was_heard",
    "TellsNothingAfresh": "an_order_is_read_afresh_changed_or_not",
}
SUITES = """
from contextlib import asynccontextmanager
from dataclasses import replace

from connectors.pollers.kingdee import KINGDEE
from contracts.errors import QuaysideError
from tests.connectors.pollers.test_kingdee import *
from tests.connectors.pollers.test_kingdee import TestKingdee as Whole

del TestKingdee


class Session:
    def __init__(self, real):
        self._real = real

    def __getattr__(self, name):
        return getattr(self._real, name)


class ForgetsDeletions(Session):
    async def read_again(self, documents):
        for reading in ():
            yield reading


class ReadsTheFirstAlone(Session):
    async def changed_since(self, mark):
        told = False
        async for reading in self._real.changed_since(mark):
            if not told:
                yield reading
            told = True


class KeepsNoMark(Session):
    def changed_since(self, mark):
        return self._real.changed_since("")


class Swallows(Session):
    async def changed_since(self, mark):
        try:
            async for reading in self._real.changed_since(mark):
                yield reading
        except QuaysideError:
            return


class TellsNothingAfresh(Session):
    async def of_order(self, order):
        for reading in ():
            yield reading


def spoilt(session):
    @asynccontextmanager
    async def opened(account, secret, clock):
        async with KINGDEE.open(account, secret, clock) as real:
            yield session(real)

    return replace(KINGDEE, open=opened)


for kind in (Session, ForgetsDeletions, ReadsTheFirstAlone, KeepsNoMark, Swallows, TellsNothingAfresh):
    name = f"Test{kind.__name__}"
    globals()[name] = type(name, (Whole,), {"poller": spoilt(kind), "__module__": __name__})
del Whole
"""


@pytest.mark.slow
def test_a_poller_that_breaks_a_promise_fails_its_clause_and_one_that_keeps_it_does_not(tmp_path: Path) -> None:
    failed, printed = run_spoilt(SUITES, SPOILT.values(), tmp_path)
    assert set(SPOILT.items()) <= failed, printed
    assert "Session" not in {name for name, _ in failed}
