"""Calls to a polled system over HTTP, and what each failure of them means.

    nobody answers, the answer breaks off or is too slow     Retryable `unreachable`
    429                                                      Retryable `throttled`, Retry-After honoured
    5xx                                                      Retryable `server_error`, Retry-After honoured
    401                                                      Rejected `unauthorised`
    3xx, and any other 4xx                                   Rejected `refused`
    a success that is not what it should be                  Rejected `refused`

Each reason carries what the system says about it, which the connector knows how to find (`sentence`).
"""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from connectors.targets.http import retry_after
from contracts.errors import Rejected, Retryable

SECONDS = 60.0
"""Within which a whole answer must come."""
SENTENCE_LIMIT = 300
_SERVER_ERROR = 500

Sentence = Callable[[httpx.Response], str]


@dataclass(slots=True)
class Caller:
    """The API of one account. title: of the system and where it is, for reasons.

    refused: what to look at, by status, where the system says no. answered_at: the server's own time at its last
    answer, to the second; None where it does not say.
    """

    client: httpx.AsyncClient
    title: str
    sentence: Sentence
    refused: Mapping[int, str]
    answered_at: datetime | None = None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> httpx.Response:
        """Send one request; give its answer if it is a success, or its status is in `accept`."""
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self.client.request(method, path, params=params, content=content, headers=headers)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise Retryable(f"{self.title} gave no answer within {SECONDS:g} s", code="unreachable") from error
        except httpx.UnsupportedProtocol as error:
            raise Rejected(f"{self.title}: not an http or https URL: {error}", code="refused") from error
        except httpx.RequestError as error:
            reason = str(error) or type(error).__name__
            raise Retryable(f"{self.title} cannot be reached: {reason}", code="unreachable") from error
        self.answered_at = _date(answer)
        if answer.is_success or answer.status_code in accept:
            return answer
        raise self._failure(answer)

    def json(self, answer: httpx.Response) -> Any:  # noqa: ANN401 - the system's own JSON; its connector knows it
        """Read an answer as JSON; raises Rejected where it is none: a proxy or a login page answers so."""
        try:
            return json.loads(answer.content)
        except ValueError as error:
            raise Rejected(f"{self.title} answers no JSON: is the account's url right?", code="refused") from error

    def _failure(self, answer: httpx.Response) -> Rejected | Retryable:
        status = answer.status_code
        said = " ".join(self.sentence(answer).split())[:SENTENCE_LIMIT] or answer.reason_phrase
        reason = f"{self.title} answered {status}: {said}"
        if hint := self.refused.get(status):
            reason += f" ({hint})"
        wait = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return Retryable(reason, code="throttled", retry_after=wait)
        if status >= _SERVER_ERROR:
            return Retryable(reason, code="server_error", retry_after=wait)
        return Rejected(reason, code="unauthorised" if status == httpx.codes.UNAUTHORIZED else "refused")


def new_client() -> httpx.AsyncClient:
    """Make a client for one session; what it trusts is read once a process: that takes longer than many a poll."""
    return httpx.AsyncClient(timeout=SECONDS, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _date(answer: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None
