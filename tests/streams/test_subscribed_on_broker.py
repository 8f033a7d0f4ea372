"""A despatch note comes in; its parcel is registered, again after an abort, and let go of: all on the real broker."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import httpx
import pytest

from connectors.ingress.role import ingress
from connectors.kafka import create_topics
from connectors.reading_cloudevents import STRUCTURED
from connectors.scanning import places, reading, scan
from contracts.events import TYPE_OF
from contracts.model import Contract, read
from contracts.policy import Policy
from contracts.settings import (
    ClockSettings,
    KafkaSettings,
    Listen,
    RoleSettings,
    SecretFrom,
    Settings,
    SourceAccount,
    TrackerAccount,
)
from contracts.snapshot import DeliveryStatus, Snapshot
from contracts.topics import SNAPSHOTS, STAGES
from desk.broker import Broker
from desk.configuration.load import rule_of
from streams.dispatch.role import run_dispatch
from streams.worker import run_worker_role
from tests.fakes.kuaidi100 import Kuaidi100
from tests.fakes.serving import serving
from tests.fakes.tracking import DELIVERED
from tests.streams.dispatch.running import until
from tests.streams.way import hours, issue, order

SECRET, SALT = "the portal's", "0f1e2d3c"
NUMBER = "YT8800100200"
FAST = 900
"""Half an hour passes in two seconds."""


def settings_of(broker: Broker, cloud: Kuaidi100, state: Path) -> Settings:
    express = TrackerAccount(
        name="express",
        connector="kuaidi100",
        url=cloud.url,
        secret=SecretFrom(env="KUAIDI100_KEY"),
        source="pushes",
        carriers={"yuantong": "yuantong"},
        callback="http://127.0.0.1/in/kuaidi100/pushes",
        push_secret=SecretFrom(env="SALT"),
        options={"customer": cloud.customer},
    )
    return Settings(
        state=state,
        kafka=KafkaSettings(
            bootstrap=broker.bootstrap, prefix=f"sub-{token_hex(4)}", partitions=2, session_timeout_seconds=6
        ),
        clock=ClockSettings(epoch=hours(3), started=datetime.now(UTC), speed=FAST, tick_seconds=120),
        listen=RoleSettings(ingress=Listen(port=0), worker=Listen(port=0), dispatch=Listen(port=0)),
        sources=(
            SourceAccount(name="factory", connector="cloudevents", secrets=(SecretFrom(env="PORTAL_SECRET"),)),
            SourceAccount(name="pushes", connector="kuaidi100", secrets=(SecretFrom(env="SALT"),)),
        ),
        trackers=(express,),
        policy=Policy(trackers=(rule_of(express),)),
    )


@asynccontextmanager
async def running(role: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Run a role until the end of the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(role(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def push(http: httpx.AsyncClient, address: str, content: bytes, headers: dict[str, str]) -> None:
    """Push until it is taken: the broker's topics may be new to ingress."""
    async with asyncio.timeout(60):
        while (answer := await http.post(address, content=content, headers=headers)).status_code not in {200, 202}:
            assert answer.status_code == 503, answer.text


async def newest(settings: Settings) -> Snapshot | None:
    async with reading(settings.kafka) as consumer:
        told = [read(Snapshot, record.value) async for record in scan(consumer, places(settings.kafka, SNAPSHOTS))]
    return next((snapshot for snapshot in reversed(told) if snapshot.subject == "SO1"), None)


def event_of(document: Contract) -> bytes:
    name = TYPE_OF[type(document)]
    told = {"specversion": "1.0", "id": name, "source": "erp", "type": name, "datacontenttype": "application/json"}
    return json.dumps({**told, "data": json.loads(document.encode())}).encode()


async def test_a_despatch_note_registers_its_parcel_until_it_is_delivered_through_an_abort_and_a_restart(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PORTAL_SECRET": SECRET, "SALT": SALT, "KUAIDI100_KEY": "key"}.items():
        monkeypatch.setenv(name, value)
    async with serving(Kuaidi100()) as cloud:
        settings = settings_of(broker, cloud, tmp_path)
        clock = settings.clock.clock()
        await create_topics(settings.kafka)
        async with (
            running(lambda stop: run_worker_role(settings, STAGES, stop)),
            ingress(settings) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/in") as http,
        ):
            headers = {"content-type": STRUCTURED, "authorization": f"Bearer {SECRET}"}
            for document in (order(), issue(at=hours(2), numbers=(NUMBER,))):
                await push(http, "cloudevents/factory", event_of(document), headers)
            async with running(lambda stop: run_dispatch(settings, None, stop)):
                await until(lambda: cloud.is_registered(NUMBER), "the parcel is registered", 60)
                cloud.now = clock.now()
                cloud.give_up(NUMBER)
                [told] = cloud.pushed()
                await push(http, "kuaidi100/pushes", told.body, dict(told.headers))
            async with running(lambda stop: run_dispatch(settings, None, stop)):

                async def again() -> bool:
                    cloud.now = max(cloud.now, clock.now())
                    return cloud.is_registered(NUMBER)

                await until(again, "it is registered again by the next process", 60)
                cloud.scan(NUMBER, DELIVERED)
                [told] = cloud.pushed()
                await push(http, "kuaidi100/pushes", told.body, dict(told.headers))

                async def is_let_go() -> bool:
                    snapshot = await newest(settings)
                    if snapshot is None or snapshot.view is None or snapshot.wanted.subscriptions:
                        return False
                    return snapshot.view.status is DeliveryStatus.DELIVERED

                await until(is_let_go, "it is delivered, and wanted no more", 60)
        assert len(cloud.monitored[NUMBER].times) == 2
