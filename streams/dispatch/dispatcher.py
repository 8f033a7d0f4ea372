"""One target: its snapshots in, its lanes at work, its people watched, what follows sent out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from aiokafka import AIOKafkaProducer

from connectors.hinting.pending import Taken
from connectors.hinting.waiting import Waiting
from contracts import metrics
from contracts.connector import Target
from contracts.errors import QuaysideError, Retryable
from contracts.settings import Settings, TargetAccount
from streams.dispatch.consuming import SnapshotConsumer
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.lane import LaneRunner
from streams.dispatch.lanes import Lanes
from streams.dispatch.order_wishes import needs_views
from streams.dispatch.pace import pace_of
from streams.dispatch.pausing import pause
from streams.dispatch.performing import Performer
from streams.dispatch.reconciling import reconciling
from streams.dispatch.sending import OutboxSender
from streams.dispatch.watching import Watcher, is_watched
from streams.dispatch.wishes import configuration_of, living_from_of
from streams.store.database import Database
from streams.store.ledger import LedgerStore
from streams.store.outbox import Outbox
from streams.store.paces import PaceStore
from streams.store.wanted import WantedStore

GAUGES_EVERY = 1.0
LOOK_WHETHER_DUE = 60.0
"""Seconds after which each process looks whether its target is to be reconciled."""
_log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Dispatches to one target until it is told to stop. hints: of its account."""

    settings: Settings
    account: TargetAccount
    target: Target
    database: Database
    producer: AIOKafkaProducer
    hints: Waiting
    now: Callable[[], datetime] = _now

    async def run(self, stop: asyncio.Event, caught_up: Callable[[], None]) -> None:
        """Run until `stop`. caught_up: called whenever all assigned partitions have been read to where they ended.

        Raises Rejected where the account is wrong, Fatal where Kafka or the database fails.
        """
        account = self.account
        self.target.check(account)
        secret = account.secret.read() if account.secret else None
        wanted = WantedStore(self.database, account.name, with_views=needs_views(account))
        ledger = LedgerStore(self.database, account.name)
        await wanted.wake_all_at(configuration_of(account, secret, self._living_from()), self.now())
        async with self.target.open(account, secret) as session:
            pace = pace_of(self.target, account)
            turns = PaceStore(self.database, account.name, pace) if pace else None
            endpoint = Endpoint(session, self.now, turns, account.name)
            lanes = Lanes(self._runner(wanted, ledger, endpoint, secret), wanted, account.concurrency, self.now)
            clock = self.settings.clock.clock()
            consumer = SnapshotConsumer(self.settings.kafka, account.name, wanted, lanes, self.now, clock)
            watcher = Watcher(account.name, endpoint, ledger, wanted, clock, self.now)
            sender = OutboxSender(Outbox(self.database, account.name), self.producer, self.settings.kafka)
            quiet = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(consumer.run(stop), name=f"read-{account.name}")
                acting = group.create_task(lanes.run(stop), name=f"act-{account.name}")
                group.create_task(self._watch(watcher, lanes, consumer, stop), name=f"watch-{account.name}")
                group.create_task(self._reconcile(ledger, consumer, stop), name=f"mend-{account.name}")
                group.create_task(self._show(wanted, endpoint, stop), name=f"show-{account.name}")
                group.create_task(self._tell(consumer, caught_up, stop), name=f"tell-{account.name}")
                group.create_task(sender.run(quiet), name=f"send-{account.name}")
                await asyncio.gather(reading, acting)
                quiet.set()

    def _runner(self, wanted: WantedStore, ledger: LedgerStore, endpoint: Endpoint, secret: str | None) -> LaneRunner:
        performer = Performer(
            endpoint=endpoint,
            ledger=ledger,
            account=self.account,
            configuration=configuration_of(self.account, secret, self._living_from()),
            clock=self.settings.clock.clock(),
            now=self.now,
            lease=self.settings.kafka.session_timeout_seconds / 2,
        )
        living_from = self._living_from()
        return LaneRunner(wanted, ledger, performer, self.target, self.account, secret, living_from, self.now)

    def _living_from(self) -> dict[str, datetime]:
        return living_from_of(self.settings)

    async def _watch(self, watcher: Watcher, lanes: Lanes, consumer: SnapshotConsumer, stop: asyncio.Event) -> None:
        """Poll for what people did, once the ledger knows what is wanted."""
        hinted: Taken = {}
        while not stop.is_set() and is_watched(self.target, self.account):
            seconds = self.account.poll_seconds
            if not consumer.caught_up.is_set():
                await pause(seconds, consumer.caught_up, stop)
                continue
            noticed = 0
            try:
                if noticed := await watcher.poll():
                    lanes.call()
            except QuaysideError as error:
                if isinstance(error, Retryable) and error.retry_after is not None:
                    seconds = max(seconds, error.retry_after.total_seconds())
                    self.hints.rest(error.retry_after.total_seconds())
                _log.warning("poll_failed", target=self.account.name, code=error.code, reason=error.reason)
            self.hints.looked(hinted, hinted if noticed else ())
            hinted = await self.hints.take(asyncio.get_running_loop().time() + seconds, stop)

    async def _reconcile(self, ledger: LedgerStore, consumer: SnapshotConsumer, stop: asyncio.Event) -> None:
        """Compare and mend all, now and then, once for all processes of a target."""
        every = timedelta(seconds=self.account.reconcile_every_seconds)
        while not stop.is_set() and is_watched(self.target, self.account):
            await pause(min(every.total_seconds(), LOOK_WHETHER_DUE), stop)
            if not consumer.caught_up.is_set() or not await ledger.claim_reconciling(self.now(), every):
                continue
            try:
                async with reconciling(self.settings, self.account, self.target, self.database, self.now) as reconciler:
                    compared = await reconciler.compare()
                    mended = await reconciler.mend(compared.differences)
            except QuaysideError as error:
                _log.warning("reconcile_failed", target=self.account.name, code=error.code, reason=error.reason)
                continue
            told = {"orders": compared.orders, "differences": len(compared.differences), "left": len(mended.left)}
            (_log.warning if compared.differences else _log.info)("reconciled", target=self.account.name, **told)

    async def _show(self, wanted: WantedStore, endpoint: Endpoint, stop: asyncio.Event) -> None:
        """Keep the gauges at what the ledger says."""
        name = self.account.name
        while not stop.is_set():
            now = self.now()
            parked, dirty_since = await wanted.backlog(now)
            metrics.LANES_PARKED.labels(name).set(parked)
            metrics.BREAKER_OPEN.labels(name).set(endpoint.is_on_trial)
            metrics.DISPATCH_LAG.labels(name).set((now - dirty_since).total_seconds() if dirty_since else 0)
            await pause(GAUGES_EVERY, stop)

    async def _tell(self, consumer: SnapshotConsumer, caught_up: Callable[[], None], stop: asyncio.Event) -> None:
        await pause(None, consumer.caught_up, stop)
        if consumer.caught_up.is_set():
            _log.info("caught_up", target=self.account.name)
            caught_up()
