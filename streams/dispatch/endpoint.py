"""A target's session, guarded: no call lasts for ever, and a mistake in a connector refuses one task, not all."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from contracts.connector import TargetSession
from contracts.errors import QuaysideError, Rejected, Retryable
from streams.engine.writes import describe

Answer = TypeVar("Answer")

LONGEST_CALL = 60.0
"""Seconds; connectors have shorter limits of their own, which a slowly dripping answer can outlast."""


TOO_MANY = "too_many_requests"
"""The code of HTTP's 429: it speaks of the account, where other failures may be a single record's."""


class Endpoint:
    """A target's session, in real time: when it last answered anybody, and until when it asked us all to wait."""

    def __init__(self, session: TargetSession, now: Callable[[], datetime]) -> None:
        """Take an open session and the real clock."""
        self.session = session
        self.answered_at: datetime | None = None
        self.rests_until: datetime | None = None
        self._now = now

    async def ask(self, call: Awaitable[Answer], longest: float = LONGEST_CALL) -> Answer:
        """Await a call of the session for at most `longest` seconds; raises Retryable or Rejected."""
        try:
            async with asyncio.timeout(longest):
                answer = await call
        except TimeoutError as error:
            raise Retryable(f"no answer within {longest:.0f} s", code="timeout") from error
        except Rejected:
            self.answered_at = self._now()
            raise
        except Retryable as error:
            if error.code == TOO_MANY and error.retry_after is not None:
                self.rests_until = max(self._now() + error.retry_after, self.rests_until or self._now())
            raise
        except QuaysideError:
            raise
        except Exception as error:
            raise Rejected(describe(error), code="bug") from error
        self.answered_at = self._now()
        return answer

    def is_resting(self) -> bool:
        """Whether the target asked for no calls at all until later."""
        return self.rests_until is not None and self._now() < self.rests_until
