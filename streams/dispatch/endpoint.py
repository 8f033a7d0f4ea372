"""A target's session, guarded: no call lasts for ever or goes before its turn, and a target that is away is left alone.

A mistake in a connector refuses one task, not all.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

import structlog

from connectors.targets.turns import giving_turns
from contracts.connector import TargetSession
from contracts.errors import QuaysideError, Rejected, Retryable
from streams.dispatch.breaker import Breaker, after_failure, after_success
from streams.engine.writes import describe

Answer = TypeVar("Answer")

LONGEST_CALL = 60.0
"""Seconds; connectors have shorter limits of their own, which a slowly dripping answer can outlast."""


TOO_MANY = "too_many_requests"
"""The code of HTTP's 429: it speaks of the account, where other failures may be a single record's."""
_OF_THE_RECORD = frozenset({"conflict", "changed", "recipient_deferred"})
"""The codes of failures that say that the target is there, and what is in the way is this record's alone."""
_log = structlog.get_logger(__name__)


class Turns(Protocol):
    """Who gives out the turns of calls (`streams.store.paces.PaceStore`)."""

    async def take(self, now: datetime) -> datetime:
        """Take the next turn; give when it is."""


class Endpoint:
    """A target's session, in real time: when it last answered anybody, and until when it asked us all to wait.

    turns: None where calls go as fast as they can. target: its name, for the log.
    """

    def __init__(
        self, session: TargetSession, now: Callable[[], datetime], turns: Turns | None = None, target: str = ""
    ) -> None:
        """Take an open session and the real clock."""
        self.session = session
        self.answered_at: datetime | None = None
        self.rests_until: datetime | None = None
        self.breaker = Breaker()
        self._now = now
        self._turns = turns
        self._target = target

    async def ask(self, call: Awaitable[Answer], longest: float = LONGEST_CALL, about: str = "") -> Answer:
        """Await a call of the session for at most `longest` seconds, the waiting for turns not counted.

        about: the key of the record that it is about. Raises Retryable or Rejected.
        """
        try:
            return self._answered(await self._within(call, longest))
        except Rejected:
            self._answered(None)
            raise
        except Retryable as error:
            self._failed(error, about)
            raise

    async def _within(self, call: Awaitable[Answer], longest: float) -> Answer:
        deadline = asyncio.timeout(longest)
        try:
            async with deadline:
                with giving_turns(lambda: self._wait(deadline)):
                    return await call
        except TimeoutError as error:
            raise Retryable(f"no answer within {longest:.0f} s", code="timeout") from error
        except QuaysideError:
            raise
        except Exception as error:
            raise Rejected(describe(error), code="bug") from error

    async def _wait(self, deadline: asyncio.Timeout) -> None:
        if self._turns is None:
            return
        now = self._now()
        seconds = (await self._turns.take(now) - now).total_seconds()
        ends_at = deadline.when()
        if seconds > 0 and ends_at is not None:
            deadline.reschedule(ends_at + seconds)
            await asyncio.sleep(seconds)

    def _answered(self, answer: Answer) -> Answer:
        self.answered_at = self._now()
        if self.breaker.is_tripped:
            _log.info("breaker_closed", target=self._target)
        self.breaker = after_success(self.breaker)
        return answer

    def _failed(self, error: Retryable, about: str) -> None:
        now = self._now()
        if error.code == TOO_MANY and error.retry_after is not None:
            self.rests_until = max(now + error.retry_after, self.rests_until or now)
        elif error.code not in _OF_THE_RECORD:
            before, self.breaker = self.breaker, after_failure(self.breaker, about, now)
            until = self.breaker.until
            if until is not None and until != before.until:
                told = {"code": error.code, "reason": error.reason, "until": until.isoformat()}
                _log.warning("breaker_opened", target=self._target, **told)

    def is_resting(self) -> bool:
        """Whether no call is to go until later: the target asked for that, or it fails for everybody."""
        now = self._now()
        return self.breaker.is_open(now) or (self.rests_until is not None and now < self.rests_until)

    @property
    def is_on_trial(self) -> bool:
        """Whether it failed for everybody, so that the next call alone is to show whether it is back."""
        return self.breaker.is_tripped
