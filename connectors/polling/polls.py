"""Polling one account for as long as this process has the turn: poll after poll, each failure told and waited out.

Between two polls it looks at what hints point at. A hint changes nothing of when the next poll is.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from connectors.hinting.pending import Taken
from connectors.hinting.waiting import Waiting
from connectors.polling.memory import Memory
from connectors.polling.outcome import COMPLETE, outcome, wait
from connectors.polling.poll import Durable, Poll
from contracts.clock import WallClock
from contracts.connector import Poller
from contracts.errors import QuaysideError, Retryable
from contracts.hint import Named
from contracts.metrics import HINTED_LOOKS, POLLS
from contracts.settings import PollerAccount

AFTER_FAILURE = 5.0
"""Seconds in which no hint is looked at, once a look or a poll has failed; more where the system asks for more."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Polling:
    """One account's turn. hints: of the account."""

    account: PollerAccount
    poller: Poller
    memory: Memory
    journal: Durable
    clock: WallClock
    hints: Waiting

    async def keep(self) -> None:
        """Poll every `every_seconds` of the one clock, until cancelled. Raises what the journal raises."""
        loop = asyncio.get_running_loop()
        interval = self.clock.real_seconds(timedelta(seconds=self.account.every_seconds))
        failures = 0
        while True:
            due = loop.time() + interval
            error = await poll_once(self.account, self.poller, self.memory, self.journal, self.clock)
            if error is None:
                failures = 0
            else:
                failures += 1
                waiting = wait(error, failures, timedelta(seconds=interval), random.random())  # noqa: S311 - no secret
                self._failed("the poll failed", error, again_in_seconds=round(waiting.total_seconds(), 1))
                due = loop.time() + waiting.total_seconds()
            while taken := await self.hints.take(due):
                self.hints.looked(taken, await self.look(taken))

    async def look(self, taken: Taken) -> frozenset[Named]:
        """Look at what hints point at; gives those that led to news, none where that failed."""
        try:
            async with _opened(self.account, self.poller, self.memory, self.journal, self.clock) as poll:
                news = await poll.look(taken.keys())
        except QuaysideError as error:
            self._failed("what was hinted at could not be read", error)
            HINTED_LOOKS.labels(self.account.name, "failed").inc()
            return frozenset()
        HINTED_LOOKS.labels(self.account.name, "news" if news else "no_news").inc()
        return news

    def _failed(self, what: str, error: QuaysideError, **said: object) -> None:
        asked = error.retry_after if isinstance(error, Retryable) else None
        self.hints.rest(max(AFTER_FAILURE, asked.total_seconds() if asked else 0.0))
        log.warning(what, account=self.account.name, outcome=outcome(error), reason=str(error), **said)


async def poll_once(
    account: PollerAccount, poller: Poller, memory: Memory, journal: Durable, clock: WallClock
) -> QuaysideError | None:
    """Poll once; gives the error of a poll that failed."""
    try:
        async with _opened(account, poller, memory, journal, clock) as poll:
            await poll.once()
    except QuaysideError as error:
        POLLS.labels(account.name, outcome(error)).inc()
        return error
    POLLS.labels(account.name, COMPLETE).inc()
    return None


@asynccontextmanager
async def _opened(
    account: PollerAccount, poller: Poller, memory: Memory, journal: Durable, clock: WallClock
) -> AsyncIterator[Poll]:
    """Open a session, new each time: a secret or an address that changed over there is found by the next one."""
    secret = None if account.secret is None else account.secret.read()
    async with poller.open(account, secret, clock) as session:
        yield Poll(account, session, memory, journal, clock)
