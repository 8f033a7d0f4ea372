"""The calls of Salesforce's REST API that we make.

With a token that is refused (INVALID_SESSION_ID) nothing was done, so the same request goes once more with a new one.

Source: https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html, .../resources-sobject-rows.html,
.../dome-query.html, .../dome-queryall.html
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from connectors.targets.http import Answer, Endpoint
from connectors.targets.salesforce.failures import code_of, judge, sentence
from connectors.targets.salesforce.tokens import Tokens
from contracts.errors import Rejected, Retryable

SEVERAL, NOT_FOUND, CHANGED, NO_CONTENT = 300, 404, 412, 204
_ERRORS = frozenset({300, 400, 401, 403, 404, 412, 500, 503})

Json = dict[str, Any]


class Rows(NamedTuple):
    """The rows of one page of a query, the address of the next, and the server's own time."""

    rows: list[Json]
    next_page: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Salesforce:
    """The REST API of one account. Its methods raise as `connectors.targets.http` says."""

    api: Endpoint
    version: str
    tokens: Tokens

    async def upsert(self, kind: str, external: str, value: str, fields: Mapping[str, str | None]) -> str:
        """Create or update a record by an external id and give its id; empty where Salesforce does not tell it."""
        path = f"sobjects/{kind}/{external}/{quote(value, safe='')}"
        answer = await self._ask("PATCH", path, body=fields)
        if answer.status == SEVERAL:
            raise Rejected(f"{self.api.title}: several {kind} have the {external} {value}", code="several_matches")
        judge(answer, self.api.title)
        if answer.status == NO_CONTENT:
            return ""
        told = answer.object()
        if told.get("success") is False:
            raise Rejected(f"{self.api.title}: {sentence(told.get('errors'))}", code="not_kept")
        if not isinstance(told.get("id"), str):
            raise Retryable(f"an answer {answer.status} that holds no id", code="not_json")
        return str(told["id"])

    async def change(self, kind: str, number: str, fields: Mapping[str, str | None], version: str) -> bool:
        """Write fields of a record, unless it changed after `version` (an instant); tell whether it was done."""
        at = datetime.fromisoformat(version).strftime("%a, %d %b %Y %H:%M:%S GMT")
        answer = await self._ask("PATCH", f"sobjects/{kind}/{number}", {"If-Unmodified-Since": at}, fields)
        if answer.status == CHANGED:
            return False
        if answer.status == NOT_FOUND:
            raise Rejected(f"{kind} {number} no longer exists", code="gone")
        judge(answer, self.api.title)
        return True

    async def query(self, soql: str, *, deleted: bool = False) -> Rows:
        """Give the first page of what a query finds; deleted: among those in the recycle bin, too."""
        return await self._page(f"{'queryAll' if deleted else 'query'}?{urlencode({'q': soql})}")

    async def all_rows(self, page: Rows) -> AsyncIterator[Json]:
        """Give the rows of a page and of all that follow."""
        while True:
            for row in page.rows:
                yield row
            if not page.next_page:
                return
            page = await self._page(page.next_page)

    async def describe(self, kind: str) -> Json | None:
        """Describe an object; None where there is none, or our user may not see it."""
        answer = await self._ask("GET", f"sobjects/{kind}/describe")
        if answer.status == NOT_FOUND:
            return None
        judge(answer, self.api.title)
        return answer.object()

    async def _page(self, path: str) -> Rows:
        answer = await self._ask("GET", path)
        judge(answer, self.api.title)
        told = answer.object()
        rows = told.get("records")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Retryable(f"an answer {answer.status} without records", code="not_json")
        following = str(told.get("nextRecordsUrl") or "").rpartition("/query/")[2]
        return Rows(rows, f"query/{following}" if following else "", _date(answer))

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, str | None] | None = None,
    ) -> Answer:
        token = await self.tokens.current()
        answer = await self._send(method, path, token, headers, body)
        if code_of(answer) == "INVALID_SESSION_ID":
            self.tokens.forget(token)
            answer = await self._send(method, path, await self.tokens.current(), headers, body)
        return answer

    async def _send(
        self,
        method: str,
        path: str,
        token: str,
        headers: Mapping[str, str] | None,
        body: Mapping[str, str | None] | None,
    ) -> Answer:
        sent = {"Authorization": f"Bearer {token}", **(headers or {})}
        content = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            content = json.dumps(body, ensure_ascii=False).encode()
        return await self.api.ask(method, f"data/{self.version}/{path}", content=content, headers=sent, accept=_ERRORS)


def _date(answer: Answer) -> datetime:
    try:
        return parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError as error:
        raise Retryable("an answer without a date", code="no_date") from error
