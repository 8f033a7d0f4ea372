"""What `quayside up` runs, where each role listens, and how it says so."""

import asyncio
import io
from pathlib import Path

import pytest

from contracts.settings import (
    KafkaSettings,
    Listen,
    PollerAccount,
    RoleSettings,
    Settings,
    SourceAccount,
    TargetAccount,
    WatchedFolder,
)
from desk.supervision.listening import url, wait_until_ready
from desk.supervision.output import prefixed
from desk.supervision.roles import broker_for, children, roles_with_work

POLLER = PollerAccount(name="works", connector="tryton", url="http://erp.example/")
TARGET = TargetAccount(name="desk", connector="ticket-desk", url="http://desk.example/")


def test_only_roles_with_work_are_run() -> None:
    assert list(roles_with_work(Settings())) == ["ingress", "worker"]
    everything = Settings(pollers=(POLLER,), targets=(TARGET,))
    assert list(roles_with_work(everything)) == ["ingress", "poll", "worker", "dispatch"]
    dropped = SourceAccount(name="works", connector="table", folder=WatchedFolder(path=Path("in")))
    assert list(roles_with_work(Settings(sources=(dropped,)))) == ["ingress", "poll", "worker"]


def test_a_role_without_a_port_is_given_a_free_one_of_its_own() -> None:
    free = Listen(port=0)
    listens = roles_with_work(
        Settings(
            pollers=(POLLER,),
            targets=(TARGET,),
            listen=RoleSettings(ingress=Listen(port=8480), poll=free, worker=free, dispatch=free),
        )
    )
    ports = [listen.port for listen in listens.values()]
    assert ports[0] == 8480
    assert all(ports)
    assert len(set(ports)) == 4


def test_roles_are_drained_from_the_edge_inwards_and_then_outwards() -> None:
    listens = roles_with_work(Settings(pollers=(POLLER,), targets=(TARGET,)))
    groups = children(listens, "127.0.0.1:9092", Path("quayside.yaml"), lambda _name, _line: None)
    assert [[child.name for child in group] for group in groups] == [["ingress", "poll"], ["worker"], ["dispatch"]]


def test_a_configured_broker_is_used_and_none_is_started(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, kafka=KafkaSettings(bootstrap="kafka.example:9092"))
    with broker_for(settings, lambda _name, _line: pytest.fail("nothing starts")) as broker:
        assert broker == "kafka.example:9092"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 read, not bound
        ("::", "http://[::1]:80"),
        ("quayside.example", "http://quayside.example:80"),
    ],
)
def test_an_address_is_told_as_it_is_reached_from_here(host: str, reached: str) -> None:
    assert url(Listen(host=host, port=80)) == reached


async def test_a_role_that_is_slow_is_told_once_with_its_reason_until_it_is_ready() -> None:
    asked = 0

    async def role(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        line, body = ("503 Service Unavailable", b"recovering") if asked < 4 else ("200 OK", b"")
        head = f"HTTP/1.1 {line}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    told: list[tuple[str, str]] = []
    async with await asyncio.start_server(role, "127.0.0.1", 0) as server:
        listen = Listen(port=server.sockets[0].getsockname()[1])
        await wait_until_ready({"worker": listen}, lambda name, line: told.append((name, line)), patience=0)
    assert told == [("worker", "is not ready yet: recovering")]
    assert asked == 4


def test_lines_stand_behind_the_name_of_who_said_them() -> None:
    page = io.StringIO()
    say = prefixed(["ingress", "up"], page)
    say("ingress", "connected")
    say("up", "ready")
    assert page.getvalue() == "ingress | connected\nup      | ready\n"


def test_names_are_coloured_on_a_terminal_unless_nobody_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain = Terminal(), Terminal()
    prefixed(["up"], coloured)("up", "ready")
    monkeypatch.setenv("NO_COLOR", "1")
    prefixed(["up"], plain)("up", "ready")
    assert coloured.getvalue() == "\x1b[36mup |\x1b[0m ready\n"
    assert plain.getvalue() == "up | ready\n"
