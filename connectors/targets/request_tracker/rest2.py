"""The calls of REST2 that we make, and how it pages.

Source: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from connectors.targets.http import Answer, Endpoint
from contracts.errors import Retryable

CHANGED = 412
NOT_FOUND = 404
PAGE = 100
TRANSACTION_FIELDS = "Type,Field,NewValue,ObjectId,Creator,Created"

Json = dict[str, Any]


class Page(NamedTuple):
    """Some transactions, and the server's own time (RFC 9110 date) when it gave them."""

    transactions: list[Json]
    date: str


@dataclass(frozen=True, slots=True)
class Rest2:
    """REST2 of one account. Its methods raise as `connectors.targets.http` says."""

    api: Endpoint

    async def queue(self, name: str) -> Json | None:
        """A queue, with `TicketCustomFields`; None where there is none."""
        answer = await self.api.ask("GET", f"queue/{quote(name, safe='')}", accept=frozenset({NOT_FOUND}))
        return None if answer.status == NOT_FOUND else answer.object()

    async def ticket(self, number: str) -> tuple[Json, str] | None:
        """A ticket and its ETag; None where there is none. Of a merged one it is the ticket that it went into."""
        answer = await self.api.ask("GET", f"ticket/{number}", accept=frozenset({NOT_FOUND}))
        return None if answer.status == NOT_FOUND else (answer.object(), answer.headers.get("etag", ""))

    async def create(self, values: Mapping[str, object]) -> str:
        """Create a ticket and give its id."""
        return str((await self._send("POST", "ticket", values)).object()["id"])

    async def change(self, number: str, values: Mapping[str, object], version: str) -> list[str] | None:
        """Change a ticket and give what is said about it; None where it no longer has this ETag, or is gone."""
        headers = {"If-Match": version}
        answer = await self._send("PUT", f"ticket/{number}", values, headers, frozenset({CHANGED, NOT_FOUND}))
        return None if answer.status in {CHANGED, NOT_FOUND} else _sentences(answer)

    async def comment(self, number: str, text: str, values: Mapping[str, object]) -> list[str]:
        """Comment on a ticket, set `values` with it, and give what is said about it."""
        message = {"Content": text, "ContentType": "text/plain"} if text else {}
        return _sentences(await self._send("POST", f"ticket/{number}/comment", {**message, **values}))

    async def tickets(self, query: str, fields: str = "") -> AsyncIterator[Json]:
        """All tickets that a TicketSQL query finds, by id, with these fields. Deleted and merged ones are not found."""
        last = "0"
        while True:
            items = (await self._list("tickets", f"({query}) AND id > {last}", fields=fields)).object()["items"]
            for item in items:
                yield item
            if len(items) < PAGE:
                return
            last = items[-1]["id"]

    async def transactions(self, query: str, *, order: str = "ASC") -> Page:
        """One page of the transactions that a TransactionSQL query finds, by id."""
        answer = await self._list("transactions", query, order, fields=TRANSACTION_FIELDS)
        return Page(answer.object()["items"], answer.headers.get("date", ""))

    async def text(self, transaction: str) -> str:
        """The plain text of a comment or a reply."""
        params = {"fields": "Content,ContentType"}
        answer = await self.api.ask("GET", f"transaction/{transaction}/attachments", params=params)
        texts = (item["Content"] for item in answer.object()["items"] if item["ContentType"] == "text/plain")
        return next(texts, "")

    async def _list(self, what: str, query: str, order: str = "ASC", fields: str = "") -> Answer:
        params: dict[str, str | int] = {
            "query": query,
            "orderby": "id",
            "order": order,
            "per_page": PAGE,
            "fields": fields,
        }
        return await self.api.ask("GET", what, params=params)

    async def _send(
        self,
        method: str,
        path: str,
        values: Mapping[str, object],
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        content = json.dumps(values, ensure_ascii=False).encode()
        return await self.api.ask(
            method,
            path,
            content=content,
            headers={"Content-Type": "application/json", **(headers or {})},
            accept=accept,
        )


def _sentences(answer: Answer) -> list[str]:
    """What REST2 says about a change: a list of sentences in the language of our user, refusals among them."""
    found = answer.json()
    if not isinstance(found, list):
        raise Retryable(f"an answer {answer.status} that is no list of sentences", code="not_json")
    return [str(sentence) for sentence in found]
