"""kill -9 between each two steps of an action: after the next start the target has exactly what is wanted.

The process is the product's own, its target is the ticket desk over HTTP, and the broker is a real one.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest
import yaml

from connectors.kafka import create_topics, producer
from contracts.settings import KafkaSettings, Settings
from contracts.topics import DEAD_LETTERS, HINTS, INBOUND, SNAPSHOTS
from streams.failpoints import VARIABLE
from tests.streams.dispatch.running import until
from tests.streams.dispatch.samples import TopicRecord, record, snapshot, task

FAILPOINTS = ["dispatch.planned", "dispatch.marked", "dispatch.called", "dispatch.recorded"]
PYTHON = [sys.executable, "-m", "desk"]


@pytest.fixture
async def desk() -> AsyncIterator[httpx.AsyncClient]:
    """A ticket desk as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *PYTHON, "receive", "--port", "0", stdout=asyncio.subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        url = next(word for word in line.split() if word.startswith("http")).rstrip(",.")
        async with httpx.AsyncClient(base_url=url) as client:
            yield client
    finally:
        process.terminate()
        await process.wait()


class Dispatch:
    """The product's process, started again and again: one target, with topics of its own."""

    def __init__(self, kafka: KafkaSettings, url: str, folder: Path) -> None:
        self.kafka = kafka
        self._config = folder / "quayside.yaml"
        told = {"bootstrap", "prefix", "partitions", "session_timeout_seconds"}
        written = {
            "state": str(folder),
            "kafka": kafka.model_dump(mode="json", include=told),
            "listen": {"dispatch": {"port": 0}},
            "targets": [{"name": "desk", "connector": "ticket-desk", "url": url, "poll_seconds": 1}],
        }
        folder.mkdir()
        self._config.write_text(yaml.safe_dump(written))

    async def start(self, failpoint: str = "") -> asyncio.subprocess.Process:
        environment = dict(os.environ)
        if failpoint:
            environment[VARIABLE] = failpoint
        return await asyncio.create_subprocess_exec(
            *PYTHON, "dispatch", "--config", str(self._config), env=environment, stderr=asyncio.subprocess.DEVNULL
        )


async def shown(desk: httpx.AsyncClient, order: str) -> list[tuple[str, bool]]:
    """The titles of an order's records, and whether they are open."""
    answer = await desk.get("/records", params={"changed_since": "0"})
    found = answer.raise_for_status().json()["records"]
    return [(one["fields"]["title"], one["is_open"]) for one in found if f'"{order}"' in one["key"]]


def steps(order: str) -> list[tuple[TopicRecord, tuple[str, bool]]]:
    """What is told of an order, and what its one record must then be."""
    return [
        (record(snapshot(task(title="late"), order=order), 1), ("late", True)),
        (record(snapshot(task(title="very late"), order=order), 2), ("very late", True)),
        (record(snapshot(order=order), 3), ("very late", False)),
    ]


async def live_through(dispatch: Dispatch, desk: httpx.AsyncClient, order: str, failpoint: str) -> None:
    """Tell one order's life; at each step a process is killed at the failpoint, and the next one goes on."""
    topic = dispatch.kafka.topic(SNAPSHOTS.name)
    behind = record(snapshot(task(title="behind"), order=f"{order}-behind"), 1)
    async with producer(dispatch.kafka, "test") as writer:
        for told, wanted in [*steps(order), (behind, None)]:
            await writer.send_and_wait(topic, told.value, key=told.key, headers=list(told.headers))
            if wanted is not None:
                killed = await dispatch.start(f"{failpoint}:1")
                assert await asyncio.wait_for(killed.wait(), 60) == -signal.SIGKILL
            clean = await dispatch.start()
            try:
                expected = (order, wanted) if wanted is not None else (f"{order}-behind", ("behind", True))
                await until(partial(_is, desk, *expected), f"{failpoint}: the one record is {expected}", 60)
            finally:
                clean.terminate()
                await asyncio.wait_for(clean.wait(), 30)
    assert await shown(desk, order) == [("very late", False)]


async def _is(desk: httpx.AsyncClient, order: str, wanted: tuple[str, bool]) -> bool:
    return await shown(desk, order) == [wanted]


@pytest.mark.timeout(300)
async def test_killed_in_a_create_an_update_and_a_close_each_order_has_one_record(
    settings: Settings, desk: httpx.AsyncClient, tmp_path: Path
) -> None:
    """All failpoints at once, each with topics of its own, since most of the time is waiting for Kafka's group."""
    dispatches = []
    for failpoint in FAILPOINTS:
        kafka = settings.kafka.model_copy(update={"prefix": f"{settings.kafka.prefix}-{failpoint}", "partitions": 1})
        await create_topics(kafka, (SNAPSHOTS, INBOUND, HINTS, DEAD_LETTERS))
        dispatches.append(Dispatch(kafka, str(desk.base_url), tmp_path / failpoint))
    lives = [
        live_through(one, desk, f"SO-{number}", failpoint)
        for number, (one, failpoint) in enumerate(zip(dispatches, FAILPOINTS, strict=True))
    ]
    await asyncio.gather(*lives)
