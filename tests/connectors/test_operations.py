"""Every role says whether it is alive, whether it can work, and what it measured."""

import asyncio
import socket
from functools import partial

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors import operations
from connectors.operations import operations_pages, serving
from contracts.errors import Rejected
from contracts.metrics import UNKNOWN_CODES
from contracts.settings import Listen


def url(port: int, page: str = "") -> str:
    return f"http://127.0.0.1:{port}/{page}"


async def test_a_role_that_can_work_is_ready_and_one_that_cannot_says_why() -> None:
    reasons: dict[str, str | None] = {"broker": "away", "database": None}
    checks = {name: partial(reasons.get, name) for name in reasons}
    async with operations_pages(Listen(), checks) as port, httpx.AsyncClient() as http:
        answer = await http.get(url(port, "readyz"))
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "reasons": {"broker": "away"}})
        assert (await http.get(url(port, "healthz"))).status_code == 200
        reasons["broker"] = None
        answer = await http.get(url(port, "readyz"))
        assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": {}})


async def test_the_metrics_are_those_that_are_declared() -> None:
    UNKNOWN_CODES.labels("testing").inc(3)
    async with operations_pages(Listen(), {}) as port, httpx.AsyncClient() as http:
        answer = await http.get(url(port, "metrics"))
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert 'quayside_unknown_codes_total{carrier="testing"} 3.0' in answer.text
    assert "python_info" not in answer.text


async def test_a_server_listens_on_loopback_unless_told_otherwise() -> None:
    async with operations_pages(Listen(), {}) as port:
        with socket.socket() as probe:
            # Another address of this very machine: one that listened everywhere would answer.
            assert probe.connect_ex(("127.0.0.2", port)) != 0


async def test_a_taken_port_is_one_clear_sentence() -> None:
    async with operations_pages(Listen(), {}) as port:
        with pytest.raises(Rejected, match=f"cannot listen at 127.0.0.1, port {port}"):
            async with operations_pages(Listen(port=port), {}):
                pass


async def test_a_server_that_stops_finishes_what_is_under_way() -> None:
    started, finish = asyncio.Event(), asyncio.Event()

    async def slow(_request: Request) -> Response:
        started.set()
        await finish.wait()
        return PlainTextResponse("done")

    async with httpx.AsyncClient() as http:
        async with serving(Starlette(routes=[Route("/", slow)]), Listen()) as port:
            answering = asyncio.create_task(http.get(url(port)))
            await started.wait()
            asyncio.get_running_loop().call_later(0.2, finish.set)
        assert (await answering).text == "done"
        with pytest.raises(httpx.ConnectError):
            await http.get(url(port))


def test_an_answer_in_two_parts_does_not_wait_for_the_other_side_s_acknowledgement() -> None:
    with operations._listening(Listen(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
