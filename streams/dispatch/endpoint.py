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


class Endpoint:
    """A target's session. answered_at: when it last answered anybody, in real time."""

    def __init__(self, session: TargetSession, now: Callable[[], datetime]) -> None:
        """Take an open session and the real clock."""
        self.session = session
        self.answered_at: datetime | None = None
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
        except QuaysideError:
            raise
        except Exception as error:
            raise Rejected(describe(error), code="bug") from error
        self.answered_at = self._now()
        return answer
