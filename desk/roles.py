"""A role as a process: its logs, its event loop, and the two signals on which it finishes what is under way."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

import structlog
import uvloop

from connectors.logs import configure_logs
from contracts.errors import Fatal, QuaysideError, Rejected, Retryable
from contracts.settings import Settings

Role = Callable[[Settings, asyncio.Event], Awaitable[None]]
"""Runs until the event is set, then drains in bounded time."""

CRASHED = 1
"""The exit code of what another start may mend, so that a supervisor tells it from a mistake in the configuration."""


def run_role(role: Role, settings: Settings) -> None:
    """Run a role until SIGTERM or SIGINT.

    Raises Rejected where it cannot run as it is configured; ends the process with code 1 where it crashed.
    """
    configure_logs(settings.logs)
    try:
        uvloop.run(_until_asked(role, settings))
    except Rejected:
        raise
    except (Fatal, Retryable) as error:
        structlog.get_logger(__name__).critical("cannot go on", reason=error.reason, code=error.code)
        sys.exit(CRASHED)
    except OSError:  # else the command line would tell a full disk as a mistake that no other start mends
        structlog.get_logger(__name__).critical("cannot go on", exc_info=True)
        sys.exit(CRASHED)


async def _until_asked(role: Role, settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await role(settings, stop)
    except ExceptionGroup as group:
        raise first_of_ours(group) from group


def first_of_ours(group: ExceptionGroup[Exception]) -> Exception:
    """Give the error with which a group of tasks ended: ours where there is one, since it says what happens next."""
    for error in group.exceptions:
        found = first_of_ours(error) if isinstance(error, ExceptionGroup) else error
        if isinstance(found, QuaysideError):
            return found
    return group
