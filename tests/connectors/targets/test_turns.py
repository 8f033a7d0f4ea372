"""Every request to a target takes a turn first, and its own time limit begins after it."""

import asyncio

import httpx

from connectors.targets.http import Endpoint
from connectors.targets.turns import giving_turns


async def test_each_request_waits_for_its_turn_before_it_goes() -> None:
    happened: list[str] = []

    async def wait() -> None:
        happened.append("turn")
        await asyncio.sleep(0.02)

    def answer(_request: httpx.Request) -> httpx.Response:
        happened.append("request")
        return httpx.Response(200, json={})

    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://crm.example") as client:
        api = Endpoint(client, "crm", seconds=0.01)
        with giving_turns(wait):
            await api.ask("GET", "/orders")
            await api.ask("GET", "/orders")
        await api.ask("GET", "/orders")
    assert happened == ["turn", "request", "turn", "request", "request"]
