"""Ingress on a real Kafka, over real HTTP."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import httpx
import pytest
import yaml
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord
from structlog.testing import capture_logs

from connectors.ingress.role import ingress, run_ingress
from connectors.kafka import client_settings, create_topics
from connectors.sources.kuaidi100 import KUAIDI100
from contracts.clock import INGRESS
from contracts.envelope import Event, Origin
from contracts.raw import RawRequest
from contracts.settings import ClockSettings, KafkaSettings, Listen, RoleSettings, SecretFrom, Settings, SourceAccount
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import INBOUND
from desk.broker import Broker, running_broker
from desk.broker.ports import free_ports

SALT = "a salt"
ACKNOWLEDGED = '{"result":true,"returnCode":"200","message":"成功"}'.encode()
SPEED = 100.0
NOT_YET = "not connected to the broker yet"


def signed(payload: bytes = b'{"status":"polling"}') -> bytes:
    return KUAIDI100.verify.sign(payload, SALT, datetime.now(UTC)).body


@pytest.fixture
def salt(monkeypatch: pytest.MonkeyPatch) -> SecretFrom:
    monkeypatch.setenv("TEST_SALT", SALT)
    return SecretFrom(env="TEST_SALT")


def settings_for(bootstrap: str, salt: SecretFrom) -> Settings:
    return Settings(
        kafka=KafkaSettings(bootstrap=bootstrap, prefix=f"test-{token_hex(4)}", partitions=3),
        clock=ClockSettings(epoch=datetime(2026, 3, 2, tzinfo=UTC), started=datetime.now(UTC), speed=SPEED),
        listen=RoleSettings(ingress=Listen(port=0)),
        sources=(SourceAccount(name="shop", connector="kuaidi100", secrets=(salt,)),),
    )


@pytest.fixture
async def settings(broker: Broker, salt: SecretFrom) -> Settings:
    made = settings_for(broker.bootstrap, salt)
    await create_topics(made.kafka, [INBOUND])
    return made


@asynccontextmanager
async def inbound(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        settings.kafka.topic(INBOUND.name), auto_offset_reset="earliest", **client_settings(settings.kafka, "test")
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


def is_tick(record: ConsumerRecord) -> bool:
    return ("ce_type", TICK_TYPE.encode()) in record.headers


async def post(port: int, body: bytes) -> httpx.Response:
    async with httpx.AsyncClient(timeout=30) as http:
        return await http.post(f"http://127.0.0.1:{port}/in/kuaidi100/shop", content=body)


async def ready(port: int, *, so: bool = True) -> None:
    async with asyncio.timeout(60):
        while await is_ready(port) is not so:  # noqa: ASYNC110 - it is remote
            await asyncio.sleep(0.05)


async def is_ready(port: int) -> bool | None:
    """Whether it says that it is ready; None while nobody answers, as before a process has begun."""
    async with httpx.AsyncClient() as http:
        try:
            return (await http.get(f"http://127.0.0.1:{port}/readyz")).is_success
        except httpx.ConnectError:
            return None


async def unready(port: int) -> str | None:
    """Ask why nothing can be stored."""
    async with httpx.AsyncClient() as http:
        reasons = (await http.get(f"http://127.0.0.1:{port}/readyz")).json()["reasons"]
    found: str | None = reasons.get("broker")
    return found


async def requests(consumer: AIOKafkaConsumer, count: int) -> list[RawRequest]:
    found: list[RawRequest] = []
    async with asyncio.timeout(30):
        while len(found) < count:
            record = await consumer.getone()
            if not is_tick(record):
                origin = Origin(record.topic, record.partition, record.offset)
                found.append(RawRequest.read(Event(record.key, record.value, origin, record.headers)))
    return found


async def test_what_was_acknowledged_is_in_inbound_byte_for_byte(settings: Settings) -> None:
    bodies = [signed(b'{"status":"polling","n":%d}' % number) for number in range(20)]
    async with ingress(settings) as port, inbound(settings) as consumer:
        await ready(port)
        for body in bodies:
            answer = await post(port, body)
            assert (answer.status_code, answer.content) == (200, ACKNOWLEDGED)
        # All 20 were acknowledged: nothing is flushed any more before they are read.
        found = await requests(consumer, len(bodies))
    assert sorted(raw.body for raw in found) == sorted(bodies)
    assert all(abs(raw.received_at - settings.clock.clock().now()) < timedelta(hours=2) for raw in found)


async def test_ingress_says_that_it_is_alive_in_every_partition(settings: Settings) -> None:
    ticks: dict[int, list[Tick]] = {}
    async with ingress(settings), inbound(settings) as consumer, asyncio.timeout(30):
        while len(ticks) < settings.kafka.partitions or min(map(len, ticks.values())) < 3:
            record = await consumer.getone()
            assert record.key is None
            ticks.setdefault(record.partition, []).append(Tick.decode(record.value))
    for told in ticks.values():
        times = [tick.now for tick in told]
        assert times == sorted(times)
        assert {(tick.source, tick.every) for tick in told} == {(INGRESS, settings.clock.tick_seconds)}


@asynccontextmanager
async def process(settings: Settings, folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Run the role as a process of its own; gives it with its port."""
    (port,) = free_ports(1)
    config = folder / "quayside.yaml"
    told = settings.model_copy(update={"listen": RoleSettings(ingress=Listen(port=port))})
    config.write_text(yaml.safe_dump(told.model_dump(mode="json", exclude={"policy"})), encoding="utf-8")
    command = [sys.executable, "-m", "desk", "ingress", "--config", str(config)]
    running = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield running, port
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def test_two_instances_share_the_work_and_one_goes_on_alone_when_the_other_is_killed(
    settings: Settings, tmp_path: Path
) -> None:
    bodies = [signed(b'{"n":%d}' % number) for number in range(40)]
    async with ingress(settings) as first, process(settings, tmp_path) as (other, second), inbound(settings) as read:
        await asyncio.gather(ready(first), ready(second))
        posting = [asyncio.create_task(post((first, second)[n % 2], body)) for n, body in enumerate(bodies)]
        assert (await posting[1]).content == ACKNOWLEDGED
        other.kill()
        await other.wait()
        gone = settings.clock.clock().now()
        answers = await asyncio.gather(*posting, return_exceptions=True)
        acknowledged = {body for body, answer in zip(bodies, answers, strict=True) if is_acknowledged(answer)}
        assert acknowledged >= {bodies[1], *bodies[::2]}
        stored: set[bytes] = set()
        while not stored >= acknowledged:
            stored |= {raw.body for raw in await requests(read, 1)}
        async with asyncio.timeout(30):
            while not (is_tick(record := await read.getone()) and Tick.decode(record.value).now > gone):
                pass


def is_acknowledged(answer: httpx.Response | BaseException) -> bool:
    return isinstance(answer, httpx.Response) and answer.content == ACKNOWLEDGED


async def test_on_stop_what_is_under_way_is_finished_and_flushed(settings: Settings) -> None:
    stop = asyncio.Event()
    bound: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(run_ingress(settings, stop, bound))
    port = await bound
    await ready(port)
    bodies = [signed(b'{"n":%d}' % number) for number in range(30)]
    posting = [asyncio.create_task(post(port, body)) for body in bodies]
    await posting[0]
    stop.set()
    began = time.monotonic()
    await running
    assert time.monotonic() - began < 15
    answers = await asyncio.gather(*posting, return_exceptions=True)
    acknowledged = [body for body, answer in zip(bodies, answers, strict=True) if isinstance(answer, httpx.Response)]
    assert all(answer.content == ACKNOWLEDGED for answer in answers if isinstance(answer, httpx.Response))
    async with inbound(settings) as consumer:
        stored = {raw.body for raw in await requests(consumer, len(acknowledged))}
    assert stored >= set(acknowledged)


@pytest.mark.broker
async def test_while_the_broker_is_away_nothing_is_acknowledged_and_afterwards_all_goes_on(
    tmp_path: Path, salt: SecretFrom
) -> None:
    with running_broker(tmp_path / "kafka") as broker:
        settings = settings_for(broker.bootstrap, salt)
        await create_topics(settings.kafka, [INBOUND])
        async with ingress(settings) as port:
            await ready(port)
            assert (await post(port, signed())).content == ACKNOWLEDGED
            broker.kill()
            began = time.monotonic()
            answers = await asyncio.gather(*(post(port, signed(b'{"n":%d}' % number)) for number in range(5)))
            assert time.monotonic() - began < 12
            for answer in answers:
                assert answer.status_code == 503
                assert int(answer.headers["retry-after"]) > 0
                assert answer.json()["result"] is False
            await ready(port, so=False)
            broker.start()
            await ready(port)
            after = signed(b'{"after":1}')
            assert (await post(port, after)).content == ACKNOWLEDGED
            async with inbound(settings) as consumer:
                bodies: set[bytes] = set()
                while after not in bodies:
                    bodies |= {raw.body for raw in await requests(consumer, 1)}
            assert signed() in bodies


@pytest.mark.broker
async def test_ingress_starts_before_its_broker_does(tmp_path: Path, salt: SecretFrom) -> None:
    with running_broker(tmp_path / "kafka") as broker:
        settings = settings_for(broker.bootstrap, salt)
        await create_topics(settings.kafka, [INBOUND])
        broker.stop()
        async with ingress(settings) as port:
            assert (await post(port, signed())).status_code == 503
            broker.start()
            await ready(port)
            assert (await post(port, signed())).content == ACKNOWLEDGED


async def test_ingress_says_that_its_topic_is_missing_and_takes_requests_once_it_is_made(
    broker: Broker, salt: SecretFrom, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_for(broker.bootstrap, salt)
    name = settings.kafka.topic(INBOUND.name)
    reason = f"the topic {name} is missing: `quayside topics` makes it"
    with capture_logs() as told:
        async with ingress(settings) as port:
            while (why := await unready(port)) == NOT_YET:  # noqa: ASYNC110 - it is remote
                await asyncio.sleep(0.05)
            assert why == reason
            refused = await post(port, signed())
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
            assert await unready(port) == reason
            await create_topics(settings.kafka, [INBOUND])
            await ready(port)
            assert (await post(port, signed())).content == ACKNOWLEDGED
    assert [entry["reason"] for entry in told if entry["event"] == "not connected"] == [reason]
    assert not [record for record in caplog.records if "not found in cluster metadata" in record.getMessage()]


@pytest.mark.broker
async def test_ingress_stops_in_bounded_time_even_while_the_broker_is_away(tmp_path: Path, salt: SecretFrom) -> None:
    with running_broker(tmp_path / "kafka") as broker:
        settings = settings_for(broker.bootstrap, salt)
        await create_topics(settings.kafka, [INBOUND])
        async with ingress(settings) as port:
            await ready(port)
            broker.kill()
            assert (await post(port, signed())).status_code == 503
            began = time.monotonic()
        assert time.monotonic() - began < 25
