"""Calls to Tryton's REST interface, and what each failure of them means.

    nobody answers, or not in time     Retryable `unreachable`
    401, 403                           Rejected `unauthorised`: the key is wrong, not validated, or withdrawn
    429                                Retryable `throttled`, Retry-After honoured
    5xx                                Retryable `server_error`, with Tryton's own sentence
    400                                Rejected `refused`, with Tryton's own sentence: mostly a right that is missing
    404                                Rejected `refused`: there is no such database
    anything else                      Rejected `refused`: this is not Tryton's REST interface

Source: trytond 8.2, `protocols/rest.py` and `protocols/jsonrpc.py`.
"""

import asyncio
import html
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from connectors.targets.http import retry_after
from contracts.errors import Rejected, Retryable

Row = dict[str, Any]

PAGE = 500
SECONDS = 60.0
"""Within which a whole answer must come."""
SENTENCE_LIMIT = 300
_SERVER_ERROR = 500
_SENTENCE = re.compile(r"<p>(.*?)</p>", re.DOTALL)


class TrytonRest:
    """The REST interface of one database. Every method raises as the module says."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        """Take a client that carries the key, and the database's address for the sentences."""
        self._client = client
        self._url = url
        self.context: dict[str, int] = {}
        self.answered_at: datetime | None = None
        """The server's own time at its last answer, to the second; None where it does not say."""

    async def search(self, model: str, domain: Sequence[object], fields: Sequence[str], limit: int) -> list[Row]:
        """Give the records of `model` in `domain`, at most `limit`, by rising id."""
        answer = await self._get(
            f"model/{model}",
            [("d", _encode(domain)), ("o", _encode([["id", "ASC"]])), ("s", str(limit))]
            + [("f", field) for field in fields],
        )
        try:
            rows = answer.json()
        except ValueError:
            rows = None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Rejected(f"{self._url} does not answer as Tryton's REST interface does", code="refused")
        return rows

    async def pages(
        self, model: str, domain: Sequence[object], fields: Sequence[str], size: int = PAGE
    ) -> AsyncIterator[list[Row]]:
        """Give all records in `domain`, page by page: each begins behind the last id, so that none is skipped."""
        behind = 0
        while rows := await self.search(model, [["id", ">", behind], *domain], fields, size):
            yield rows
            if len(rows) < size:
                return
            behind = rows[-1]["id"]

    async def _get(self, path: str, parameters: list[tuple[str, str]]) -> httpx.Response:
        headers = {"X-Tryton-Context": _encode(self.context)} if self.context else {}
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._client.get(path, params=httpx.QueryParams(tuple(parameters)), headers=headers)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise Retryable(f"Tryton at {self._url} gave no answer within {SECONDS:g} s", code="unreachable") from error
        except httpx.UnsupportedProtocol as error:
            raise Rejected(f"{self._url} is no address of a Tryton database: {error}", code="refused") from error
        except httpx.RequestError as error:
            reason = str(error) or type(error).__name__
            raise Retryable(f"Tryton at {self._url} cannot be reached: {reason}", code="unreachable") from error
        if not answer.is_success:
            raise failure(answer, self._url)
        self.answered_at = _date(answer)
        return answer


def failure(answer: httpx.Response, url: str) -> Rejected | Retryable:
    """Name an answer that is no success by what happens next."""
    status = answer.status_code
    wait = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
    if status in {401, 403}:
        return Rejected(
            f"Tryton at {url} refuses the key ({status}): is it the key of a validated user application `rest`?",
            code="unauthorised",
        )
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Retryable(f"Tryton at {url} asks us to wait (429)", code="throttled", retry_after=wait)
    if status >= _SERVER_ERROR:
        return Retryable(
            f"Tryton at {url} failed ({status}): {sentence(answer)}", code="server_error", retry_after=wait
        )
    if status == httpx.codes.NOT_FOUND:
        return Rejected(f"there is no Tryton database at {url} (404)", code="refused")
    return Rejected(f"Tryton at {url} refused what we asked ({status}): {sentence(answer)}", code="refused")


def sentence(answer: httpx.Response) -> str:
    """Give what Tryton says about an error: JSON for a mistake of the caller's, a page for one of its own."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        text = " ".join(str(told[part]) for part in ("message", "description") if told.get(part))
    else:
        found = _SENTENCE.search(answer.text)
        text = html.unescape(found.group(1)) if found else ""
    return " ".join(text.split())[:SENTENCE_LIMIT] or answer.reason_phrase


def _encode(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def _date(answer: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None
