"""The Faust application: group membership, assignment, rebalancing, commits and supervision; no tables, no web server.

Its state is the engine's own (`streams.engine.partition`), which takes most of Faust's traps away with the tables.
What is left of them: Faust resumes a partition before it seeks to the committed offset, and so may lose what it
fetched in between. Here a partition is resumed when its state is recovered and the seek is done.
"""

from collections.abc import Callable
from typing import Protocol

from aiokafka import AIOKafkaProducer
from faust.app.base import App
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.types import TP

from contracts.settings import KafkaSettings
from streams.engine.consumer import ChunkConsumer, Producer, Transport
from streams.engine.fetching import Owner

COMMIT_SECONDS = 0.3
"""How often finished chunks are committed: what a killed worker has finished since then is read again."""


class EngineOwner(Owner, Protocol):
    """Who owns the partitions of this process."""

    async def own(self, places: set[TP], *, wanted: Callable[[], bool]) -> bool:
        """Recover the state of `places` and begin their loops; False once that is not `wanted` any more."""


class EngineApp(App):
    """The application."""

    def __init__(self, kafka: KafkaSettings, topics: list[str], owner: EngineOwner) -> None:
        """Prepare it: `topics` are the broker's names of what is consumed."""
        super().__init__(
            kafka.topic("worker"),
            broker="kafka://broker",  # our clients connect by themselves; Faust only wants to know the transport
            store="memory://",
            autodiscover=False,
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            key_serializer="raw",
            value_serializer="raw",
            broker_commit_interval=COMMIT_SECONDS,
            broker_request_timeout=max(kafka.session_timeout_seconds + 5.0, 40.0),
            broker_session_timeout=kafka.session_timeout_seconds,
            TableManager=NoTables,
        )
        self.kafka = kafka
        self.owner = owner
        self.transport = Transport(self.conf.broker_consumer, self)
        self.producer_transport = Transport(self.conf.broker_producer, self)
        for topic in topics:
            self.topics.add(self.topic(topic, key_type=bytes, value_type=bytes))

    @property
    def group(self) -> str:
        """The consumer group: one for all stages, wherever each runs."""
        return str(self.conf.id)

    @property
    def chunks(self) -> ChunkConsumer:
        """The consumer."""
        consumer: ChunkConsumer = self.consumer  # type: ignore[assignment]
        return consumer

    @property
    def client(self) -> AIOKafkaProducer:
        """The producer, of which there is one."""
        wrapper: Producer = self.producer  # type: ignore[assignment]
        return wrapper._ensure_producer()

    def _create_directories(self) -> None:
        """None: there is nothing that this process keeps on disk."""


class Resumption(Recovery):
    """What Faust runs after each assignment."""

    app: EngineApp

    async def _resume_streams(self, generation_id: int = 0) -> None:
        app, consumer = self.app, self.app.chunks
        rebalance = app.rebalancing_count

        def wanted() -> bool:
            current = app.consumer_generation_id == generation_id and app.rebalancing_count == rebalance
            return current and not self.should_stop

        assignment = consumer.assignment()
        if not wanted() or not await app.owner.own(assignment, wanted=wanted):
            return
        if assignment:
            await self._wait(consumer.perform_seek(), timeout=app.conf.broker_request_timeout)
            if not wanted():
                return
            consumer.resume_partitions(assignment)
        self.completed.set()
        app.flow_control.resume()
        consumer.resume_flow()
        await app._fetcher.maybe_start()
        self.tables.on_actives_ready()
        self.tables.on_standbys_ready()
        app.on_rebalance_end()


class NoTables(TableManager):
    """Faust's table manager, which without tables is left with the resumption."""

    async def on_start(self) -> None:
        """Start at once: there are no tables to wait for."""
        await self._update_channels()
        await self.recovery.start()

    @property
    def recovery(self) -> Recovery:
        """The resumption."""
        if self._recovery is None:
            self._recovery = Resumption(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
