"""Calls to a target wait for their turn, so that it never gets more of them than it allows.

Whoever opens a session knows the limit and gives out the turns; whoever makes a call, which may be one of several that
a session's method makes, takes one just before it. Nobody in between has to hand anything on.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Wait = Callable[[], Awaitable[None]]


async def _at_once() -> None:
    """Where nobody gives out turns, a call goes at once."""


_WAIT: ContextVar[Wait] = ContextVar("wait", default=_at_once)


async def take_turn() -> None:
    """Wait until one more call may go: before each request, and outside of its time limit."""
    await _WAIT.get()()


@contextmanager
def giving_turns(wait: Wait) -> Iterator[None]:
    """Give out turns to the calls that are made within."""
    token = _WAIT.set(wait)
    try:
        yield
    finally:
        _WAIT.reset(token)
