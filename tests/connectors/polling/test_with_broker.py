"""Polling on a real Kafka: whose turn it is, what a restart remembers, and what a lost broker does to it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from secrets import token_hex

import httpx
import pytest
import yaml
from aiokafka.errors import ProducerFenced

from connectors.kafka import create_topics
from connectors.polling.journal import journal_of, recall
from connectors.polling.memory import Memory
from connectors.polling.role import run_poll
from connectors.scanning import Record, places, reading, scan
from contracts.clock import WallClock
from contracts.errors import Fatal, Rejected
from contracts.settings import KafkaSettings, Listen, PollerAccount, RoleSettings, Settings
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import BODY_LIMIT, DEAD_LETTERS, INBOUND, Topic
from desk.broker import Broker, running_broker

EVERY = 0.2
PATIENCE = 60.0
ENDS_WITHIN = 30.0


class Erp:
    """A file that is polled as if it were an ERP."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def write(self, document: str, content: str) -> None:
        line = {"at": datetime.now(UTC).isoformat(), "kind": "order", "document": document, "record": {"is": content}}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@pytest.fixture
def erp(tmp_path: Path) -> Erp:
    return Erp(tmp_path / "erp.jsonl")


def settings_for(bootstrap: str, erp: Erp) -> Settings:
    return Settings(
        kafka=KafkaSettings(
            bootstrap=bootstrap, prefix=f"test-{token_hex(4)}", partitions=2, session_timeout_seconds=6
        ),
        listen=RoleSettings(poll=Listen(port=0)),
        pollers=(PollerAccount(name="erp", connector="sample-file", url=f"file:{erp.path}", every_seconds=EVERY),),
    )


@pytest.fixture
async def settings(broker: Broker, erp: Erp) -> Settings:
    made = settings_for(broker.bootstrap, erp)
    await create_topics(made.kafka)
    return made


@asynccontextmanager
async def polling(settings: Settings) -> AsyncIterator[str]:
    """Run the role until the context ends; gives the address of its pages, once it stands in line."""
    stop, bound = asyncio.Event(), asyncio.get_running_loop().create_future()
    running = asyncio.create_task(run_poll(settings, stop, bound))
    try:
        await asyncio.wait({running, bound}, return_when=asyncio.FIRST_COMPLETED)
        url = f"http://127.0.0.1:{bound.result()}"
        await until(lambda: answers(url, 200))
        yield url
    finally:
        stop.set()
        await asyncio.wait_for(running, PATIENCE)


async def answers(url: str, status: int) -> bool:
    async with httpx.AsyncClient() as http:
        return (await http.get(f"{url}/readyz")).status_code == status


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def records(settings: Settings, topic: Topic = INBOUND) -> list[Record]:
    async with reading(settings.kafka) as consumer:
        return [record async for record in scan(consumer, places(settings.kafka, topic))]


def is_tick(record: Record) -> bool:
    return ("ce_type", TICK_TYPE.encode()) in record.headers


async def told(settings: Settings) -> list[str]:
    """What the readings say, the oldest first."""
    found = [json.loads(record.value or b"") for record in await records(settings) if not is_tick(record)]
    return [each["record"]["is"] for each in sorted(found, key=lambda each: each["read_at"])]


async def ticks(settings: Settings) -> list[Tick]:
    """The ticks in one partition."""
    return [Tick.decode(record.value) for record in await records(settings) if is_tick(record) and not record.partition]


async def test_readings_are_told_with_time_behind_them_and_once_even_over_a_restart(
    settings: Settings, erp: Erp
) -> None:
    for content in ("ten", "eight"):
        erp.write("SO1", content)
    for content in ("ten", "six"):
        erp.write("SO1", content)
        async with polling(settings):
            await until(partial(_more_ticks, settings, len(await ticks(settings)) + 2))
    assert await told(settings) == ["ten", "eight", "ten", "six"]
    for partition in range(2):
        last = [record for record in await records(settings) if record.partition == partition][-1]
        assert is_tick(last)


async def _more_ticks(settings: Settings, than: int) -> bool:
    return len(await ticks(settings)) > than


async def test_of_two_pollers_one_works(settings: Settings) -> None:
    """Two that poll at the same time would tick twice in one interval."""
    async with polling(settings), polling(settings):
        before = len(await ticks(settings))
        await until(lambda: _more_ticks(settings, before + 12))
        instants = [tick.now for tick in await ticks(settings)][before + 1 :]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(instants)]
    assert min(gaps) > 0.6 * EVERY


async def test_another_poller_takes_over_from_one_that_is_killed(settings: Settings, erp: Erp, tmp_path: Path) -> None:
    config = tmp_path / "quayside.yaml"
    config.write_text(yaml.safe_dump(settings.model_dump(mode="json", exclude={"policy"})), encoding="utf-8")
    command = [sys.executable, "-m", "desk", "poll", "--config", str(config)]
    erp.write("SO1", "told by the first")
    first = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        await until(lambda: _is_told(settings, "told by the first"))
        async with polling(settings):
            os.kill(first.pid, signal.SIGKILL)
            await first.wait()
            erp.write("SO1", "told by the second")
            await until(lambda: _is_told(settings, "told by the second"))
    finally:
        if first.returncode is None:
            first.kill()
            await first.wait()
    assert await told(settings) == ["told by the first", "told by the second"]


async def _is_told(settings: Settings, content: str) -> bool:
    return content in await told(settings)


async def recalled(account: PollerAccount, settings: Settings) -> Memory:
    """Recall as the role does, in its turn: opening a journal waits until the last transaction is there for readers."""
    async with journal_of(account, settings.kafka, WallClock()):
        return await recall(account.name, settings.kafka)


async def test_one_who_was_stopped_for_long_can_no_longer_write_what_is_remembered(settings: Settings) -> None:
    [account] = settings.pollers
    clock = WallClock()
    async with journal_of(account, settings.kafka, clock) as sleeper:
        await sleeper.remember([(b'["erp","progress"]', b'{"mark":"first"}')])
        async with journal_of(account, settings.kafka, clock) as successor:
            await successor.remember([(b'["erp","progress"]', b'{"mark":"second"}')])
            with pytest.raises(ProducerFenced):
                await sleeper.remember([(b'["erp","progress"]', b'{"mark":"third"}')])
        assert (await recalled(account, settings)).progress.mark == "second"


async def test_an_account_remembers_nothing_of_another(settings: Settings) -> None:
    [account] = settings.pollers
    async with journal_of(account, settings.kafka, WallClock()) as journal:
        await journal.remember([(b'["erp","progress"]', b'{"mark":"erp"}'), (b'["erp2","progress"]', b'{"mark":"2"}')])
    assert (await recalled(account, settings)).progress.mark == "erp"


async def test_a_system_that_refuses_gives_no_time(settings: Settings, erp: Erp) -> None:
    """Its account is deaf; another one beside it is not."""
    refusing = settings.pollers[0].model_copy(update={"name": "gone", "url": f"file:{erp.path}.none"})
    both = settings.model_copy(update={"pollers": (*settings.pollers, refusing)})
    async with polling(both) as url:
        await until(lambda: _counts(url, 'quayside_polls_total{account="gone",outcome="refused"}'))
        await until(lambda: _more_ticks(settings, 3))
    assert {tick.source for tick in await ticks(settings)} == {"poll/erp"}


async def _counts(url: str, line: str) -> bool:
    async with httpx.AsyncClient() as http:
        return line in (await http.get(f"{url}/metrics")).text


async def test_a_reading_that_is_too_large_stands_in_the_dead_letters_and_polling_goes_on(
    settings: Settings, erp: Erp
) -> None:
    erp.write("SO1", "x" * BODY_LIMIT)
    erp.write("SO2", "y" * 3 * BODY_LIMIT)
    erp.write("SO3", "small")
    async with polling(settings):
        await until(lambda: _more_ticks(settings, 1))
    assert await told(settings) == ["small"]
    reasons = [
        dict(record.headers)["quayside-dead-reason"].decode() for record in await records(settings, DEAD_LETTERS)
    ]
    assert sorted("only its first" in reason for reason in reasons) == [False, True]


@pytest.mark.broker
async def test_it_goes_on_when_a_broker_that_was_killed_comes_back(tmp_path: Path, erp: Erp) -> None:
    with running_broker(tmp_path / "kafka") as broker:
        settings = settings_for(broker.bootstrap, erp)
        await create_topics(settings.kafka)
        async with polling(settings):
            erp.write("SO1", "before")
            await until(lambda: _is_told(settings, "before"))
            await asyncio.to_thread(broker.kill)
            erp.write("SO1", "meanwhile")
            await asyncio.to_thread(broker.start)
            await until(lambda: _is_told(settings, "meanwhile"))
        assert await told(settings) == ["before", "meanwhile"]


@pytest.mark.broker
async def test_it_ends_in_bounded_time_when_the_broker_is_away(tmp_path: Path, erp: Erp) -> None:
    with running_broker(tmp_path / "kafka") as broker:
        settings = settings_for(broker.bootstrap, erp)
        await create_topics(settings.kafka)
        async with polling(settings):
            await until(lambda: _more_ticks(settings, 1))
            await asyncio.to_thread(broker.kill)
            began = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began < ENDS_WITHIN


async def test_without_its_topics_it_does_not_start(broker: Broker, erp: Erp) -> None:
    with pytest.raises(Fatal, match="are missing: `quayside topics` makes them"):
        await run_poll(settings_for(broker.bootstrap, erp), asyncio.Event())


async def test_without_an_account_there_is_nothing_to_do(broker: Broker, erp: Erp) -> None:
    none = settings_for(broker.bootstrap, erp).model_copy(update={"pollers": ()})
    with pytest.raises(Rejected, match="no poller is configured"):
        await run_poll(none, asyncio.Event())
