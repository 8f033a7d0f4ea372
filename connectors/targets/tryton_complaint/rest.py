"""The calls of Tryton's REST interface that we make.

A list is asked for even where one record is wanted: of one record 404 says that it is not there as well as that our
user may not read it; a list says the latter with 400 and its own sentence. An empty list is what a proxy could answer
as well, so it is believed as JSON alone (`Content-Type`).

Source: trytond 8.2, `protocols/rest.py` and `protocols/jsonrpc.py`.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from connectors.targets.http import Answer, Endpoint
from contracts.errors import Retryable

NOT_FOUND = 404
PAGE = 200

Json = dict[str, Any]


@dataclass(slots=True)
class Rest:
    """The REST interface of one database. Its methods raise as `connectors.targets.http` says."""

    endpoint: Endpoint
    context: Mapping[str, int] = field(default_factory=dict)

    async def search(
        self, model: str, domain: Sequence[object], fields: Sequence[str], limit: int = PAGE
    ) -> list[Json]:
        """Give the records of `model` in `domain`, at most `limit`, by rising id."""
        asked = [("d", _encode(domain)), ("o", _encode([["id", "ASC"]])), ("s", str(limit))]
        query = httpx.QueryParams(tuple(asked + [("f", name) for name in fields]))
        answer = await self.endpoint.ask("GET", f"model/{model}?{query}", headers=self._headers())
        if not answer.headers.get("content-type", "").startswith("application/json"):
            raise Retryable(f"an answer {answer.status} that does not say that it is JSON", code="not_json")
        return answer.objects()

    async def all(self, model: str, domain: Sequence[object], fields: Sequence[str]) -> AsyncIterator[Json]:
        """Give all records in `domain`, page by page; each page begins behind the last id, so that none is skipped."""
        last = 0
        while True:
            rows = await self.search(model, [["id", ">", last], *domain], fields)
            for row in rows:
                yield row
            if len(rows) < PAGE:
                return
            last = rows[-1]["id"]

    async def create(self, model: str, values: Mapping[str, object]) -> int:
        """Create a record and give its number."""
        answer = await self._send("POST", f"model/{model}", values)
        number = answer.object().get("id")
        if not isinstance(number, int):
            raise Retryable(f"an answer {answer.status} that is no record", code="not_json")
        return number

    async def write(self, model: str, number: str, values: Mapping[str, object]) -> bool:
        """Change a record; False where there is none."""
        answer = await self._send("PUT", f"model/{model}/{number}", values, frozenset({NOT_FOUND}))
        return answer.status != NOT_FOUND

    async def press(self, model: str, number: str, button: str) -> bool:
        """Press a button of a record; False where there is no such record."""
        answer = await self._send("POST", f"model/{model}/{number}/{button}", {}, frozenset({NOT_FOUND}))
        return answer.status != NOT_FOUND

    async def _send(
        self, method: str, path: str, values: Mapping[str, object], accept: frozenset[int] = frozenset()
    ) -> Answer:
        headers = {"Content-Type": "application/json", **self._headers()}
        content = json.dumps(values, ensure_ascii=False).encode()
        return await self.endpoint.ask(method, path, content=content, headers=headers, accept=accept)

    def _headers(self) -> dict[str, str]:
        return {"X-Tryton-Context": _encode(self.context)} if self.context else {}


def _encode(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()
