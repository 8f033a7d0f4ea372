"""Looking into a folder again and again: what is complete is taken or refused, then the account was heard."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

import structlog

from connectors.files.folder import Folder
from connectors.files.judging import Judged, judge
from connectors.polling.outcome import COMPLETE, outcome, wait
from contracts.clock import WallClock
from contracts.connector import Source
from contracts.errors import QuaysideError, Retryable
from contracts.metrics import INBOUND, POLLS
from contracts.raw import RawRequest
from contracts.settings import SourceAccount

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


class Durable(Protocol):
    """Where it goes; each method returns when what it wrote is durable."""

    async def store(self, requests: Sequence[RawRequest]) -> None:
        """Write requests to `inbound`."""

    async def heard(self, at: datetime) -> None:
        """Say that all that was complete at `at` was read."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What a look needs. Its methods raise Retryable where the folder is away, and what `durable` raises."""

    account: SourceAccount
    source: Source
    folder: Folder
    durable: Durable
    clock: WallClock

    async def once(self) -> None:
        """Take or refuse what is complete, what an earlier process had claimed first; then say that it was heard."""
        began, at = self.clock.now(), asyncio.get_running_loop().time()
        await self._on_disk(self.folder.prepare)
        for name in await self._on_disk(self.folder.claimed):
            await self._take(name)
        for name in await self._on_disk(self.folder.claim, at):
            await self._take(name)
        await self.durable.heard(began)

    async def _take(self, name: str) -> None:
        file = await self._on_disk(self.folder.read, name)
        content_type = self.account.folder.content_type if self.account.folder is not None else ""
        judged = await asyncio.to_thread(judge, self.source, self.account, file, self.clock.now(), content_type)
        if judged.mistakes:
            to = await self._on_disk(self.folder.refuse, name, why(name, judged))
            INBOUND.labels(self.source.name, "refused").inc()
            log.warning("file refused", account=self.account.name, file=str(to), mistakes=len(judged.mistakes))
            return
        await self.durable.store(judged.requests)
        to = await self._on_disk(self.folder.done, name)
        INBOUND.labels(self.source.name, "stored").inc(len(judged.requests))
        log.info("file taken", account=self.account.name, file=str(to), requests=len(judged.requests))

    async def _on_disk(
        self, do: Callable[Arguments, Result], *given: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        try:
            return await asyncio.to_thread(do, *given, **named)
        except OSError as error:
            where = error.filename or self.folder.path
            raise Retryable(f"{where} cannot be used: {error.strerror or error}", code="unreachable") from error


async def keep_looking(looking: Looking, every: float) -> None:
    """Look every so many real seconds, until cancelled. Raises what `looking.durable` raises."""
    loop = asyncio.get_running_loop()
    failures = 0
    while True:
        due = loop.time() + every
        if (error := await look_once(looking)) is None:
            failures = 0
        else:
            failures += 1
            waiting = wait(error, failures, timedelta(seconds=every), random.random())  # noqa: S311 - no secret
            log.warning(
                "the folder cannot be read",
                account=looking.account.name,
                outcome=outcome(error),
                reason=str(error),
                again_in_seconds=round(waiting.total_seconds(), 1),
            )
            due = loop.time() + waiting.total_seconds()
        await asyncio.sleep(max(0.0, due - loop.time()))


async def look_once(looking: Looking) -> QuaysideError | None:
    """Look once; gives the error of a look that failed."""
    try:
        await looking.once()
    except QuaysideError as error:
        POLLS.labels(looking.account.name, outcome(error)).inc()
        return error
    POLLS.labels(looking.account.name, COMPLETE).inc()
    return None


def why(name: str, judged: Judged) -> str:
    """Say why a file was refused, a line for each mistake."""
    lines = [f"{name} was refused, and nothing of it was taken.", "", *judged.mistakes]
    return "\n".join([*lines, "", "Mend it and drop it again, under any name."]) + "\n"
