"""Calls to a target over HTTP: an answer is a success, or is named by what happens next.

    no connection, a broken or slow answer, 408, 425, 429, 5xx     Retryable, Retry-After honoured
    401, 403                                                       Retryable `unauthorised`, `forbidden`
    409, 423                                                       Retryable `conflict`
    3xx and any other 4xx                                          Rejected
    a success that is not the JSON it should be                    Retryable `not_json`

401 and 403 speak of the account, not of what was written: somebody mends a token or a right, and then the same request
succeeds. So nothing is given up for them, and their code says whom to tell.

A whole answer has one deadline, so that one which drips in byte by byte ends as well, and a size that it may have.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from connectors.targets.turns import take_turn
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.settings import PollerAccount, TargetAccount

SENTENCE_LIMIT = 300
SIZE_LIMIT = 8 * 1024 * 1024
LONGEST_WAIT = timedelta(days=1)

_CODES = {401: "unauthorised", 403: "forbidden", 409: "conflict", 423: "conflict", 429: "too_many_requests"}
_TRANSIENT = {401, 403, 408, 409, 423, 425, 429}
SERVER_ERROR = 500
SUCCESS = range(200, 300)
_DIGITS = 9  # of a Retry-After: more than a day, less than a timedelta holds


def check_url(account: PollerAccount | TargetAccount) -> None:
    """Refuse an account whose url is no address of an HTTP server."""
    try:
        url = httpx.URL(account.url)
    except httpx.InvalidURL as error:
        raise Rejected(f"not a URL: {account.url!r} ({error})", code="bad_url", path="$.url") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise Rejected(f"not an http or https URL: {account.url!r}", code="bad_url", path="$.url")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  the target's own JSON; each mapping says what it expects of it
        """Read the body as JSON; raises Retryable where it is none, as when a proxy or a login page answers."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Retryable(f"an answer {self.status} that is not JSON", code="not_json") from error

    def object(self) -> dict[str, Any]:
        """Read the body as a JSON object; raises Retryable where it is none."""
        found = self.json()
        if not isinstance(found, dict):
            raise Retryable(f"an answer {self.status} that is no JSON object", code="not_json")
        return found

    def objects(self) -> list[dict[str, Any]]:
        """Read the body as a list of JSON objects; raises Retryable where it is none."""
        found = self.json()
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Retryable(f"an answer {self.status} that is no list of objects", code="not_json")
        return found

    @property
    def sentence(self) -> str:
        """What the target says about an error, shortened; the reason phrase where it says nothing."""
        try:
            told = json.loads(self.body)
        except ValueError:
            told = None
        found = told.get("message") or told.get("detail") if isinstance(told, dict) else None
        text = found if isinstance(found, str) else httpx.codes.get_reason_phrase(self.status)
        return " ".join(text.split())[:SENTENCE_LIMIT]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The API of one account. title: of the system, for reasons. seconds: within which a whole answer must come."""

    client: httpx.AsyncClient
    title: str
    seconds: float

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """Send one request in its turn; give the answer if it is a success or its status is in `accept`, else raise."""
        request = self.client.build_request(method, path, params=params, content=content, headers=headers)
        await take_turn()
        try:
            async with asyncio.timeout(self.seconds):
                answer = await self._whole(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Retryable(f"{self.title} cannot be reached: {_told(error)}", code="unreachable") from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise self._unanswered(f"no whole answer within {self.seconds:g} s") from error
        except httpx.RequestError as error:
            raise self._unanswered(f"the connection broke: {_told(error)}") from error
        if answer.status in SUCCESS or answer.status in accept:
            return answer
        raise failure(answer, self.title, datetime.now(UTC))

    async def _whole(self, request: httpx.Request) -> Answer:
        response = await self.client.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > SIZE_LIMIT:
                    raise self._unanswered(f"an answer of more than {SIZE_LIMIT} bytes")
            return Answer(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()

    def _unanswered(self, what: str) -> Retryable:
        """What was asked may still take effect over there: a look-up right now could miss it, so it is waited for."""
        return Retryable(f"{self.title}: {what}", code="unanswered", retry_after=timedelta(seconds=self.seconds))


@cache
def _trusted() -> ssl.SSLContext:
    """Read once whom we trust: reading it for each account takes a tenth of a second."""
    return httpx.create_ssl_context()


@asynccontextmanager
async def endpoint(
    account: TargetAccount, base: str, seconds: float, headers: Mapping[str, str]
) -> AsyncIterator[Endpoint]:
    """Open the API at `base` below an account's url.

    No redirect is followed: it would carry our secret along. No cookie is kept: a target that ties a session to one
    would take our calls one after another, and ServiceNow drops those that wait too long for their turn.
    """
    client = httpx.AsyncClient(
        base_url=account.url.rstrip("/") + base,
        headers=dict(headers),
        timeout=seconds,
        verify=_trusted(),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        limits=httpx.Limits(max_connections=account.concurrency),
    )
    async with client:
        yield Endpoint(client, f"{account.connector} at {account.url}", seconds)


def failure(answer: Answer, title: str, now: datetime) -> QuaysideError:
    """Name an answer that is no success by what happens next. now: for a Retry-After that is a date."""
    reason = f"{title} answered {answer.status}: {answer.sentence}"
    code = _CODES.get(answer.status, f"http_{answer.status}")
    if answer.status in _TRANSIENT or answer.status >= SERVER_ERROR:
        return Retryable(reason, code=code, retry_after=retry_after(answer.headers.get("retry-after"), now))
    if "location" in answer.headers:
        reason += f" (to {answer.headers['location'][:SENTENCE_LIMIT]}: is the account's url right?)"
    return Rejected(reason, code=code)


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After (RFC 9110, section 10.2.3), seconds or a date; None where there is none or it makes no sense.

    At most a day is waited, whatever a target asks for.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(timedelta(seconds=int(value.strip()[:_DIGITS])), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return min(max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta(0)), LONGEST_WAIT)


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
