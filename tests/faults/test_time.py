"""Time arrives as records: what rests on silence waits until the records of that time were read."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.clock import INGRESS, poller_source
from contracts.envelope import Envelope
from contracts.ticks import SETTLE, Tick
from contracts.topics import DOCUMENTS, INBOUND, SNAPSHOTS
from desk.broker import Broker
from tests.faults.arena import Arena, arena
from tests.streams.engine.toys import LIMIT, NOON

MINUTE = timedelta(minutes=1)
EVERY = timedelta(seconds=15)
STAGES = ("normalise", "alarm")


async def minutes(on: Arena, begin: int, end: int, scans: dict[int, bytes], sources: dict[str, range]) -> None:
    """Write the records of some minutes: scans, and each source's ticks where it is listening."""
    for minute in range(begin, end):
        now = NOON + minute * MINUTE
        if minute in scans:
            await on.scan(INBOUND, scans[minute], now)
        ticks = [
            Tick.of_source(source, now + part * EVERY, EVERY.total_seconds())
            for part in range(4)
            for source, listening in sources.items()
            if minute in listening
        ]
        await on.tick(INBOUND, *ticks)


async def raised(on: Arena) -> dict[bytes, datetime]:
    """Say of which keys the alarm was ever raised, and at what time first."""
    found: dict[bytes, datetime] = {}
    for record in await on.read(SNAPSHOTS):
        if b'"raised":true' in record.value:
            as_of = Envelope.read(record.headers).stamp.as_of
            found[record.key] = min(as_of, found.get(record.key, as_of))
    return found


SCANS = {0: b"silent", 1: b"scanned", 2: b"polled-parcel", 50: b"scanned", 100: b"scanned"}
LISTENING = {INGRESS: range(1000), poller_source("erp"): range(1000)}


async def day(broker: Broker, folder: Path, *, down: bool) -> tuple[dict[bytes, datetime], dict[bytes, bytes]]:
    """Live two hours and ten minutes, killed for two of them where it is `down`; give what was raised, and what is."""
    async with arena(broker, folder, partitions=2, session_seconds=1.5) as on:
        worker = on.start(*STAGES)
        await minutes(on, 0, 10, SCANS, LISTENING)
        await on.settled(INBOUND, DOCUMENTS, among=[worker])
        if down:
            await worker.kill()
        await minutes(on, 10, 130, SCANS, LISTENING)
        if down:
            worker = on.start(*STAGES)
        await on.settled(INBOUND, DOCUMENTS, among=[worker])
        return await raised(on), await on.latest()


async def test_two_hours_of_downtime_open_nothing_that_the_undisturbed_day_does_not_open(
    broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    opened, left = await day(broker, tmp_path_factory.mktemp("undisturbed"), down=False)
    assert opened
    found, left_after = await day(broker, tmp_path_factory.mktemp("killed"), down=True)
    assert found.keys() == opened.keys()
    assert min(found.values()) >= NOON + LIMIT
    assert left_after == left


async def test_time_goes_on_and_only_what_rests_on_the_deaf_poller_waits(broker: Broker, tmp_path: Path) -> None:
    """The poller is refused for three hours, tick by tick; `test_deaf_sources` does it with the real sources."""
    poller = poller_source("erp")
    back = 20 + 180
    async with arena(broker, tmp_path, partitions=2) as on:
        worker = on.start(*STAGES)
        await minutes(on, 0, 20, SCANS, {INGRESS: range(20), poller: range(20)})
        await minutes(on, 20, back, SCANS, {INGRESS: range(back)})
        await on.settled(INBOUND, DOCUMENTS, among=[worker])
        assert set(await raised(on)) == {b"silent", b"scanned"}
        await minutes(on, back, back + 39, {}, {INGRESS: range(1000), poller: range(1000)})
        await on.settled(INBOUND, DOCUMENTS, among=[worker])
        assert b"polled-parcel" not in await raised(on)
        await minutes(on, back + 39, back + 45, {}, {INGRESS: range(1000), poller: range(1000)})
        await on.settled(INBOUND, DOCUMENTS, among=[worker])
        assert (await raised(on))[b"polled-parcel"] >= NOON + back * MINUTE + SETTLE
        assert (await on.latest())[b"silent"] == b'{"number":1,"raised":true}'
        assert await on.lag([DOCUMENTS]) == 0
