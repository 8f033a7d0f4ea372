"""Looking at what came of the day: the ticket desk, the newest snapshots, the dead letters; and when all is quiet."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from connectors.scanning import places, reading, scan
from contracts.envelope import read_time
from contracts.errors import Fatal
from contracts.settings import KafkaSettings, Settings
from contracts.snapshot import Snapshot
from contracts.topics import CASES, DEAD_LETTERS, DELIVERIES, DOCUMENTS, INBOUND, SNAPSHOTS, TRACKING
from desk.demo.outcome import Outcome, TaskName, TaskRecord, of_snapshots, task_name
from streams.dead_letters.letter import read_letter
from streams.dispatch.entry import Entry
from streams.store.database import open_database
from streams.store.overview import Asked, find
from streams.tracing.snapshots import newest_snapshots

LOOK_EVERY_SECONDS = 0.25
QUIET_SECONDS = 1.5
"""For how long nothing may happen anywhere before the day counts as worked off."""
PATIENCE_SECONDS = 90.0
_ALL = 10_000


@dataclass(frozen=True, slots=True)
class TicketDesk:
    """What the ticket desk shows to whoever asks."""

    client: httpx.AsyncClient
    url: str

    async def records(self) -> list[dict[str, Any]]:
        """Give its records, the oldest first; none while it does not answer."""
        try:
            answer = await self.client.get(f"{self.url}/records")
        except httpx.TransportError:
            return []
        found: list[dict[str, Any]] = answer.raise_for_status().json()["records"]
        return found


def tasks_of(records: list[dict[str, Any]]) -> dict[TaskName, tuple[TaskRecord, ...]]:
    """Read the desk's records as tasks."""
    found: dict[TaskName, list[TaskRecord]] = defaultdict(list)
    for record in records:
        fields = record["fields"]
        found[task_name(record["key"])].append(
            TaskRecord(record["is_open"], fields["role"], read_time(fields["since"]))
        )
    return {name: tuple(tasks) for name, tasks in found.items()}


@dataclass(frozen=True, slots=True)
class Portal:
    """What the subscriber was told, as `quayside receive` shows it."""

    client: httpx.AsyncClient
    url: str

    async def messages(self) -> list[dict[str, Any]]:
        """Give its messages, the oldest first; none while it does not answer."""
        try:
            answer = await self.client.get(f"{self.url}/webhooks")
        except httpx.TransportError:
            return []
        found: list[dict[str, Any]] = answer.raise_for_status().json()["messages"]
        return found


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands outside, where all that is made of the day arrives. asked: how often registrations were asked for."""

    desk: TicketDesk
    portal: Portal
    asked: Callable[[], int]

    async def state(self) -> object:
        """Give something that changes whenever anything arrives."""
        records = [(record["id"], record["version"]) for record in await self.desk.records()]
        return records, len(await self.portal.messages()), self.asked()


async def until_quiet(settings: Settings, outside: Outside) -> None:
    """Wait until every record was worked off and nothing happens any more; raises Fatal where that takes too long.

    Worked off: the worker has committed all that is in its topics, which it does after what follows from it is
    written, and dispatch has read every snapshot for each of its targets; then what stands outside stays as it is, too.
    """
    kafka = settings.kafka
    loop = asyncio.get_running_loop()
    give_up = loop.time() + PATIENCE_SECONDS
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(reading(kafka, group=kafka.topic("worker")))
        dispatch = [
            await stack.enter_async_context(reading(kafka, group=kafka.topic(f"dispatch.{account.name}")))
            for account in settings.dispatched
        ]
        last: object = None
        since, behind = loop.time(), 0
        while loop.time() < give_up:
            left = [
                await _left(worker, [place for topic in _WORKED for place in places(kafka, topic)]),
                *[await _left(one, places(kafka, SNAPSHOTS)) for one in dispatch],
            ]
            now = (left, await outside.state())
            behind = sum(number for _, number in left)
            if now != last or behind:
                last, since = now, loop.time()
            elif loop.time() - since >= QUIET_SECONDS:
                return
            await asyncio.sleep(LOOK_EVERY_SECONDS)
    raise Fatal(
        f"the day was not worked off within {PATIENCE_SECONDS:g} s: {behind} records are left", code="demo_not_quiet"
    )


_WORKED = (INBOUND, DOCUMENTS, TRACKING, CASES, DELIVERIES)


async def _left(consumer: AIOKafkaConsumer, wanted: list[TopicPartition]) -> tuple[int, int]:
    """Give how many records there are, and how many of them the reader's group has not finished."""
    ends: Mapping[TopicPartition, int] = await consumer.end_offsets(wanted)
    committed = [await consumer.committed(place) or 0 for place in wanted]
    return sum(ends.values()), sum(ends.values()) - sum(committed)


async def look(kafka: KafkaSettings, desk: TicketDesk) -> tuple[Outcome, list[Snapshot]]:
    """Give what came of the day, and the snapshots that say so."""
    async with reading(kafka) as consumer:
        snapshots = await newest_snapshots(consumer, kafka)
        # By where they stood: a record dies again where its reader was killed before it could say so.
        dead = {read_letter(record).origin async for record in scan(consumer, places(kafka, DEAD_LETTERS))}
    orders, findings = of_snapshots(snapshots)
    return Outcome(orders, findings, tasks_of(await desk.records()), len(dead)), snapshots


async def ledger_of(settings: Settings, target: str) -> list[Entry]:
    """Give all that the ledger has of one target."""
    async with open_database(settings.database_url()) as database:
        return [line.entry for line in await find(database, Asked(target=target, limit=_ALL))]
