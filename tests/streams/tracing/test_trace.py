"""Every input ends in exactly one fate, and `trace` says which: on a real broker, with the real stages."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from connectors.kafka import create_topics, producer
from contracts.clock import INGRESS, poller_source
from contracts.envelope import Origin
from contracts.errors import Rejected
from contracts.events import TYPE_OF
from contracts.model import Contract
from contracts.policy import Policy
from contracts.raw import RawRequest
from contracts.settings import KafkaSettings, Listen, PollerAccount, RoleSettings, Settings
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import INBOUND, STAGES
from contracts.tracking import TrackingStatus
from desk.broker import Broker
from streams.tracing.outcome import Outcome
from streams.tracing.trace import Traced, TracedOrder, trace_order, trace_origin
from streams.worker import run_worker_role
from tests.streams.way import ERP, START, hours, issue, order, report

POLICY = Policy()
PICKED_UP = (hours(2), TrackingStatus.PICKED_UP)


class Sent:
    """A deployment of its own on the shared broker, to which canonical events are told."""

    def __init__(self, settings: Settings) -> None:
        self.kafka = settings.kafka
        self._hours = 0.0

    async def tell(self, event: Contract, *, delay: float = 0.1) -> Origin:
        """Write an event to `inbound`; give its origin."""
        body = json.dumps({"type": TYPE_OF[type(event)], "data": json.loads(event.encode())}).encode()
        return await self.tell_raw(body, delay=delay)

    async def tell_raw(self, body: bytes, *, delay: float = 0.1) -> Origin:
        """Write a body to `inbound`; give its origin."""
        self._hours += delay
        raw = RawRequest("quayside", ERP, body, START + timedelta(hours=self._hours), "application/json")
        key, value, headers = raw.record()
        async with producer(self.kafka, "test") as sender:
            written = await sender.send_and_wait(self.kafka.topic(INBOUND.name), value, key, headers=headers)
        return Origin(written.topic, written.partition, written.offset)

    async def hear(self, at: float) -> None:
        """Let both sources tick."""
        async with producer(self.kafka, "test") as sender:
            for source in (INGRESS, poller_source(ERP)):
                tick = Tick.of_source(source, hours(at), 0).encode()
                for partition in range(self.kafka.partitions):
                    await sender.send_and_wait(
                        self.kafka.topic(INBOUND.name),
                        tick,
                        partition=partition,
                        headers=[("ce_type", TICK_TYPE.encode())],
                    )

    async def fate(self, origin: Origin, outcome: Outcome) -> Traced:
        """Wait until an input has this fate."""
        async with asyncio.timeout(60):
            while (traced := await trace_origin(self.kafka, origin)).fate.outcome is not outcome:
                pass  # each look reads the topics anew
        return traced

    async def order(self, number: str, *origins: Origin) -> TracedOrder:
        """Wait until an order is known from these inputs."""
        async with asyncio.timeout(60):
            while True:
                for traced in await trace_order(self.kafka, number):
                    if set(origins).issubset(origin for _, _, origin in traced.inputs):
                        return traced


@asynccontextmanager
async def deployment(broker: Broker, policy: Policy = POLICY) -> AsyncIterator[Sent]:
    """Run the worker for as long as the context lasts."""
    kafka = KafkaSettings(
        bootstrap=broker.bootstrap, prefix=f"trace-{uuid.uuid4().hex[:8]}", partitions=2, session_timeout_seconds=6
    )
    pollers = (PollerAccount(name=ERP, connector="tryton", url="http://127.0.0.1:1"),)
    listen = RoleSettings(worker=Listen(port=0))
    settings = Settings(kafka=kafka, pollers=pollers, listen=listen, policy=policy)
    await create_topics(kafka)
    stop = asyncio.Event()
    names = STAGES
    working = asyncio.create_task(run_worker_role(settings, names, stop))
    try:
        yield Sent(settings)
    finally:
        stop.set()
        await working


async def test_each_input_has_exactly_one_fate_and_trace_says_which(broker: Broker) -> None:
    async with deployment(broker) as way:
        first = await way.tell(order(), delay=1)
        await way.tell(issue())
        scanned = await way.tell(report("YT1", PICKED_UP))
        again = await way.tell(report("YT1", PICKED_UP))
        newer = await way.tell(order(ordered=12, version=hours(5)))
        unclaimed = await way.tell(report("YT404", PICKED_UP))
        broken = await way.tell_raw(b'{"type": "quayside.order.changed.v1", "data": {"account": "factory"}}')
        await way.hear(6)
        await way.fate(newer, Outcome.APPLIED)
        await way.fate(scanned, Outcome.APPLIED)
        assert "a newer version counts" in (await way.fate(first, Outcome.SUPERSEDED)).fate.why
        assert str(scanned) in (await way.fate(again, Outcome.DUPLICATE)).fate.why
        assert "no document names" in (await way.fate(unclaimed, Outcome.WAITING)).fate.why
        assert (await way.fate(broken, Outcome.DEAD_LETTERED)).fate.why.startswith(
            "normalise: $.document: found nothing"
        )
        # Of an order's inputs those are told that reached it; a version that another partition overtook did not.
        traced = await way.order("SO1", newer)
        assert traced.snapshot.view is not None


async def test_what_never_came_is_no_input(broker: Broker) -> None:
    async with deployment(broker) as way:
        with pytest.raises(Rejected, match="is no input"):
            await trace_origin(way.kafka, Origin(way.kafka.topic("inbound"), 0, 10_000))


@pytest.mark.parametrize("place", ["quayside.deliveries/0/1", "other.inbound/0/1", "quayside.inbound/4/1"])
async def test_a_place_where_no_input_can_stand_is_told_without_asking_the_broker(place: str) -> None:
    nobody = KafkaSettings(bootstrap="127.0.0.1:1")
    with pytest.raises(Rejected, match=r"is no input: those stand in quayside\.inbound/0 to 3"):
        await trace_origin(nobody, Origin.parse(place))
