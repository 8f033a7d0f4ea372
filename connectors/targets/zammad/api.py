"""The calls of Zammad's REST API that we make, and how it fails: `{"error", "error_human"}`, mostly with 422.

A search by `condition` and without `query` is answered by the database, and sees every finished write. One by `query`
is answered by Elasticsearch, whose index lags behind.

Source: https://docs.zammad.org/en/latest/api/ticket/index.html; the search, of which the page tells the rest only:
https://github.com/zammad/zammad/blob/develop/app/models/concerns/can_search.rb and
https://github.com/zammad/zammad/blob/develop/app/controllers/application_controller/renders_models.rb; errors:
https://github.com/zammad/zammad/blob/develop/app/controllers/application_controller/handles_errors.rb
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from connectors.targets.http import SUCCESS, Answer, Endpoint, failure
from contracts.errors import Retryable

PAGE = 200
NOT_FOUND, FORBIDDEN, UNPROCESSABLE = 404, 403, 422
BEGINNING = "1970-01-01T00:00:00.000Z"
_FAILURES = frozenset(range(400, 600))

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Zammad:
    """The API of one account. Its methods raise as `connectors.targets.http` says."""

    api: Endpoint

    async def ticket(self, number: str) -> Json | None:
        """Read a ticket; None where there is none."""
        answer = await self._ask("GET", f"tickets/{number}", {"expand": "true"}, accept={NOT_FOUND})
        return None if answer.status == NOT_FOUND else _ticket(answer)

    async def create(self, values: Mapping[str, object]) -> Json:
        """Create a ticket with its first article, and give it."""
        return _ticket(await self._ask("POST", "tickets", {"expand": "true"}, values))

    async def change(self, number: str, values: Mapping[str, object]) -> Json | None:
        """Write attributes, and add an article, in one transaction; give the ticket, None where there is none."""
        answer = await self._ask("PUT", f"tickets/{number}", {"expand": "true"}, values, {NOT_FOUND})
        return None if answer.status == NOT_FOUND else _ticket(answer)

    async def with_value(self, attribute: str, value: str) -> list[str]:
        """Find the ids of the tickets, up to 200, whose attribute has this value, by the database.

        Asked for the count as well, older releases answer as documented, `{"tickets": [ID, …]}`, newer ones
        `{"records": [{"id"}, …]}`. Raises Retryable (`misconfigured`) where there is no such attribute (422).
        """
        asked = {**_condition(attribute, "is", value), "with_total_count": "true", "per_page": PAGE}
        answer = await self._ask("GET", "tickets/search", asked, accept={UNPROCESSABLE})
        if answer.status == UNPROCESSABLE:
            told = f"the tickets cannot be searched by {attribute!r}: {_error(answer)}"
            raise Retryable(told, code="misconfigured")
        page = answer.object()
        found = page.get("tickets", page.get("records"))
        if not isinstance(found, list):
            raise Retryable("a search that tells no tickets", code="not_json")
        return [str(one["id"] if isinstance(one, dict) else one) for one in found]

    async def changed(self, creator: int, since: str) -> AsyncIterator[Json]:
        """Find the tickets of a creator that changed since an instant, in that order, by the database.

        Each page begins at the instant where the last one ended: what changes meanwhile moves to the end, and no page
        number would stay right.
        """
        page = 1
        while True:
            asked = {
                **_condition("created_by_id", "is", str(creator)),
                **_condition("updated_at", "after (absolute)", since),
                "sort_by": "updated_at",
                "order_by": "asc",
                "expand": "true",
                "per_page": PAGE,
                "page": page,
            }
            found = (await self._ask("GET", "tickets/search", asked)).objects()
            for ticket in found:
                yield ticket
            if len(found) < PAGE:
                return
            last = str(found[-1]["updated_at"])
            since, page = (last, 1) if last > since else (since, page + 1)

    async def history(self, number: str) -> Json:
        """What became of a ticket: `history`, the oldest first, and `assets` with the people in it."""
        return (await self._ask("GET", f"ticket_history/{number}", {})).object()

    async def articles(self, number: str) -> list[Json]:
        """The articles of a ticket, the oldest first."""
        return (await self._ask("GET", f"ticket_articles/by_ticket/{number}", {})).objects()

    async def me(self) -> Json:
        """Our own user, with `groups`: by name, the rights that it was given itself, not by a role."""
        return (await self._ask("GET", "users/me", {"expand": "true"})).object()

    async def listed(self, what: str) -> list[Json]:
        """The first hundred of something: ticket_states, tickets."""
        return (await self._ask("GET", what, {"expand": "true", "per_page": 100})).objects()

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
        told = _error(answer)
        named = replace(answer, body=json.dumps({"message": told}).encode()) if told else answer
        raise failure(named, self.api.title, datetime.now(UTC))


def _condition(attribute: str, operator: str, value: str) -> dict[str, str | int]:
    name = f"condition[ticket.{attribute}]"
    return {f"{name}[operator]": operator, f"{name}[value]": value}


def _error(answer: Answer) -> str:
    """What an error says, for people where it does so; empty where it is of another shape."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return ""
    found = (told.get("error_human") or told.get("error")) if isinstance(told, dict) else None
    return found if isinstance(found, str) else ""


def _ticket(answer: Answer) -> Json:
    found = answer.object()
    if not all(name in found for name in ("id", "state", "updated_at", "created_by_id")):
        raise Retryable(f"an answer {answer.status} that holds no ticket", code="not_json")
    return found
