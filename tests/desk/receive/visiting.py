"""A client of the ticket desk's application, without a port."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI


@dataclass(frozen=True)
class Visit:
    """Asks one application; follows no redirect."""

    app: FastAPI

    def get(self, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401  httpx's own arguments
        return asyncio.run(self._ask("GET", path, **request))

    def post(self, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401  the same
        return asyncio.run(self._ask("POST", path, **request))

    def patch(self, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401  the same
        return asyncio.run(self._ask("PATCH", path, **request))

    async def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401  the same
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            return await client.request(method, path, **request)
