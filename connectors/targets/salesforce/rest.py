"""The calls of Salesforce's REST API that we make, our token, and what it says of failures.

Errors come as a list; the code of the first one counts, whatever the HTTP status is. A token has no stated end: with
one that is refused (INVALID_SESSION_ID) nothing was done, so the same request goes once more with a new one.

Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm and
https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-api.html
The token: OAuth 2.0 client credentials flow,
https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from connectors.targets.http import SENTENCE_LIMIT, SUCCESS, Answer, Endpoint, failure
from contracts.errors import QuaysideError, Rejected, Retryable

SEVERAL, NOT_FOUND, CHANGED, NO_CONTENT = 300, 404, 412, 204
_ERRORS = frozenset({300, 400, 401, 403, 404, 412, 500, 503})
_PASSING: Mapping[str, tuple[str, timedelta | None]] = {
    "REQUEST_LIMIT_EXCEEDED": ("too_many_requests", timedelta(minutes=5)),
    "UNABLE_TO_LOCK_ROW": ("conflict", None),
    "SERVER_UNAVAILABLE": ("busy", None),
    "QUERY_TIMEOUT": ("busy", None),
    "INVALID_FIELD": ("misconfigured", None),
    "INVALID_TYPE": ("misconfigured", None),
    "INSUFFICIENT_ACCESS_OR_READONLY": ("forbidden", None),
}
"""What a code means for the next try: a limit passes, a lock is released, and a field or a right is mended there."""

Json = dict[str, Any]


class Rows(NamedTuple):
    """The rows of one page of a query, the address of the next, and the server's own time."""

    rows: list[Json]
    next_page: str
    at: datetime


@dataclass(slots=True)
class Salesforce:
    """The REST API of one account. Its methods raise as `connectors.targets.http` says."""

    api: Endpoint
    version: str
    client_id: str
    secret: str
    _token: str = ""
    _getting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def upsert(self, kind: str, external: str, value: str, fields: Mapping[str, str | None]) -> str:
        """Create or update a record by an external id and give its id; empty where Salesforce does not tell it."""
        path = f"sobjects/{kind}/{external}/{quote(value, safe='')}"
        answer = await self._ask("PATCH", path, body=fields)
        if answer.status == SEVERAL:
            raise Rejected(f"{self.api.title}: several {kind} have the {external} {value}", code="several_matches")
        self._judge(answer)
        if answer.status == NO_CONTENT:
            return ""
        told = _object(answer)
        if told.get("success") is False:
            raise Rejected(f"{self.api.title}: {_sentence(told.get('errors'))}", code="not_kept")
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
        self._judge(answer)
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
        self._judge(answer)
        return _object(answer)

    async def _page(self, path: str) -> Rows:
        answer = await self._ask("GET", path)
        self._judge(answer)
        told = _object(answer)
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
        token = await self._current()
        answer = await self._send(method, path, token, headers, body)
        if _code(answer) == "INVALID_SESSION_ID":
            self._forget(token)
            answer = await self._send(method, path, await self._current(), headers, body)
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

    async def _current(self) -> str:
        async with self._getting:
            if not self._token:
                self._token = await self._new_token()
            return self._token

    def _forget(self, token: str) -> None:
        """Somebody may have got a new one in the meantime."""
        if self._token == token:
            self._token = ""

    async def _new_token(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret}
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.api.ask(
            "POST", "oauth2/token", content=urlencode(form).encode(), headers=sent, accept=frozenset({400, 401})
        )
        if answer.status not in SUCCESS:
            reason = f"{self.api.title} gives no token: {_object(answer).get('error', answer.sentence)}"
            raise Retryable(reason, code="unauthorised")
        token = _object(answer).get("access_token")
        if not isinstance(token, str) or not token:
            raise Retryable("an answer without an access token", code="not_json")
        return token

    def _judge(self, answer: Answer) -> None:
        """Raise what an answer that is no success means."""
        if answer.status not in SUCCESS:
            raise _named(answer, self.api.title)


def _named(answer: Answer, title: str) -> QuaysideError:
    told, code = failure(answer, title, datetime.now(UTC)), _code(answer)
    if not code:
        return told
    reason = f"{title} answered {answer.status}: {_sentence(json.loads(answer.body))}"
    if code in _PASSING:
        name, wait = _PASSING[code]
        return Retryable(reason, code=name, retry_after=getattr(told, "retry_after", None) or wait)
    if isinstance(told, Retryable):
        return Retryable(reason, code=told.code, retry_after=told.retry_after)
    return Rejected(reason, code=told.code)


def _code(answer: Answer) -> str:
    """The code of the first error; empty where the answer is no list of errors."""
    if answer.status in SUCCESS:
        return ""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return ""
    first = told[0] if isinstance(told, list) and told else None
    return str(first.get("errorCode", "")) if isinstance(first, dict) else ""


def _sentence(errors: object) -> str:
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    told = (f"{one.get('errorCode') or one.get('statusCode', '')}: {one.get('message', '')}" for one in listed)
    return " ".join("; ".join(told).split())[:SENTENCE_LIMIT]


def _object(answer: Answer) -> Json:
    found = answer.json()
    if not isinstance(found, dict):
        raise Retryable(f"an answer {answer.status} that is no JSON object", code="not_json")
    return found


def _date(answer: Answer) -> datetime:
    try:
        return parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError as error:
        raise Retryable("an answer without a date", code="no_date") from error
