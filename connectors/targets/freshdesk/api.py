"""The calls of Freshdesk's API v2 that we make, and how it fails.

    400 `{"description", "errors": [{"field", "message", "code"}]}`     Rejected
    400 of the code `invalid_field` for a custom field                  Retryable `misconfigured`: it is to be added
    401, 403, 429 `{"code", "message"}`, 404 without a body             as everywhere

Source: https://developers.freshdesk.com/api/#error and https://developers.freshdesk.com/api/#ratelimit
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from connectors.targets.http import SUCCESS, Answer, Endpoint, failure
from contracts.envelope import read_time
from contracts.errors import QuaysideError, Retryable

PAGE = 100
SEARCH_PAGE, SEARCH_PAGES = 30, 10
"""Results of a search on one page, and the pages that it gives at most."""
NOT_FOUND, FORBIDDEN = 404, 403
SECOND = timedelta(seconds=1)
_FAILURES = frozenset(range(400, 600))

Json = dict[str, Any]


class Found(NamedTuple):
    """What a search found, and the server's own time when it did."""

    tickets: list[Json]
    at: datetime


@dataclass(frozen=True, slots=True)
class Freshdesk:
    """API v2 of one account. Its methods raise as above, and as `connectors.targets.http` says."""

    api: Endpoint

    async def ticket(self, number: str, *, stats: bool = False) -> Json | None:
        """Read a ticket, deleted ones and spam as well; None where there is none. stats: one credit more."""
        params = {"include": "stats"} if stats else {}
        answer = await self._ask("GET", f"tickets/{number}", params, accept={NOT_FOUND})
        return None if answer.status == NOT_FOUND else _ticket(answer)

    async def create(self, values: Mapping[str, object]) -> Json:
        """Create a ticket and give it."""
        return _ticket(await self._ask("POST", "tickets", {}, values))

    async def change(self, number: str, values: Mapping[str, object]) -> Json | None:
        """Write fields of a ticket and give it; None where there is none."""
        answer = await self._ask("PUT", f"tickets/{number}", {}, values, {NOT_FOUND})
        return None if answer.status == NOT_FOUND else _ticket(answer)

    async def search(self, field: str, value: str) -> Found:
        """Find the tickets whose custom field has this value, by an index that lags by a few minutes."""
        tickets: list[Json] = []
        began: list[datetime] = []
        for page in range(1, SEARCH_PAGES + 1):
            answer = await self._ask("GET", "search/tickets", {"query": f"\"{field}:'{value}'\"", "page": page})
            began.append(_date(answer))
            found = answer.object().get("results")
            if not isinstance(found, list):
                raise Retryable("a search without results", code="not_json")
            tickets += found
            if len(found) < SEARCH_PAGE:
                break
        return Found(tickets, began[0])

    async def changed(self, since: datetime) -> AsyncIterator[Json]:
        """List the tickets that changed since an instant, in that order, some of them again; no deleted ones, no spam.

        Each page begins a second before the last one ended: what changes meanwhile moves to the end, and no page number
        would stay right. No page states whether what changed at the very instant is listed.
        """
        page = 1
        while True:
            params: dict[str, str | int] = {
                "updated_since": shown_time(since),
                "order_by": "updated_at",
                "order_type": "asc",
                "per_page": PAGE,
                "page": page,
            }
            found = (await self._ask("GET", "tickets", params)).objects()
            for ticket in found:
                yield ticket
            if len(found) < PAGE:
                return
            last = read_time(str(found[-1]["updated_at"])) - SECOND
            since, page = (last, 1) if last > since else (since, page + 1)

    async def conversations(self, number: str) -> list[Json]:
        """Replies and notes of a ticket, the oldest first."""
        said: list[Json] = []
        for page in range(1, PAGE):
            found = (
                await self._ask("GET", f"tickets/{number}/conversations", {"per_page": PAGE, "page": page})
            ).objects()
            said += found
            if len(found) < PAGE:
                break
        return said

    async def note(self, number: str, markup: str) -> None:
        """Add a private note."""
        (await self._ask("POST", f"tickets/{number}/notes", {}, {"body": markup, "private": True})).object()

    async def me(self) -> int:
        """The number of the agent as whom we write."""
        found = (await self._ask("GET", "agents/me", {})).object().get("id")
        if not isinstance(found, int):
            raise Retryable("an answer that holds no agent", code="not_json")
        return found

    async def agent(self, number: int) -> str:
        """Name an agent; by the number where there is none any more, or where we may not read agents."""
        answer = await self._ask("GET", f"agents/{number}", {}, accept={NOT_FOUND, FORBIDDEN})
        contact = answer.object().get("contact") if answer.status in SUCCESS else None
        return str((contact or {}).get("name") or f"agent {number}")

    async def ticket_fields(self) -> list[Json]:
        """The fields that tickets have."""
        return (await self._ask("GET", "ticket_fields", {})).objects()

    async def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int],
        values: Mapping[str, object] | None = None,
        accept: set[int] | frozenset[int] = frozenset(),
    ) -> Answer:
        content = None if values is None else json.dumps(values, ensure_ascii=False).encode()
        headers = {} if content is None else {"Content-Type": "application/json"}
        answer = await self.api.ask(method, path, params=params, content=content, headers=headers, accept=_FAILURES)
        if answer.status in SUCCESS or answer.status in accept:
            return answer
        raise _failure(answer, self.api.title)


def shown_time(at: datetime) -> str:
    """Write an instant as API v2 does, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _failure(answer: Answer, title: str) -> QuaysideError:
    told = _told(answer)
    errors = [error for error in told.get("errors") or () if isinstance(error, dict)]
    words = [str(told.get("description") or told.get("message") or "")]
    words += [f"{error.get('field')}: {error.get('message')} ({error.get('code')})" for error in errors]
    sentence = "; ".join(word for word in words if word)
    named = replace(answer, body=json.dumps({"message": sentence}).encode()) if sentence else answer
    failed = failure(named, title, datetime.now(UTC))
    if any(error.get("code") == "invalid_field" and "cf_" in str(error.get("field")) for error in errors):
        return Retryable(failed.reason, code="misconfigured")
    return failed


def _told(answer: Answer) -> Json:
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _ticket(answer: Answer) -> Json:
    found = answer.object()
    if not all(name in found for name in ("id", "status", "updated_at")):
        raise Retryable(f"an answer {answer.status} that holds no ticket", code="not_json")
    return found


def _date(answer: Answer) -> datetime:
    try:
        return parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError as error:
        raise Retryable("an answer without a date", code="no_date") from error
