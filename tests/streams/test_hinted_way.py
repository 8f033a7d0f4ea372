"""The way of a hint on the real broker: posted over HTTP, it wakes whoever reads that account, within a second."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex

import httpx
import pytest

from connectors.ingress.role import ingress
from connectors.kafka import create_topics
from connectors.polling.role import run_poll
from connectors.reading_cloudevents import BATCHED
from connectors.scanning import Record, places, reading, scan
from contracts.clock import poller_source
from contracts.envelope import Envelope, Origin
from contracts.raw import RAW_TYPE
from contracts.settings import KafkaSettings, Listen, PollerAccount, RoleSettings, SecretFrom, Settings, SourceAccount
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import INBOUND
from desk.broker import Broker
from streams.tracing.outcome import Outcome
from streams.tracing.trace import Traced, trace_origin
from streams.worker import run_worker_role
from tests.fakes.odoo import Odoo, company, sell, serving_odoo

PATIENCE = 60.0
WITHIN = 1.0
NEVER = 3600.0
"""Seconds between two polls: longer than any test."""


@dataclass
class Deployment:
    """Ingress, the first stage, and pollers of a file and of an Odoo, which poll once an hour."""

    settings: Settings
    url: str
    file: Path
    odoo: Odoo
    http: httpx.AsyncClient

    def write(self, document: str) -> None:
        line = {"at": datetime.now(UTC).isoformat(), "kind": "order", "document": document, "record": {"is": "new"}}
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    async def hint(self, account: str, times: int = 1) -> None:
        """Post hints, all in one request, until they are taken: the broker's topics may be new to ingress."""
        data = {"kind": "order"}
        events = [
            {"specversion": "1.0", "id": f"{number}", "source": "/erp", "type": "quayside.hint.v1", "data": data}
            for number in range(times)
        ]
        async with asyncio.timeout(PATIENCE):
            while (answer := await self._post(account, json.dumps(events))).status_code != 202:
                assert answer.status_code == 503, answer.text

    async def _post(self, account: str, body: str) -> httpx.Response:
        headers = {"content-type": BATCHED, "authorization": "Bearer s"}
        return await self.http.post(f"{self.url}/cloudevents/{account}", content=body, headers=headers)

    async def inputs(self, connector: str) -> list[Record]:
        """What a connector told, the oldest first; ticks are none."""
        async with reading(self.settings.kafka) as consumer:
            found = [record async for record in scan(consumer, places(self.settings.kafka, INBOUND))]
        told = [record for record in found if ("ce_type", RAW_TYPE.encode()) in record.headers]
        mine = [record for record in told if Envelope.read(record.headers).source.startswith(connector)]
        return sorted(mine, key=lambda record: record.timestamp)

    async def documents(self) -> list[str]:
        return [str(told["document"]) for told in await self.told("sample-file/")]

    async def told(self, connector: str) -> list[dict[str, object]]:
        return [json.loads(record.value or b"") for record in await self.inputs(connector)]

    async def until_told(self, *documents: str) -> None:
        async def told() -> bool:
            return sorted(await self.documents()) == sorted(documents)

        await until(told)

    async def trace(self, record: Record) -> Traced:
        """Wait until it is known what became of an input."""
        origin = Origin(record.topic, record.partition, record.offset)
        async with asyncio.timeout(PATIENCE):
            while (traced := await trace_origin(self.settings.kafka, origin)).fate.outcome is Outcome.WAITING:
                pass  # each look reads the topics anew
        return traced


@pytest.fixture
async def odoo() -> AsyncIterator[tuple[Odoo, str]]:
    """An Odoo, and its address."""
    made = company(Odoo(key="s"))
    async with serving_odoo(made) as url:
        yield made, url


@pytest.fixture
async def deployment(
    broker: Broker, odoo: tuple[Odoo, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Deployment]:
    """All of it, once the file's first poll is over."""
    monkeypatch.setenv("HINTS", "s")
    file = tmp_path / "erp.jsonl"
    file.touch()
    secret = (SecretFrom(env="HINTS"),)
    settings = Settings(
        kafka=KafkaSettings(
            bootstrap=broker.bootstrap, prefix=f"hints-{token_hex(4)}", partitions=2, session_timeout_seconds=6
        ),
        listen=RoleSettings(**{role: Listen(port=0) for role in RoleSettings.model_fields}),
        sources=(
            *(SourceAccount(name=name, connector="cloudevents", secrets=secret) for name in ("erp", "other")),
            SourceAccount(name="odoo", connector="odoo-webhook", token=secret[0], options={"wakes": "works"}),
        ),
        pollers=(
            PollerAccount(name="erp", connector="sample-file", url=f"file:{file}", every_seconds=NEVER),
            PollerAccount(name="works", connector="odoo", url=odoo[1], secret=secret[0], every_seconds=NEVER),
        ),
    )
    await create_topics(settings.kafka)
    async with running(settings) as url, httpx.AsyncClient() as http:
        made = Deployment(settings, url, file, odoo[0], http)
        made.write("SO0")
        await made.hint("erp")
        await made.until_told("SO0")
        yield made


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """Run the three roles; gives the address of the sources, once hints are heard."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    working, polling = loop.create_future(), loop.create_future()
    roles = [
        asyncio.create_task(run_worker_role(settings, ["normalise"], stop, working)),
        asyncio.create_task(run_poll(settings, stop, polling)),
    ]
    try:
        async with ingress(settings) as port, httpx.AsyncClient() as http:
            for bound in (working, polling):
                await until(partial(_answers, http, f"http://127.0.0.1:{await bound}/readyz"))
            await until(partial(_ticked, settings))
            yield f"http://127.0.0.1:{port}/in"
    finally:
        stop.set()
        await asyncio.gather(*roles)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)


async def _answers(http: httpx.AsyncClient, page: str) -> bool:
    return (await http.get(page)).status_code == 200


async def _ticked(settings: Settings) -> bool:
    """Whether the first polls are over."""
    async with reading(settings.kafka) as consumer:
        found = [record async for record in scan(consumer, places(settings.kafka, INBOUND))]
    ticks = [Tick.decode(record.value) for record in found if ("ce_type", TICK_TYPE.encode()) in record.headers]
    return {poller_source("erp"), poller_source("works")} <= {tick.source for tick in ticks}


async def test_a_hint_leads_to_a_reading_within_a_second_though_the_next_poll_is_an_hour_away(
    deployment: Deployment,
) -> None:
    deployment.write("SO1")
    await deployment.hint("erp")
    await deployment.until_told("SO0", "SO1")
    [hint] = (await deployment.inputs("cloudevents/"))[1:]
    traced = await deployment.trace(hint)
    assert (traced.fate.outcome, [step.stage for step in traced.steps]) == (Outcome.APPLIED, ["hint"])
    told = (await deployment.inputs("sample-file/"))[-1]
    assert (told.timestamp - hint.timestamp) / 1000 < WITHIN


async def test_a_hint_for_another_account_wakes_nobody_here(deployment: Deployment) -> None:
    deployment.write("SO1")
    await deployment.hint("other")
    [hint] = await deployment.inputs("cloudevents/other")
    assert (await deployment.trace(hint)).fate.outcome is Outcome.APPLIED
    assert await deployment.documents() == ["SO0"]
    await deployment.hint("erp")
    await deployment.until_told("SO0", "SO1")


async def test_a_flood_of_a_thousand_hints_loses_nothing_and_tells_nothing_twice(deployment: Deployment) -> None:
    flooding = asyncio.create_task(deployment.hint("erp", times=1000))
    for number in range(1, 6):
        deployment.write(f"SO{number}")
    await flooding
    await deployment.until_told(*(f"SO{number}" for number in range(6)))


async def test_a_webhook_that_is_ahead_of_its_transaction_is_followed_and_what_is_gone_is_withdrawn(
    deployment: Deployment,
) -> None:
    """Odoo calls its webhooks before it commits, and names a deleted record by its id."""
    odoo = deployment.odoo

    async def webhook() -> None:
        body = json.dumps({"_model": "sale.order", "_id": 7, "_action": "Tell Quayside(#1)"})
        assert (await deployment.http.post(f"{deployment.url}/odoo-webhook/odoo/s", content=body)).status_code == 200

    def is_told(*, withdrawn: bool) -> Callable[[], Awaitable[bool]]:
        async def told() -> bool:
            last = [(one["document"], one["withdrawn"]) for one in await deployment.told("odoo/")][-1:]
            return last == [("S00007", withdrawn)]

        return told

    odoo.asked.clear()
    await webhook()
    await until(lambda: _is_asked(odoo, "sale.order"))
    sell(odoo, 7)
    await until(is_told(withdrawn=False))
    odoo.unlink("sale.order", 7)
    await webhook()
    await until(is_told(withdrawn=True))


async def _is_asked(odoo: Odoo, model: str) -> bool:
    return model in {asked for asked, _ in odoo.asked}
