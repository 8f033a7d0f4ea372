"""The worker on a real broker: what it owns, what it opens, how it ends, and what it refuses."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import Fatal, Rejected
from contracts.topics import DOCUMENTS, SNAPSHOTS, changelog
from desk.broker import Broker
from streams.engine import worker
from streams.engine.ownership import Ownership
from streams.engine.placement import partition_of
from tests.faults.arena import Arena, arena, until
from tests.streams.engine.toys import ALARM, COUNTER, NOON, ROUTE, Rules, headers_of

KEYS = [b"key-%d" % number for number in range(40)]


async def events(on: Arena, each: int = 1) -> None:
    for _ in range(each):
        for key in KEYS:
            await on.put(DOCUMENTS, key, b"x", headers_of("x", at=NOON))


class InProcess:
    """Workers in this process, so that a test can look at what they own."""

    def __init__(self, on: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on = on
        self.owners: list[Ownership] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.stops: list[asyncio.Event] = []
        monkeypatch.setattr(worker, "Ownership", self._made)

    def _made(self, *args: Any, **kwargs: Any) -> Ownership:  # noqa: ANN401
        self.owners.append(Ownership(*args, **kwargs))
        return self.owners[-1]

    async def start(self) -> None:
        ready = asyncio.Event()
        self.stops.append(asyncio.Event())
        run = worker.run_worker([COUNTER], self.on.kafka, Rules(), stop=self.stops[-1], ready=ready, route=ROUTE)
        self.tasks.append(asyncio.create_task(run))
        await asyncio.wait_for(ready.wait(), 30)

    async def stop(self) -> None:
        for stop in self.stops:
            stop.set()
        await asyncio.gather(*self.tasks)

    def owned(self, number: int) -> dict[int, set[bytes]]:
        """The partitions of a worker, and the keys whose state it holds there."""
        return {place.partition: set(owned.core.table) for place, owned in self.owners[number]._owned.items()}


async def test_the_state_of_a_partition_is_dropped_when_it_is_revoked_and_whole_where_it_goes(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with arena(broker, tmp_path) as on:
        workers = InProcess(on, monkeypatch)
        await workers.start()
        await events(on)
        await on.settled(DOCUMENTS)
        assert set(workers.owned(0)) == {0, 1, 2, 3}
        await workers.start()
        await until(lambda: len(workers.owned(0)) == len(workers.owned(1)) == 2, "the partitions to be shared")
        both = workers.owned(0) | workers.owned(1)
        assert set(both) == {0, 1, 2, 3}
        for partition, keys in both.items():
            assert keys == {key for key in KEYS if partition_of(key, 4) == partition}
        await events(on)
        await on.settled(DOCUMENTS)
        await workers.stop()
        assert await on.latest() == dict.fromkeys(KEYS, b"2")


async def test_a_worker_asked_to_end_finishes_commits_and_leaves_nothing_to_repeat(
    broker: Broker, tmp_path: Path
) -> None:
    async with arena(broker, tmp_path) as on:
        first = on.start("tally")
        await until(lambda: first.joined, "the worker to join")
        writing = asyncio.create_task(events(on, 10))
        await until(lambda: some_told(on), "the first events to be finished")
        began = time.monotonic()
        first.signal(signal.SIGTERM)
        assert await first.ended() == 0, first.log.read_text()
        assert time.monotonic() - began < 10
        await writing
        second = on.start("tally")
        await on.settled(DOCUMENTS, among=[second])
        await second.stop()
        assert len(await on.read("tracking")) == len(KEYS) * 10


async def some_told(on: Arena) -> bool:
    return len(await on.read("tracking")) > len(KEYS)


async def test_a_worker_listens_on_no_port(broker: Broker, tmp_path: Path) -> None:
    async with arena(broker, tmp_path) as on:
        running = on.start("normalise", "counter")
        await until(lambda: running.joined, "the worker to join")
        assert listening(running.process.pid) == []
        await running.stop()


def listening(pid: int) -> list[str]:
    """Local addresses on which a process listens. Source: proc_pid_net(5), the state 0A is LISTEN."""
    root = Path(f"/proc/{pid}")
    sockets = {str(fd.readlink()) for fd in (root / "fd").iterdir()}
    lines = [line.split() for name in ("tcp", "tcp6") for line in (root / "net" / name).read_text().splitlines()[1:]]
    return [line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in sockets]


async def test_a_higher_policy_revision_folds_all_keys_again(broker: Broker, tmp_path: Path) -> None:
    async with arena(broker, tmp_path) as on:
        first = on.start("counter")
        await events(on)
        await on.settled(DOCUMENTS, among=[first])
        await first.stop()
        second = on.start("counter", rules=2)

        async def told() -> bool:
            return await on.latest() == dict.fromkeys(KEYS, b"revision 2")

        await until(told, "all keys to be folded again")
        await second.stop()
        assert len(await on.read(SNAPSHOTS)) >= 2 * len(KEYS)


async def test_a_worker_that_is_older_than_its_state_stands_still(broker: Broker, tmp_path: Path) -> None:
    async with arena(broker, tmp_path, partitions=1) as on:
        await on.put(changelog("counter"), b"key", b"\x02from the future", [])
        older = on.start("counter")
        assert await older.ended() == 1
        assert "a changelog record has format 02" in older.log.read_text()


async def test_a_worker_refuses_topics_that_are_missing_or_not_as_declared(broker: Broker, tmp_path: Path) -> None:
    async with arena(broker, tmp_path) as on:
        elsewhere = on.kafka.model_copy(update={"prefix": "nowhere"})
        with pytest.raises(Fatal, match=r"nowhere\.documents are missing: `quayside topics` makes them"):
            await worker.run_worker([ALARM], elsewhere, Rules(), stop=asyncio.Event(), route=ROUTE)
        other = on.kafka.model_copy(update={"partitions": 5})
        with pytest.raises(Rejected, match="it has 4 partitions, declared are 5"):
            await worker.run_worker([ALARM], other, Rules(), stop=asyncio.Event(), route=ROUTE)
