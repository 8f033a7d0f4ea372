"""Polling one account for as long as this process has the turn: poll after poll, each failure told and waited out."""

import asyncio
import random
from datetime import timedelta

import structlog

from connectors.polling.memory import Memory
from connectors.polling.outcome import COMPLETE, outcome, wait
from connectors.polling.poll import Durable, Poll
from contracts.clock import WallClock
from contracts.connector import Poller
from contracts.errors import QuaysideError
from contracts.metrics import POLLS
from contracts.settings import PollerAccount

log = structlog.get_logger(__name__)


async def keep_polling(
    account: PollerAccount, poller: Poller, memory: Memory, journal: Durable, clock: WallClock
) -> None:
    """Poll every `every_seconds` of the one clock, until cancelled. Raises what the journal raises."""
    loop = asyncio.get_running_loop()
    interval = clock.real_seconds(timedelta(seconds=account.every_seconds))
    failures = 0
    while True:
        due = loop.time() + interval
        error = await poll_once(account, poller, memory, journal, clock)
        if error is None:
            failures = 0
        else:
            failures += 1
            waiting = wait(error, failures, timedelta(seconds=interval), random.random())  # noqa: S311 - no secret
            log.warning(
                "the poll failed",
                account=account.name,
                outcome=outcome(error),
                reason=str(error),
                again_in_seconds=round(waiting.total_seconds(), 1),
            )
            due = loop.time() + waiting.total_seconds()
        await asyncio.sleep(max(0.0, due - loop.time()))


async def poll_once(
    account: PollerAccount, poller: Poller, memory: Memory, journal: Durable, clock: WallClock
) -> QuaysideError | None:
    """Open a session and poll once; gives the error of a poll that failed.

    The session is new each time, so that a secret or an address that changed over there is found by the next poll.
    """
    try:
        secret = None if account.secret is None else account.secret.read()
        async with poller.open(account, secret, clock) as session:
            await Poll(account, session, memory, journal, clock).once()
    except QuaysideError as error:
        POLLS.labels(account.name, outcome(error)).inc()
        return error
    POLLS.labels(account.name, COMPLETE).inc()
    return None
