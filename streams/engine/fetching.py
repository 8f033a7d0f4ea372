"""The thread of Faust's consumer: it fetches, and sends heartbeats whatever the worker's own loop does."""

from time import monotonic
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode.threads import ServiceThread, WorkerThread

from connectors.kafka import client_settings
from contracts.settings import KafkaSettings
from streams.engine.unpacking import Fetched, hand_over_unread

FETCHLESS_SECONDS = 1800.0
"""How long the worker's own loop may be without a fetch, recovery included, before its partitions go to another."""


class Owner(Protocol):
    """Who owns partitions and works on their chunks."""

    def put(self, place: TP, fetched: Fetched) -> None:
        """Take consecutive records of a partition that is owned."""

    def full(self, place: TP) -> bool:
        """Whether enough of a partition waits."""

    async def leave(self) -> None:
        """Finish what is under way, in all partitions, and own none any more."""


class EngineApp(Protocol):
    """What the consumer needs of the application that it belongs to."""

    owner: Owner
    kafka: KafkaSettings
    group: str
    consumer_generation_id: int


class DaemonThread(WorkerThread):
    """A thread that cannot keep a process alive whose worker has crashed."""

    def __init__(self, service: ServiceThread, **kwargs: Any) -> None:  # noqa: ANN401 - mode's own
        """Begin as mode's thread does."""
        super().__init__(service, **kwargs)
        self.daemon = True


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches, and sends heartbeats whatever the worker's own loop does."""

    last_heartbeat: float = 0.0

    async def on_start(self) -> None:
        """Start the consumer, and watch its heartbeats."""
        await super().on_start()
        self.last_heartbeat = monotonic()
        consumer = self._ensure_consumer()
        hand_over_unread(consumer._fetcher)
        coordinator = consumer._coordinator
        beat = coordinator._do_heartbeat

        async def watched() -> bool:
            succeeded: bool = await beat()
            if succeeded:
                self.last_heartbeat = monotonic()
            return succeeded

        coordinator._do_heartbeat = watched

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Count joining the group as a heartbeat."""
        self.last_heartbeat = monotonic()
        await super().on_partitions_assigned(assigned, generation_id)

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        app: EngineApp = transport.app  # type: ignore[assignment]
        session = app.kafka.session_timeout_seconds
        self._assignor = RoundRobinPartitionAssignor
        return AIOKafkaConsumer(
            **client_settings(app.kafka, "worker"),
            group_id=app.group,
            partition_assignment_strategy=[RoundRobinPartitionAssignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=int(FETCHLESS_SECONDS * 1000),
            session_timeout_ms=int(session * 1000),
            heartbeat_interval_ms=int(session * 1000 / 8),
            rebalance_timeout_ms=int(max(session, 30.0) * 1000),
            request_timeout_ms=int(max(session + 5.0, 40.0) * 1000),
        )
