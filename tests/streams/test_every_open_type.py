"""An event of each open type goes through HTTP in every content mode, Kafka and the fold, and is seen in a snapshot.

What is sent are the fixtures of the cloudevents source, one of each type, about one order a mode.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import httpx
import pytest

from connectors.ingress.role import ingress
from connectors.kafka import create_topics
from connectors.reading_cloudevents import BATCHED, STRUCTURED
from connectors.scanning import places, reading, scan
from contracts.model import read
from contracts.settings import ClockSettings, KafkaSettings, Listen, RoleSettings, SecretFrom, Settings, SourceAccount
from contracts.snapshot import Kind, LineView, ParcelView, Snapshot
from contracts.topics import SNAPSHOTS, STAGES
from desk.broker import Broker
from mappings.canonical.open_types import OPEN_TYPES
from streams.worker import run_worker_role
from tests.connectors.conformance.samples import payloads_of

SECRET = "the portal's"
PATIENCE = 60.0
IN_THE_FIXTURES = "1001"
"""Names there hold it; here each mode has names of its own."""

Json = dict[str, Any]
Seen = Callable[[Snapshot], object]


def _line(snapshot: Snapshot) -> LineView | None:
    return snapshot.view.lines[0] if snapshot.view and snapshot.view.lines else None


def _parcel(snapshot: Snapshot) -> ParcelView | None:
    return snapshot.view.parcels[0] if snapshot.view and snapshot.view.parcels else None


def _happened(what: str) -> Seen:
    return lambda snapshot: snapshot.view and any(what in entry.what for entry in snapshot.view.timeline)


SEEN: Mapping[str, Seen] = {
    "quayside.order.changed.v1": lambda snapshot: snapshot.view and snapshot.view.customer == "C7",
    "quayside.goods_issue.changed.v1": _happened("despatched"),
    "quayside.goods_receipt.changed.v1": lambda snapshot: (line := _line(snapshot)) and line.stocked,
    "quayside.return_receipt.changed.v1": lambda snapshot: (line := _line(snapshot)) and line.returned,
    "quayside.tracking.reported.v1": _happened("picked_up"),
    "quayside.proof_of_delivery.reported.v1": lambda snapshot: (parcel := _parcel(snapshot)) and parcel.proof,
    "quayside.condition_reading.reported.v1": lambda snapshot: any(
        finding.kind is Kind.CONDITION_BREACH for finding in snapshot.findings
    ),
    "quayside.acceptance.reported.v1": lambda snapshot: (line := _line(snapshot)) and line.accepted,
    "quayside.remedy.agreed.v1": _happened("credit"),
    "quayside.case.changed.v1": lambda snapshot: snapshot.view and snapshot.view.cases,
    "quayside.survey.answered.v1": _happened("survey"),
    "quayside.appointment.changed.v1": _happened("appointment_made"),
}
"""Where in an order's snapshot each type's fixture is seen; a hint says nothing of an order."""
UNSEEN = {"quayside.hint.v1"}


def samples(name: str) -> dict[str, Json]:
    """A fixture of each type, by type, with names of its own."""
    found = {}
    for event in map(json.loads, payloads_of("cloudevents").values()):
        if isinstance(event, dict):
            found[event["type"]] = json.loads(json.dumps(event).replace(IN_THE_FIXTURES, name))
    return found


def test_each_open_type_has_a_sample_and_a_place_where_it_is_seen() -> None:
    assert set(samples("x")) == set(SEEN) | UNSEEN == set(OPEN_TYPES)


def structured(events: Iterable[Json]) -> Iterable[httpx.Request]:
    for event in events:
        yield httpx.Request("POST", "/", headers={"content-type": STRUCTURED}, content=json.dumps(event))


def binary(events: Iterable[Json]) -> Iterable[httpx.Request]:
    for event in events:
        attributes = {f"ce-{name}": value for name, value in event.items() if name not in {"data", "datacontenttype"}}
        headers = {**attributes, "content-type": "application/json"}
        yield httpx.Request("POST", "/", headers=headers, content=json.dumps(event["data"]))


def batched(events: Iterable[Json]) -> Iterable[httpx.Request]:
    yield httpx.Request("POST", "/", headers={"content-type": BATCHED}, content=json.dumps(list(events)))


MODES = {"structured": structured, "binary": binary, "batched": batched}


@asynccontextmanager
async def deployed(broker: Broker) -> AsyncIterator[tuple[Settings, str]]:
    """Run ingress and the worker, a day after what the fixtures tell; gives the settings and the source's address."""
    settings = Settings(
        kafka=KafkaSettings(
            bootstrap=broker.bootstrap, prefix=f"types-{token_hex(4)}", partitions=2, session_timeout_seconds=6
        ),
        clock=ClockSettings(epoch=datetime(2026, 3, 7, tzinfo=UTC), started=datetime.now(UTC)),
        listen=RoleSettings(ingress=Listen(port=0), worker=Listen(port=0)),
        sources=(SourceAccount(name="shop", connector="cloudevents", secrets=(SecretFrom(env="PORTAL_SECRET"),)),),
    )
    await create_topics(settings.kafka)
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker_role(settings, STAGES, stop))
    try:
        async with ingress(settings) as port:
            yield settings, f"http://127.0.0.1:{port}/in/cloudevents/shop"
    finally:
        stop.set()
        await working


async def snapshots(settings: Settings) -> dict[str, Snapshot]:
    """Give the newest snapshot of each order."""
    async with reading(settings.kafka) as consumer:
        told = [read(Snapshot, record.value) async for record in scan(consumer, places(settings.kafka, SNAPSHOTS))]
    return {snapshot.subject: snapshot for snapshot in told if snapshot.scope == "order"}


async def unseen(settings: Settings) -> set[tuple[str, str]]:
    """The modes and types that no snapshot shows."""
    newest = await snapshots(settings)
    return {
        (mode, type_name)
        for mode in MODES
        for type_name, seen in SEEN.items()
        if f"SO-{mode}" not in newest or not seen(newest[f"SO-{mode}"])
    }


async def push(http: httpx.AsyncClient, address: str, request: httpx.Request) -> None:
    """Push until it is taken: the broker's topics may be new to ingress."""
    headers = {**request.headers, "authorization": f"Bearer {SECRET}"}
    async with asyncio.timeout(PATIENCE):
        while (answer := await http.post(address, headers=headers, content=request.content)).status_code != 202:
            assert answer.status_code == 503, answer.text


async def test_an_event_of_each_open_type_is_seen_in_a_snapshot_whatever_mode_it_came_in(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_SECRET", SECRET)
    async with deployed(broker) as (settings, address), httpx.AsyncClient() as http:
        for mode, requests_of in MODES.items():
            for request in requests_of(samples(mode).values()):
                await push(http, address, request)
        missing = await unseen(settings)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while missing and asyncio.get_running_loop().time() < deadline:
            missing = await unseen(settings)
    assert not missing
