"""The role `poll`: a process that reads systems which do not push. Several may share the accounts."""

import asyncio

import structlog
from aiokafka.errors import KafkaError

from connectors.files.watching import watch_folder
from connectors.hinting.listening import Listener
from connectors.kafka import expect_topics
from connectors.operations import operations_pages
from connectors.polling.journal import journal_of, recall
from connectors.polling.polls import Polling
from connectors.polling.tenure import Work, stand_in_line
from connectors.registry import POLLERS, SOURCES, find
from contracts.clock import WallClock
from contracts.connector import Poller
from contracts.errors import Fatal, Rejected
from contracts.settings import KafkaSettings, PollerAccount, Settings, SourceAccount
from contracts.topics import DEAD_LETTERS, HINTS, INBOUND, MARKS

AGAIN_SECONDS = 1.0
"""After which a poller that lost the broker stands in line again."""

log = structlog.get_logger(__name__)


async def run_poll(settings: Settings, stop: asyncio.Event, bound: asyncio.Future[int] | None = None) -> None:
    """Run the role until `stop`; `bound` is given the port of its pages.

    On `stop` a poll that is under way is given up: what it has not told yet is read again by whoever polls next.
    Raises Rejected where the configuration does not hold, Fatal where the broker or its topics are not there.
    """
    if not (settings.pollers or settings.folders):
        raise Rejected("no poller is configured, and no folder: there is nothing to read", code="no_poller")
    pollers = [(account, _checked(account)) for account in settings.pollers]
    folders = [_folder(account, settings) for account in settings.folders]
    await expect_topics(settings.kafka, (INBOUND, MARKS, HINTS, DEAD_LETTERS))
    listener = Listener(settings.kafka, [account.name for account, _ in pollers])
    lines = [*(_polling(account, poller, settings, listener) for account, poller in pollers), *folders]
    readiness = {"hints": listener.unready, **{line.name: line.unready for line in lines}}
    async with operations_pages(settings.listen.poll, readiness) as port, asyncio.TaskGroup() as group:
        if bound is not None:
            bound.set_result(port)
        standing = [group.create_task(line.keep(), name=line.name) for line in lines]
        standing.append(group.create_task(listener.keep_listening(), name="hints"))
        await stop.wait()
        for task in standing:
            task.cancel()


class Line:
    """Our place in a line. name: of the line, for people; group: for the broker. work: done while it is our turn."""

    def __init__(self, name: str, group: str, work: Work, kafka: KafkaSettings) -> None:
        """Take the line, and what is done in it."""
        self.name = name
        self._group = group
        self._work = work
        self._kafka = kafka
        self._reason: str | None = "it has not joined the account's group yet"

    def unready(self) -> str | None:
        """Say why we neither work nor wait for our turn; None where we do."""
        return self._reason

    async def keep(self) -> None:
        """Stand in line, and anew whenever the broker was away, until cancelled."""
        while True:
            try:
                await stand_in_line(self._kafka, self._group, self._work, self._joined)
            except (KafkaError, TimeoutError, Fatal) as error:
                reason = str(error) or "it did not answer in time"
                self._reason = f"the broker cannot be used: {reason}"
                log.warning("the broker cannot be used", line=self.name, reason=reason)
                await asyncio.sleep(AGAIN_SECONDS)

    def _joined(self) -> None:
        self._reason = None


def _polling(account: PollerAccount, poller: Poller, settings: Settings, listener: Listener) -> Line:
    clock: WallClock = settings.clock.clock()
    hints = listener.of(account.name)

    async def poll() -> None:
        async with journal_of(account, settings.kafka, clock) as journal:
            memory = await recall(account.name, settings.kafka)
            log.info("polling", account=account.name, documents=len(memory), mark=memory.progress.mark)
            await Polling(account, poller, memory, journal, clock, hints).keep()

    return Line(f"poll/{account.name}", account.name, poll, settings.kafka)


def _folder(account: SourceAccount, settings: Settings) -> Line:
    source = find(SOURCES, account.connector)
    source.check(account)

    async def watch() -> None:
        await watch_folder(account, source, settings)

    # No account's name has a point in it, so that this group is no poller's.
    return Line(f"folder/{account.name}", f"folder.{account.name}", watch, settings.kafka)


def _checked(account: PollerAccount) -> Poller:
    poller = find(POLLERS, account.connector)
    poller.check(account)
    return poller
