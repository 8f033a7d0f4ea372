"""Polls that fail are told, counted and waited out; nothing crashes, and no time passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from connectors.hinting.waiting import Waiting
from connectors.pollers.tryton import TRYTON
from connectors.polling.polls import Polling, poll_once
from contracts.clock import WallClock
from contracts.connector import Poller, PollSession, Reading
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.metrics import REGISTRY
from contracts.settings import PollerAccount, SecretFrom
from contracts.ticks import Tick
from tests.connectors.polling.doubles import ACCOUNT, STANDING, Durable, System


def polls(outcome: str) -> float:
    return REGISTRY.get_sample_value("quayside_polls_total", {"account": ACCOUNT.name, "outcome": outcome}) or 0.0


def answering(session: PollSession | QuaysideError) -> Poller:
    @asynccontextmanager
    async def opened(_account: PollerAccount, _secret: str | None, _clock: WallClock) -> AsyncIterator[PollSession]:
        if isinstance(session, QuaysideError):
            raise session
        yield session

    return replace(TRYTON, open=opened)


def polling(durable: Durable, poller: Poller, account: PollerAccount = ACCOUNT, clock: WallClock = STANDING) -> Polling:
    return Polling(account, poller, durable.recalled(), durable, clock, Waiting())


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Rejected("the key is wrong", code="unauthorised"), "unauthorised"),
        (Retryable("nobody answers", code="unreachable"), "unreachable"),
        (Retryable("500", code="server_error"), "server_error"),
        (Rejected("400", code="refused"), "refused"),
    ],
)
def test_a_failed_poll_is_counted_and_gives_no_tick(error: QuaysideError, outcome: str) -> None:
    durable, before = Durable(), polls(outcome)
    found = asyncio.run(poll_once(ACCOUNT, answering(error), durable.recalled(), durable, STANDING))
    assert found is error
    assert polls(outcome) == before + 1
    assert durable.inbound == []


def test_a_secret_that_is_not_there_is_a_failed_poll_as_well() -> None:
    account = ACCOUNT.model_copy(update={"secret": SecretFrom(env="NO_SUCH_VARIABLE")})
    durable = Durable()
    found = asyncio.run(poll_once(account, answering(System()), durable.recalled(), durable, STANDING))
    assert isinstance(found, Rejected)
    assert durable.inbound == []


def test_polling_goes_on_after_failures_without_a_word_lost() -> None:
    class Recovering(System):
        async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
            self.fails_after = None if len(self.asked) == 3 else (0, Retryable("away", code="unreachable"))
            async for reading in super().changed_since(mark):
                yield reading

    class Watched(Durable):
        heard = asyncio.Event()

        async def tick(self, tick: Tick) -> None:
            await super().tick(tick)
            self.heard.set()

    system, durable = Recovering(), Watched()
    system.write("1", "ten")
    account = ACCOUNT.model_copy(update={"every_seconds": 0.001})

    async def until_heard() -> None:
        keeping = asyncio.create_task(polling(durable, answering(system), account, WallClock()).keep())
        await durable.heard.wait()
        keeping.cancel()

    asyncio.run(asyncio.wait_for(until_heard(), 10))
    assert [told["content"] for told in durable.told()] == ["ten"]
    assert len(system.asked) >= 4
