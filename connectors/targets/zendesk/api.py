"""The calls of Zendesk's Ticketing API that we make.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/, .../tickets/ticket_audits/,
.../ticket-management/incremental_exports/, .../ticket-management/search/ (Export Search Results)
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from connectors.targets.http import Answer, Endpoint
from connectors.targets.zendesk.answers import Json, error_of, good, named, part
from contracts.errors import Retryable

NOT_FOUND, CONFLICT, UNPROCESSABLE = 404, 409, 422
PAGE = 100
_SAID = frozenset({400, 403, 404, 409, 422})


class Exported(NamedTuple):
    """A page of an export. cursor: from where to go on; empty where nothing came. is_last: whether it is all so far."""

    tickets: list[Json]
    cursor: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Api:
    """The Ticketing API of one account. Its methods raise as `connectors.targets.http` says."""

    api: Endpoint

    async def ticket(self, number: str) -> Json | None:
        """A ticket; None where there is none. Of a deleted one there is none, either."""
        answer = await self._ask("GET", f"tickets/{number}")
        return None if answer.status == NOT_FOUND else part(self._good(answer), "ticket", dict)

    async def of_external_id(self, external: str) -> list[Json]:
        """All tickets with this external id, which many may have; archived ones (closed for months) are not listed."""
        return [one async for one in self._pages("tickets", "tickets", {"external_id": external})]

    async def create(self, ticket: Mapping[str, Any], key: str) -> Json:
        """Create a ticket; the same key gives the same ticket for two hours.

        Raises Retryable (`conflict`) where the key was sent with other values in these.
        """
        answer = await self._ask("POST", "tickets", {"ticket": ticket}, headers={"Idempotency-Key": key})
        if error_of(answer) == "IdempotentRequestError":
            raise Retryable(named(answer, self.api.title).reason, code="conflict")
        return part(self._good(answer), "ticket", dict)

    async def change(self, number: str, ticket: Mapping[str, Any]) -> Json | None:
        """Change a ticket and give it; None where it is not as it was when it was read: changed, closed or gone."""
        answer = await self._ask("PUT", f"tickets/{number}", {"ticket": ticket})
        is_closed = answer.status == UNPROCESSABLE and "closed prevents ticket update" in answer.body.decode(
            "utf-8", "replace"
        )
        if (
            answer.status == NOT_FOUND
            or is_closed
            or (answer.status == CONFLICT and error_of(answer) == "UpdateConflict")
        ):
            return None
        return part(self._good(answer), "ticket", dict)

    async def audits(self, number: str) -> list[Json]:
        """All audits of a ticket, the oldest first."""
        found = [one async for one in self._pages(f"tickets/{number}/audits", "audits", {})]
        return sorted(found, key=lambda audit: int(audit["id"]))

    async def me(self) -> Json:
        """The agent as whom we write; its `id` is null where our key is not known."""
        return part(self._good(await self._ask("GET", "users/me")), "user", dict)

    async def user(self, number: int) -> Json | None:
        """A user; None where there is none."""
        answer = await self._ask("GET", f"users/{number}")
        return None if answer.status == NOT_FOUND else part(self._good(answer), "user", dict)

    def fields(self) -> AsyncIterator[Json]:
        """All fields of tickets."""
        return self._pages("ticket_fields", "ticket_fields", {})

    def found(self, query: str) -> AsyncIterator[Json]:
        """All tickets that a search finds; its index lags some minutes behind."""
        return self._pages("search/export", "results", {"query": query, "filter[type]": "ticket"})

    async def exported(self, *, cursor: str = "", start: int = 0) -> Exported:
        """Tickets that changed since a cursor or an instant (in seconds), but for the last minute's."""
        params = {"cursor": cursor} if cursor else {"start_time": str(start)}
        answer = self._good(await self._ask("GET", "incremental/tickets/cursor", params=params))
        tickets, is_last = part(answer, "tickets", list), part(answer, "end_of_stream", bool)
        return Exported(tickets, str(answer.json().get("after_cursor") or cursor), is_last)

    async def time(self) -> datetime:
        """Zendesk's own time."""
        answer = self._good(await self._ask("GET", "users/me"))
        try:
            return parsedate_to_datetime(answer.headers.get("date", ""))
        except ValueError as error:
            raise Retryable("an answer without a date", code="no_date") from error

    async def _pages(self, path: str, name: str, params: Mapping[str, str]) -> AsyncIterator[Json]:
        """Follow cursor pagination (https://developer.zendesk.com/api-reference/introduction/pagination/)."""
        after: dict[str, str] = {}
        while True:
            answer = self._good(await self._ask("GET", path, params={**params, "page[size]": str(PAGE), **after}))
            for one in part(answer, name, list):
                yield one
            meta = part(answer, "meta", dict)
            if not meta.get("has_more"):
                return
            after = {"page[after]": str(meta["after_cursor"])}

    async def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {**({} if body is None else {"Content-Type": "application/json"}), **(headers or {})}
        return await self.api.ask(method, path, params=params, content=content, headers=sent, accept=_SAID)

    def _good(self, answer: Answer) -> Answer:
        return good(answer, self.api.title)
