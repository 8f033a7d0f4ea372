"""What the running systems say of a configuration: every account is asked what is missing there, all at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.registry import POLLERS, TARGETS, TRACKERS, find
from contracts.connector import Poller, Target, Tracker
from contracts.errors import QuaysideError
from contracts.settings import PollerAccount, SecretFrom, Settings, TargetAccount

Probe = Callable[[str | None], Awaitable[Sequence[str]]]
LONGEST = 120.0
"""Seconds that one account may take."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What one account's system says. what: `poller`, `target` or `tracker`. problems: None where it cannot tell."""

    what: str
    name: str
    connector: str
    problems: tuple[str, ...] | None

    def lines(self) -> Iterator[str]:
        """Tell it, a line for each problem."""
        head = f"{self.what} {self.name} ({self.connector})"
        if self.problems is None:
            yield f"{head}: cannot tell without writing"
        elif not self.problems:
            yield f"{head}: nothing is missing"
        else:
            yield from (f"{head}: {problem}" for problem in self.problems)


async def probe_all(
    settings: Settings,
    pollers: Mapping[str, Poller] = POLLERS,
    targets: Mapping[str, Target] = TARGETS,
    trackers: Mapping[str, Tracker] = TRACKERS,
) -> list[Probed]:
    """Ask every account's system, in the configuration's order. Nothing is written anywhere."""
    asked = [
        *(_poller(account, find(pollers, account.connector)) for account in settings.pollers),
        *(_target("target", account, find(targets, account.connector)) for account in settings.targets),
        *(_target("tracker", account, find(trackers, account.connector).target) for account in settings.trackers),
    ]
    return list(await asyncio.gather(*asked))


async def _poller(account: PollerAccount, poller: Poller) -> Probed:
    probe = poller.probe
    if probe is None:
        return Probed("poller", account.name, account.connector, None)
    problems = await _asked(lambda secret: probe(account, secret), account.secret)
    return Probed("poller", account.name, account.connector, problems)


async def _target(what: str, account: TargetAccount, target: Target) -> Probed:
    probe = target.probe
    if probe is None:
        return Probed(what, account.name, account.connector, None)
    problems = await _asked(lambda secret: probe(account, secret), account.secret)
    return Probed(what, account.name, account.connector, problems)


async def _asked(probe: Probe, secret: SecretFrom | None) -> tuple[str, ...]:
    """Ask one; what keeps it from answering is a problem as well."""
    try:
        async with asyncio.timeout(LONGEST):
            return tuple(await probe(secret.read() if secret else None))
    except QuaysideError as error:
        return (error.reason,)
    except TimeoutError:
        return (f"gave no whole answer within {LONGEST:.0f} s",)
