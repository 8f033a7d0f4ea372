"""The calls of the Table API that we make, and what it says of failures.

    403 with a data policy or a business rule in its detail     Rejected `refused`: what was written is wrong
    429 without Retry-After                                      waits until `X-RateLimit-Reset`
    200 with an `error` beside the result                        Retryable `unfinished`: it took too long
    202                                                          Retryable `unfinished`: it may never be done

A transaction is cancelled at its quota (https://support.servicenow.com/kb_view.do?sysparm_article=KB0866547). 202 comes
where too many calls of one session wait (https://support.servicenow.com/kb_view.do?sysparm_article=KB3047080).

Source: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html; rate limits:
https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/inbound-REST-API-rate-limiting.html
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.targets.http import SUCCESS, Answer, Endpoint, failure
from connectors.targets.servicenow.authentication import Authentication
from contracts.errors import QuaysideError, Rejected, Retryable

PAGE = 100
ACCEPTED = 202
NOT_FOUND, UNAUTHORISED, FORBIDDEN, TOO_MANY = 404, 401, 403, 429
_FAILURES = frozenset(range(400, 600))
_RULES = ("data policy", "business rule")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class TableApi:
    """The Table API of one account. Its methods raise as above, and as `connectors.targets.http` says."""

    api: Endpoint
    authentication: Authentication

    async def read(self, table: str, number: str, columns: Sequence[str]) -> Row | None:
        """Read one record; None where there is none, or where our user may not see it."""
        answer = await self._ask("GET", f"{table}/{number}", _shown(columns), accept={NOT_FOUND})
        return None if answer.status == NOT_FOUND else _row(answer)

    async def find(
        self, table: str, query: str, columns: Sequence[str], *, limit: int = PAGE, offset: int = 0
    ) -> list[Row]:
        """Give one page of what an encoded query finds. A column that is not there is left out of the query."""
        paging: dict[str, str | int] = {"sysparm_query": query, "sysparm_limit": limit, "sysparm_offset": offset}
        found = _result(await self._ask("GET", table, {**_shown(columns), **paging}))
        if not isinstance(found, list):
            raise Retryable("a success that is no list", code="not_json")
        return [_texts(row) for row in found]

    async def create(self, table: str, values: Mapping[str, str], columns: Sequence[str]) -> Row:
        """Create a record and give it as it is then."""
        return _row(await self._ask("POST", table, _shown(columns), values))

    async def change(self, table: str, number: str, values: Mapping[str, str], columns: Sequence[str]) -> Row | None:
        """Write columns of a record and give it as it is then; None where it is not there."""
        answer = await self._ask("PATCH", f"{table}/{number}", _shown(columns), values, {NOT_FOUND})
        return None if answer.status == NOT_FOUND else _row(answer)

    async def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int],
        values: Mapping[str, str] | None = None,
        accept: frozenset[int] | set[int] = frozenset(),
    ) -> Answer:
        content = None if values is None else json.dumps(values, ensure_ascii=False).encode()
        sent = {"Accept": "application/json"} | ({} if content is None else {"Content-Type": "application/json"})

        async def send() -> Answer:
            headers = {**sent, **await self.authentication.headers()}
            return await self.api.ask(
                method, f"api/now/table/{path}", params=params, content=content, headers=headers, accept=_FAILURES
            )

        answer = await send()
        if answer.status == UNAUTHORISED and self.authentication.refused():
            answer = await send()
        if answer.status == ACCEPTED:
            raise Retryable("it was accepted, and may never be done", code="unfinished")
        if answer.status in SUCCESS or answer.status in accept:
            return answer
        raise _failure(answer, self.api.title, datetime.now(UTC))


def _shown(columns: Sequence[str]) -> dict[str, str | int]:
    return {
        "sysparm_fields": ",".join(columns),
        "sysparm_display_value": "false",
        "sysparm_exclude_reference_link": "true",
    }


def _failure(answer: Answer, title: str, now: datetime) -> QuaysideError:
    message, detail = _error(answer)
    told = ": ".join(text for text in (message, detail) if text)
    named = failure(_saying(answer, told) if told else answer, title, now)
    if answer.status == FORBIDDEN and any(rule in told.lower() for rule in _RULES):
        return Rejected(named.reason, code="refused")
    if answer.status == TOO_MANY and isinstance(named, Retryable) and named.retry_after is None:
        return Retryable(named.reason, code=named.code, retry_after=_until_reset(answer, now))
    return named


def _error(answer: Answer) -> tuple[str, str]:
    """What `{"error": {"message", "detail"}, "status": "failure"}` says; empty where the body is of another shape."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return "", ""
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, dict):
        return str(error.get("message") or ""), str(error.get("detail") or "")
    return str(error or ""), ""


def _saying(answer: Answer, sentence: str) -> Answer:
    return replace(answer, body=json.dumps({"message": sentence}).encode())


def _until_reset(answer: Answer, now: datetime) -> timedelta | None:
    """How long it is to `X-RateLimit-Reset`, in seconds since 1970; an hour at most, which is the span of a rule."""
    reset = answer.headers.get("x-ratelimit-reset", "")
    if not reset.isdecimal():
        return None
    return min(max(timedelta(seconds=int(reset[:12]) - now.timestamp()), timedelta(0)), timedelta(hours=1))


def _result(answer: Answer) -> Any:  # noqa: ANN401  a row or a list of them
    found = answer.object()
    if found.get("error"):
        raise Retryable(f"a success with an error: {': '.join(filter(None, _error(answer)))}", code="unfinished")
    if "result" not in found:
        raise Retryable(f"an answer {answer.status} without a result", code="not_json")
    return found["result"]


def _row(answer: Answer) -> Row:
    found = _result(answer)
    if not isinstance(found, dict) or not found.get("sys_id"):
        raise Retryable(f"an answer {answer.status} that holds no record", code="not_json")
    return _texts(found)


def _texts(found: object) -> Row:
    """Take a record's columns as texts; raises Retryable where one is none."""
    if not isinstance(found, dict) or not all(isinstance(value, str | None) for value in found.values()):
        raise Retryable("a record that is no object of texts", code="not_json")
    return {name: (value or "").replace("\r\n", "\n") for name, value in found.items()}
