"""A watched folder on a real Kafka: what is dropped becomes durable, then is put away, and time stands behind it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from secrets import token_hex

from connectors.kafka import create_topics
from connectors.polling.role import run_poll
from connectors.scanning import Record, places, reading, scan
from contracts.settings import KafkaSettings, Listen, RoleSettings, Settings, SourceAccount, WatchedFolder
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import INBOUND
from desk.broker import Broker
from tests.connectors.files.test_looking import GOOD, OPTIONS, WRONG

PATIENCE = 60.0


async def records(settings: Settings) -> list[Record]:
    async with reading(settings.kafka) as consumer:
        return [record async for record in scan(consumer, places(settings.kafka, INBOUND))]


def is_tick(record: Record) -> bool:
    return ("ce_type", TICK_TYPE.encode()) in record.headers


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def test_what_is_dropped_becomes_durable_with_time_behind_it_and_is_put_away(
    broker: Broker, tmp_path: Path
) -> None:
    folder = WatchedFolder(path=tmp_path, every_seconds=0.2, quiet_seconds=0.3)
    settings = Settings(
        kafka=KafkaSettings(bootstrap=broker.bootstrap, prefix=f"test-{token_hex(4)}", partitions=2),
        listen=RoleSettings(poll=Listen(port=0)),
        sources=(SourceAccount(name="works", connector="table", options=OPTIONS, folder=folder),),
    )
    await create_topics(settings.kafka)
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "wrong.csv").write_text(WRONG)
    stop = asyncio.Event()
    running = asyncio.create_task(run_poll(settings, stop))

    async def is_heard() -> bool:
        is_done = (tmp_path / "done" / "good.csv").exists() and (tmp_path / "refused" / "wrong.csv").exists()
        return is_done and all(is_tick(last) for last in await newest(settings))

    await until(is_heard)
    stop.set()
    await asyncio.wait_for(running, PATIENCE)
    found = await records(settings)
    told = [json.loads(record.value or b"") for record in found if not is_tick(record)]
    assert sorted(part["rows"][0]["cells"][0] for part in told) == ["SO-1", "SO-2"]
    assert {dict(record.headers)["ce_source"] for record in found if not is_tick(record)} == {b"table/works"}
    assert {Tick.decode(record.value).source for record in found if is_tick(record)} == {"poll/works"}


async def newest(settings: Settings) -> list[Record]:
    """The last record of each partition that has one."""
    return list({record.partition: record for record in await records(settings)}.values())
