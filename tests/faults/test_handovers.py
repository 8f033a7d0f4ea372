"""Partitions change hands under load: nothing is lost, little is repeated, the state is right."""

import os
import random
import signal
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

import pytest

from contracts.topics import DEAD_LETTERS, DOCUMENTS, INBOUND, SNAPSHOTS, TRACKING, Topic, changelog
from desk.broker import Broker
from tests.faults.arena import Arena, Worker, arena, until
from tests.faults.conftest import Tell
from tests.faults.load import RATE, Load
from tests.streams.engine.toys import headers_of

HANDOVERS = int(os.environ.get("HANDOVERS", "10"))
"""How many there are under load; `make handovers` wants a hundred."""


async def hand_over(on: Arena, workers: list[Worker], stages: tuple[str, ...], how: str, drawn: random.Random) -> None:
    """Take one worker away, bring a new one, and wait until the group keeps up again."""
    victim = workers.pop(drawn.randrange(len(workers)))
    workers.append(on.start(*stages))
    if how == "graceful":
        await victim.stop()
    else:
        await victim.kill()
    topic = INBOUND if stages == ("normalise",) else DOCUMENTS

    async def keeps_up() -> bool:
        for worker in workers:
            assert worker.code is None, worker.log.read_text()
        return all(worker.joined for worker in workers) and await on.lag([topic]) < RATE

    await until(keeps_up, "the group to keep up")


async def run_handovers(on: Arena, stages: tuple[str, ...], source: Topic, seed: int, number: int) -> Counter[bytes]:
    drawn = random.Random(seed)
    order = list(islice(cycle(["kill -9", "graceful"]), number))
    drawn.shuffle(order)
    begun = time.monotonic()
    workers = [on.start(*stages), on.start(*stages)]
    async with Load(on, source) as load:
        await until(lambda: all(worker.joined for worker in workers), "both to join")
        await until(lambda: _caught_up(on, source), "the first events to be read")
        for done, how in enumerate(order, 1):
            await hand_over(on, workers, stages, how, drawn)
            print(f"{done} of {number} handovers, {time.monotonic() - begun:.0f} s: {how}", flush=True)  # noqa: T201 - progress on long work
    await on.settled(source, among=workers)
    for worker in workers:
        await worker.stop()
    return load.sent


async def _caught_up(on: Arena, topic: Topic) -> bool:
    return await on.lag([topic]) < RATE // 2


@pytest.mark.timeout(60 + 18 * HANDOVERS)
async def test_handovers_under_load_lose_nothing(broker: Broker, tmp_path: Path, tell: Tell) -> None:
    seed = random.randrange(10**6)
    tell(f"seed {seed}")
    async with arena(broker, tmp_path) as on:
        sent = await run_handovers(on, ("tally",), DOCUMENTS, seed, HANDOVERS)
        told = Counter(record.value for record in await on.read(TRACKING))
        lost = [number for number in range(sent.total()) if b"%d" % number not in told]
        repeated = told.total() - len(told)
        tell(f"{sent.total()} events, {len(lost)} lost, {repeated / sent.total():.2%} repeated")
        assert lost == []
        assert await on.latest() == {key: b"%d" % number for key, number in sent.items()}
        assert await on.read(DEAD_LETTERS) == []


@pytest.mark.timeout(180)
async def test_a_worker_without_state_loses_nothing_either(broker: Broker, tmp_path: Path, tell: Tell) -> None:
    seed = random.randrange(10**6)
    tell(f"seed {seed}")
    async with arena(broker, tmp_path) as on:
        sent = await run_handovers(on, ("normalise",), INBOUND, seed, 4)
        told = Counter(record.value for record in await on.read(DOCUMENTS))
        lost = [number for number in range(sent.total()) if b"%d" % number not in told]
        repeated = told.total() - len(told)
        tell(f"{sent.total()} events, {len(lost)} lost, {repeated / sent.total():.2%} repeated")
        assert lost == []


async def test_a_worker_that_was_stopped_beyond_its_session_writes_nothing_when_it_wakes(
    broker: Broker, tmp_path: Path
) -> None:
    async with arena(broker, tmp_path) as on:
        first = on.start("tally")
        async with Load(on, DOCUMENTS) as load:
            await until(lambda: _caught_up(on, DOCUMENTS), "the first events to be read")
            second = on.start("tally")
            await until(lambda: second.joined, "the second to own partitions")
            await until(lambda: _caught_up(on, DOCUMENTS), "both to keep up")
            first.signal(signal.SIGSTOP)
            await until(lambda: _fallen_behind(on), "the first to be missed")
            await until(lambda: _caught_up(on, DOCUMENTS), "the second to take all over")
        await on.settled(DOCUMENTS, among=[second])
        newest = await on.latest()
        before = first.assignments
        first.signal(signal.SIGCONT)
        # With something left to write it crashes rather than write it; without, it joins the group anew.
        await until(lambda: first.code is not None or first.assignments > before, "the first to notice")
        assert first.code in {None, 1}, first.log.read_text()
        assert await on.latest() == newest
        await second.kill()
        if first.code is None:
            await first.kill()
        third = on.start("tally")
        for key in load.sent:
            await on.put(DOCUMENTS, key, b"last", headers_of("last"))
        await on.settled(DOCUMENTS, among=[third])
        assert await on.latest() == {key: b"%d" % (number + 1) for key, number in load.sent.items()}


async def test_what_a_stopped_process_still_sends_is_undone_by_the_next_recovery(
    broker: Broker, tmp_path: Path
) -> None:
    """An older state and snapshot, written behind the newer by a process that no guard could hold: from its queue."""
    key = b'["erp","SO-1"]'
    async with arena(broker, tmp_path, partitions=1) as on:
        first = on.start("counter")
        for number in range(2):
            await on.put(DOCUMENTS, key, b"%d" % number, headers_of(f"e{number}"))
            await on.settled(DOCUMENTS, among=[first])
        await first.stop()
        for topic in (changelog("counter"), SNAPSHOTS):
            older, _ = await on.read(topic)
            await on.put(topic, older.key, older.value, list(older.headers))
        assert await on.latest() == {key: b"2"}
        second = on.start("counter")

        async def mended() -> bool:
            states = [record.value for record in await on.read(changelog("counter"))]
            return len(states) > 3 and states[-1] == states[1]

        await until(mended, "the newer state to be written again")
        await on.put(DOCUMENTS, key, b"x", headers_of("e3"))
        await on.settled(DOCUMENTS, among=[second])
        assert await on.latest() == {key: b"3"}


async def _fallen_behind(on: Arena) -> bool:
    return await on.lag([DOCUMENTS]) > RATE
