"""The consumer group of one target: the snapshots go into the ledger's database, and lanes act once it has caught up.

How far was read stands in SQL, in the transaction of what was read; the group's offset in Kafka only follows, for
whoever watches lag. So a ledger that was lost, or restored from a backup, reads again what it misses. A partition's
lanes act only when all that stood in it at its assignment is stored: a state that was overtaken is never sent.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from connectors.kafka import client_settings
from contracts import metrics
from contracts.clock import WallClock
from contracts.errors import Fatal
from contracts.settings import KafkaSettings
from contracts.topics import SNAPSHOTS
from streams.dispatch.intake import Taken, take
from streams.dispatch.lanes import Lanes
from streams.dispatch.letters import unreadable_letter
from streams.store.consumed import Consumed
from streams.store.wanted import WantedStore

Batches = Mapping[TopicPartition, Sequence[ConsumerRecord]]

_WAIT_MILLISECONDS = 500
_AT_ONCE = 500
_log = structlog.get_logger(__name__)


class SnapshotConsumer(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Reads the snapshots for one target."""

    def __init__(
        self,
        kafka: KafkaSettings,
        target: str,
        wanted: WantedStore,
        lanes: Lanes,
        now: Callable[[], datetime],
        clock: WallClock,
    ) -> None:
        """Take where to read and where to store; nothing is read yet."""
        self._kafka = kafka
        self._target = target
        self._wanted = wanted
        self._lanes = lanes
        self._now = now
        self._clock = clock
        self._unplaced: set[TopicPartition] = set()
        self._met_at: dict[TopicPartition, int] = {}
        self._ends: dict[TopicPartition, int] = {}
        self.caught_up = asyncio.Event()
        self._assigned = False

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop`. Raises Fatal where the broker refuses us."""
        consumer = AIOKafkaConsumer(
            **client_settings(self._kafka, f"dispatch-{self._target}"),
            group_id=self._kafka.topic(f"dispatch.{self._target}"),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(self._kafka.session_timeout_seconds * 1000),
            heartbeat_interval_ms=int(self._kafka.session_timeout_seconds * 100),
        )
        consumer.subscribe([self._kafka.topic(SNAPSHOTS.name)], listener=self)
        try:
            await consumer.start()
            while not stop.is_set():
                await self._round(consumer)
        except KafkaError as error:
            raise Fatal(f"the snapshots cannot be read: {type(error).__name__}: {error}", code="broker") from error
        finally:
            await consumer.stop()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note what came; it is placed outside of this callback, whose failures aiokafka would only log."""
        self._unplaced |= set(assigned)
        self._assigned = True

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let go of what another process may act on next."""
        gone = set(revoked)
        self._unplaced -= gone
        for partition in gone:
            self._ends.pop(partition, None)
        self.caught_up.clear()
        await self._lanes.release([partition.partition for partition in gone])

    async def _round(self, consumer: AIOKafkaConsumer) -> None:
        batches: Batches = await consumer.getmany(timeout_ms=_WAIT_MILLISECONDS, max_records=_AT_ONCE)
        misplaced = set(self._unplaced)
        for partition in misplaced:
            await self._place(consumer, partition)
        batches = {partition: records for partition, records in batches.items() if partition not in misplaced}
        if batches:
            await self._store(batches)
            await self._commit(consumer, batches)
        await self._look_whether_caught_up(consumer)

    async def _place(self, consumer: AIOKafkaConsumer, partition: TopicPartition) -> None:
        """Go to where this ledger has read to, and note where the partition ends now."""
        end = (await consumer.end_offsets([partition]))[partition]
        consumed = await self._wanted.consumed(partition.topic, partition.partition)
        if consumed is None or consumed.epoch != self._kafka.epoch:
            consumed = Consumed(self._kafka.epoch, 0, end)
        if partition not in consumer.assignment():
            return
        consumer.seek(partition, consumed.next_offset)
        self._met_at[partition] = consumed.met_at
        self._ends[partition] = end
        self._unplaced.discard(partition)

    async def _store(self, batches: Batches) -> None:
        found = (record for records in batches.values() for record in records)
        taken = take(found, with_views=self._wanted.with_views)
        for key, state in taken.newest.items():
            met_at = self._met_at[TopicPartition(state.place.topic, state.place.partition)]
            taken.newest[key] = replace(state, ask_first=state.place.offset < met_at)
        read = {
            (partition.topic, partition.partition): Consumed(
                self._kafka.epoch, records[-1].offset + 1, self._met_at[partition]
            )
            for partition, records in batches.items()
        }
        letters = [unreadable_letter(record, error, self._clock.now()) for record, error in taken.unreadable]
        changed = await self._wanted.take(taken, read, letters, self._now())
        self._count(taken, changed, sum(map(len, batches.values())))
        self._lanes.call()

    async def _commit(self, consumer: AIOKafkaConsumer, batches: Batches) -> None:
        try:
            await consumer.commit({partition: records[-1].offset + 1 for partition, records in batches.items()})
        except (CommitFailedError, IllegalStateError) as error:
            # The partition has just gone to another process, which reads on from where SQL says.
            _log.info("commit_skipped", target=self._target, error=type(error).__name__)

    async def _look_whether_caught_up(self, consumer: AIOKafkaConsumer) -> None:
        for partition, end in self._ends.items():
            if partition not in consumer.assignment():
                continue
            position = await consumer.position(partition)
            if position >= end:
                self._lanes.own(partition.partition)
            highest = consumer.highwater(partition)
            if highest is not None:
                lag = metrics.CONSUMER_LAG.labels(f"dispatch.{self._target}", str(partition.partition))
                lag.set(max(highest - position, 0))
        if self._assigned and not self._unplaced and self._lanes.owns(p.partition for p in self._ends):
            self.caught_up.set()

    def _count(self, taken: Taken, changed: int, records: int) -> None:
        dead = len(taken.unreadable)
        if dead:
            metrics.DEAD_LETTERS.labels("dispatch").inc(dead)
            metrics.EVENTS.labels("dispatch", "dead_lettered").inc(dead)
            _log.warning("snapshots_dead_lettered", target=self._target, records=dead)
        metrics.EVENTS.labels("dispatch", "applied").inc(changed)
        metrics.EVENTS.labels("dispatch", "duplicate").inc(records - dead - changed)
