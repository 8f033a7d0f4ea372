"""The calls of Zendesk's Ticketing API that we make, and what it says of failures.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/, .../tickets/ticket_audits/,
.../ticket-management/incremental_exports/, .../ticket-management/search/ (Export Search Results)
Failures: https://developer.zendesk.com/api-reference/introduction/requests/
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, TypeVar

from connectors.targets.http import SENTENCE_LIMIT, SUCCESS, Answer, Endpoint, failure
from contracts.errors import QuaysideError, Rejected, Retryable

NOT_FOUND, CONFLICT, UNPROCESSABLE = 404, 409, 422
PAGE = 100
_SAID = frozenset({400, 403, 404, 409, 422})

Json = dict[str, Any]
Part = TypeVar("Part")


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
        return None if answer.status == NOT_FOUND else _part(self._good(answer), "ticket", dict)

    async def of_external_id(self, external: str) -> list[Json]:
        """All tickets with this external id, which many may have; archived ones (closed for months) are not listed."""
        return [one async for one in self._pages("tickets", "tickets", {"external_id": external})]

    async def create(self, ticket: Mapping[str, Any], key: str) -> Json:
        """Create a ticket; the same key gives the same ticket for two hours.

        Raises Retryable (`conflict`) where the key was sent with other values in these.
        """
        answer = await self._ask("POST", "tickets", {"ticket": ticket}, headers={"Idempotency-Key": key})
        if _error(answer) == "IdempotentRequestError":
            raise Retryable(self._told(answer).reason, code="conflict")
        return _part(self._good(answer), "ticket", dict)

    async def change(self, number: str, ticket: Mapping[str, Any]) -> Json | None:
        """Change a ticket and give it; None where it is not as it was when it was read: changed, closed or gone."""
        answer = await self._ask("PUT", f"tickets/{number}", {"ticket": ticket})
        is_closed = answer.status == UNPROCESSABLE and "closed prevents ticket update" in answer.body.decode(
            "utf-8", "replace"
        )
        if (
            answer.status == NOT_FOUND
            or is_closed
            or (answer.status == CONFLICT and _error(answer) == "UpdateConflict")
        ):
            return None
        return _part(self._good(answer), "ticket", dict)

    async def audits(self, number: str) -> list[Json]:
        """All audits of a ticket, the oldest first."""
        found = [one async for one in self._pages(f"tickets/{number}/audits", "audits", {})]
        return sorted(found, key=lambda audit: int(audit["id"]))

    async def me(self) -> Json:
        """The agent as whom we write; its `id` is null where our key is not known."""
        return _part(self._good(await self._ask("GET", "users/me")), "user", dict)

    async def user(self, number: int) -> Json | None:
        """A user; None where there is none."""
        answer = await self._ask("GET", f"users/{number}")
        return None if answer.status == NOT_FOUND else _part(self._good(answer), "user", dict)

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
        tickets, is_last = _part(answer, "tickets", list), _part(answer, "end_of_stream", bool)
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
            for one in _part(answer, name, list):
                yield one
            meta = _part(answer, "meta", dict)
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
        if answer.status in SUCCESS:
            return answer
        raise self._told(answer)

    def _told(self, answer: Answer) -> QuaysideError:
        """Name a failure, with Zendesk's own words."""
        named, words = failure(answer, self.api.title, datetime.now(UTC)), _words(answer)
        reason = f"{self.api.title} answered {answer.status}: {words}" if words else named.reason
        if isinstance(named, Retryable):
            return Retryable(reason, code=named.code, retry_after=named.retry_after)
        return Rejected(reason, code=named.code)


def _body(answer: Answer) -> Json:
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _error(answer: Answer) -> str:
    """The error's name; empty where there is none."""
    named = _body(answer).get("error")
    return named if isinstance(named, str) else ""


def _words(answer: Answer) -> str:
    """An error's name, description and details: `{"error": …, "description": …, "details": {FIELD: [{…}]}}`."""
    told = _body(answer)
    error = told.get("error")
    if isinstance(error, dict):
        return " ".join(f"{error.get('title', '')}: {error.get('message', '')}".split())[:SENTENCE_LIMIT]
    details = told.get("details")
    said = (
        [one.get("description", "") for ones in details.values() for one in ones] if isinstance(details, dict) else []
    )
    parts = [str(part) for part in (error, told.get("description"), *said) if part]
    return " ".join("; ".join(parts).split())[:SENTENCE_LIMIT]


def _part(answer: Answer, name: str, kind: type[Part]) -> Part:
    """Read a part of an answer; raises Retryable where it is not there."""
    found = answer.json()
    part = found.get(name) if isinstance(found, dict) else None
    if not isinstance(part, kind):
        raise Retryable(f"an answer {answer.status} without {name}", code="not_json")
    return part
