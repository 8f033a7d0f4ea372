"""A worker dies between any two of its writes: what readers hold in the end is what they would hold without."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from contracts.ticks import Tick
from contracts.topics import DOCUMENTS, SNAPSHOTS, TRACKING
from desk.broker import Broker
from tests.faults.arena import Arena, Worker, arena, until
from tests.streams.engine.toys import LIMIT, NOON

POINTS = ("before_outputs", "after_outputs", "after_changelog", "after_ticks")
FAILPOINTS = [f"engine.{point}{kind}:1" for point in POINTS for kind in ("", ".deadline")] + ["engine.after_ack:1"]
MINUTE = timedelta(minutes=1)
FINAL = {
    b"silent": b'{"number":1,"raised":true}',
    b"lively": b'{"number":3,"raised":false}',
    b"late": b'{"number":2,"raised":false}',
    b"twice": b'{"number":2,"raised":true}',
}


STEPS = [
    ([b"silent", b"lively", b"late", b"twice"], NOON, NOON),
    ([b"lively", b"twice"], NOON + 59 * MINUTE, NOON + 61 * MINUTE),
    ([b"lively", b"late"], NOON + 118 * MINUTE, NOON + 119 * MINUTE),
]
"""What is scanned, when, and the time that passes then: `silent` and `late` are due at 13:00, `twice` at 13:59."""


async def play(on: Arena, failpoint: str) -> bool:
    """Play a short day, step by step; a worker that dies on the way is replaced. Tell whether one did."""
    worker = on.start("alarm", failpoint=failpoint)
    died = False
    for keys, at, time in STEPS:
        for key in keys:
            await on.scan(DOCUMENTS, key, at)
        await on.time(time)
        await until(partial(dead_or_done, on, worker), "the step to be read")
        if worker.code is not None:
            assert worker.code == -9, worker.log.read_text()
            died = True
            worker = on.start("alarm")
            await on.settled(DOCUMENTS, among=[worker])
    await worker.stop()
    return died


async def dead_or_done(on: Arena, worker: Worker) -> bool:
    return worker.code is not None or await on.lag([DOCUMENTS]) == 0


async def passed_on(on: Arena) -> object:
    """Give the highest time that was passed on."""
    return max(Tick.decode(record.value).now for record in await on.read(TRACKING))


@pytest.mark.parametrize("failpoint", ["", *FAILPOINTS])
async def test_a_crash_between_two_writes_changes_nothing_in_the_end(
    broker: Broker, tmp_path: Path, failpoint: str
) -> None:
    async with arena(broker, tmp_path, partitions=1, session_seconds=1.5) as on:
        assert await play(on, failpoint) == bool(failpoint)
        held = await on.latest()
        assert held == FINAL
        assert await passed_on(on) == NOON + 119 * MINUTE
        raised = {record.key for record in await on.read(SNAPSHOTS) if b'"raised":true' in record.value}
        assert raised == {b"silent", b"late", b"twice"}


async def test_a_deadline_that_was_armed_before_a_crash_takes_effect_after_it(broker: Broker, tmp_path: Path) -> None:
    async with arena(broker, tmp_path, partitions=2, session_seconds=1.5) as on:
        worker = on.start("alarm")
        await on.scan(DOCUMENTS, b"silent", NOON)
        await on.time(NOON)
        await on.settled(DOCUMENTS, among=[worker])
        await worker.kill()
        another = on.start("alarm")
        await on.time(NOON + LIMIT)
        await on.settled(DOCUMENTS, among=[another])
        assert await on.latest() == {b"silent": b'{"number":1,"raised":true}'}
