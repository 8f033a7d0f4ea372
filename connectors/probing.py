"""Asking a running system what stands against an account there (`probe` of a connector's record): reads only."""

from collections.abc import Awaitable, Callable, Sequence

from contracts.errors import Rejected, Retryable

_OF_ONE_THING = frozenset({"forbidden", "misconfigured"})
"""Codes of a Retryable that speak of what was asked for, not of the system: the rest may be asked for all the same."""


async def problems_of(*asked: Callable[[], Awaitable[Sequence[str]]]) -> list[str]:
    """Ask one thing after another; what is refused is a problem, and the rest is asked all the same.

    Raises Retryable or Rejected where the system is away or refuses the key: then nothing more is to be learnt.
    """
    problems: list[str] = []
    for ask in asked:
        try:
            problems += await ask()
        except Rejected as error:
            if error.code == "unauthorised":
                raise
            problems.append(error.reason)
        except Retryable as error:
            if error.code not in _OF_ONE_THING:
                raise
            problems.append(error.reason)
    return list(dict.fromkeys(problems))
