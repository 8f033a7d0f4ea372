"""The calls of HubSpot's CRM that we make, and what it says of failures.

A 429 names the limit that was hit (`policyName`) and seldom how long to wait: the span of the limit is waited for. 477
means that the account is being moved to another data centre.

Source: https://developers.hubspot.com/docs/api-reference/latest/error-handling and
https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from connectors.targets.http import SUCCESS, Answer, Endpoint, failure, retry_after
from contracts.errors import Retryable

VERSION = "2026-03"
NOT_FOUND, FORBIDDEN, TOO_MANY, MOVING = 404, 403, 429, 477
AT_ONCE = 100
"""Inputs of a batch, and results of a page of a search."""

_SPANS = {
    "SECONDLY": timedelta(seconds=1),
    "TEN_SECONDLY_ROLLING": timedelta(seconds=10),
    "DAILY": timedelta(hours=1),
}

Json = dict[str, Any]


class Found(NamedTuple):
    """A page of a search, and the server's own time when it gave it."""

    results: list[Json]
    at: datetime


@dataclass(frozen=True, slots=True)
class Crm:
    """The CRM of one account. Its methods raise as `connectors.targets.http` says."""

    api: Endpoint

    async def read(
        self,
        kind: str,
        number: str,
        properties: Sequence[str],
        *,
        history: Sequence[str] = (),
        archived: bool = False,
        id_property: str = "",
    ) -> Json | None:
        """Read one object; None where there is none. Of a merged one it is the object that it went into."""
        params = {"properties": ",".join(properties), "archived": str(archived).lower()}
        if history:
            params["propertiesWithHistory"] = ",".join(history)
        if id_property:
            params["idProperty"] = id_property
        answer = await self.ask("GET", f"objects/{VERSION}/{kind}/{number}", params, accept={NOT_FOUND})
        return None if answer.status == NOT_FOUND else record_in(answer)

    async def read_many(
        self, kind: str, ids: Sequence[str], properties: Sequence[str], id_property: str, *, archived: bool = False
    ) -> list[Json]:
        """Read those of up to 100 objects that are there, by the value of a property with unique values."""
        body = {"inputs": [{"id": one} for one in ids], "properties": list(properties), "idProperty": id_property}
        body["propertiesWithHistory"] = []
        path = f"objects/{VERSION}/{kind}/batch/read"
        return results_in(await self.ask("POST", path, {"archived": str(archived).lower()}, body))

    async def create(self, kind: str, properties: Mapping[str, str]) -> Json:
        """Create an object and give it."""
        return record_in(await self.ask("POST", f"objects/{VERSION}/{kind}", None, {"properties": dict(properties)}))

    async def change(self, kind: str, number: str, properties: Mapping[str, str]) -> Json | None:
        """Write properties of an object and give these; None where it is not there."""
        path = f"objects/{VERSION}/{kind}/{number}"
        answer = await self.ask("PATCH", path, None, {"properties": dict(properties)}, accept={NOT_FOUND})
        return None if answer.status == NOT_FOUND else record_in(answer)

    async def search(self, kind: str, filters: Sequence[Json], properties: Sequence[str]) -> Found:
        """Search, by ascending id: up to 100. What was just written may not be found for some moments."""
        body = {
            "filterGroups": [{"filters": list(filters)}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(properties),
            "limit": AT_ONCE,
        }
        answer = await self.ask("POST", f"objects/{VERSION}/{kind}/search", None, body)
        return Found(results_in(answer), _date(answer))

    async def user(self, number: str) -> str:
        """Name a user; by the number where it is no longer known, or where our app may not read owners."""
        path, params = f"owners/{VERSION}/{number}", {"idProperty": "userId", "archived": "false"}
        answer = await self.ask("GET", path, params, accept={FORBIDDEN, NOT_FOUND})
        if answer.status not in SUCCESS:
            return f"user {number}"
        told = answer.object()
        name = " ".join(str(told.get(part) or "") for part in ("firstName", "lastName")).strip()
        return name or str(told.get("email") or f"user {number}")

    async def listed(self, path: str) -> Json | None:
        """Read what describes the account: properties, a pipeline; None where it is not there."""
        answer = await self.ask("GET", path, accept={NOT_FOUND})
        return None if answer.status == NOT_FOUND else answer.object()

    async def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: Json | None = None,
        accept: set[int] | frozenset[int] = frozenset(),
    ) -> Answer:
        """Send one request; as `Endpoint.ask`, with what HubSpot says of its limits."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        taken = frozenset({TOO_MANY, MOVING, *accept})
        answer = await self.api.ask(method, path, params=params, content=content, headers=headers, accept=taken)
        if answer.status == TOO_MANY or (answer.status == MOVING and MOVING not in accept):
            raise _later(answer, self.api.title)
        return answer


def _later(answer: Answer, title: str) -> Retryable:
    now = datetime.now(UTC)
    told = failure(answer, title, now)
    code = "too_many_requests" if answer.status == TOO_MANY else "moving"
    wait = retry_after(answer.headers.get("retry-after"), now)
    return Retryable(told.reason, code=code, retry_after=wait or _SPANS.get(_policy(answer)))


def _policy(answer: Answer) -> str:
    try:
        told = json.loads(answer.body)
    except ValueError:
        return ""
    return str(told.get("policyName", "")) if isinstance(told, dict) else ""


def record_in(answer: Answer) -> Json:
    """Read an object of the CRM; raises Retryable where the answer holds none."""
    return _record(answer.object(), answer)


def results_in(answer: Answer) -> list[Json]:
    """Read the results of a batch or a search; raises Retryable where the answer holds none."""
    found = answer.object().get("results")
    if not isinstance(found, list):
        raise Retryable(f"an answer {answer.status} without results", code="not_json")
    return [_record(one, answer) for one in found]


def _record(found: object, answer: Answer) -> Json:
    if isinstance(found, dict) and isinstance(found.get("id"), str) and isinstance(found.get("properties"), dict):
        return found
    raise Retryable(f"an answer {answer.status} that holds no record", code="not_json")


def _date(answer: Answer) -> datetime:
    try:
        return parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError as error:
        raise Retryable("an answer without a date", code="no_date") from error
