"""Every role has its own pages, and shows them to nobody but this machine unless it is told otherwise."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from secrets import token_hex

import httpx
import pytest

from connectors.ingress.role import run_ingress
from connectors.kafka import create_topics
from connectors.polling.role import run_poll
from contracts.settings import (
    KafkaSettings,
    Listen,
    PollerAccount,
    RoleSettings,
    Settings,
    SourceAccount,
    TargetAccount,
)
from desk.broker import Broker
from streams.dispatch.role import run_dispatch
from streams.worker import run_worker_role

Run = Callable[[Settings, asyncio.Event, "asyncio.Future[int]"], Awaitable[None]]

ROLES: dict[str, Run] = {
    "ingress": run_ingress,
    "poll": run_poll,
    "worker": lambda settings, stop, bound: run_worker_role(settings, ["normalise"], stop, bound),
    "dispatch": lambda settings, stop, bound: run_dispatch(settings, None, stop, bound=bound),
}


@pytest.fixture
async def settings(broker: Broker, tmp_path: Path) -> Settings:
    """A deployment in which every role has something to do, each on a free port."""
    kafka = KafkaSettings(bootstrap=broker.bootstrap, prefix=f"pages-{token_hex(4)}", partitions=1)
    await create_topics(kafka)
    (tmp_path / "day.jsonl").touch()
    return Settings(
        state=tmp_path,
        kafka=kafka,
        listen=RoleSettings(**{role: Listen(port=0) for role in RoleSettings.model_fields}),
        sources=(SourceAccount(name="shop", connector="kuaidi100"),),
        pollers=(PollerAccount(name="erp", connector="sample-file", url=f"file:{tmp_path / 'day.jsonl'}"),),
        targets=(TargetAccount(name="desk", connector="ticket-desk", url="http://127.0.0.1:1"),),
    )


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_tells_that_it_is_alive_that_it_can_work_and_what_it_measured(
    settings: Settings, role: str
) -> None:
    stop, bound = asyncio.Event(), asyncio.get_running_loop().create_future()
    running = asyncio.ensure_future(ROLES[role](settings, stop, bound))
    try:
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            url = f"http://127.0.0.1:{await bound}"
            assert (await http.get(f"{url}/healthz")).json() == {"alive": True}
            while (ready := await http.get(f"{url}/readyz")).status_code == 503:
                assert ready.json()["reasons"]
                await asyncio.sleep(0.05)
            assert ready.json() == {"ready": True, "reasons": {}}
            assert "quayside_inbound_total" in (await http.get(f"{url}/metrics")).text
        with socket.socket() as probe:
            # Another address of this very machine: one that listened everywhere would answer.
            assert probe.connect_ex(("127.0.0.2", bound.result())) != 0
    finally:
        stop.set()
        await asyncio.wait_for(running, 60)


def test_every_role_that_listens_is_among_them() -> None:
    assert set(ROLES) == set(RoleSettings.model_fields)
