"""The calls of Redmine's REST API that we make, and how it pages.

Source: https://www.redmine.org/projects/redmine/wiki/Rest_api, and a running 5.0.4 where it is silent.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from connectors.targets.http import SENTENCE_LIMIT, Answer, Endpoint, failure
from contracts.errors import QuaysideError, Rejected, Retryable

NOT_FOUND = 404
REFUSED = 422
PAGE = 100

Json = dict[str, Any]
Found = TypeVar("Found")


class Where(NamedTuple):
    """One condition of a search: a filter, its operator, and its value."""

    name: str
    operator: str
    value: str = ""


OPEN_AND_CLOSED = Where("status_id", "*")
OPEN = Where("status_id", "o")


@dataclass(frozen=True, slots=True)
class Api:
    """The API of one account. Its methods raise as `connectors.targets.http` says."""

    endpoint: Endpoint

    async def ourselves(self) -> Json:
        """Our user; raises Retryable (`unauthorised`) where the key is wrong, which other addresses do not tell."""
        return _member(await self.endpoint.ask("GET", "users/current.json?include=memberships"), "user", dict)

    async def project(self, identifier: str) -> Json | None:
        """A project with its `trackers` and `issue_custom_fields`; None where there is none."""
        path = f"projects/{quote(identifier, safe='')}.json?include=trackers,issue_custom_fields"
        answer = await self.endpoint.ask("GET", path, accept=frozenset({NOT_FOUND}))
        return None if answer.status == NOT_FOUND else _member(answer, "project", dict)

    async def statuses(self) -> list[Json]:
        """All statuses, with `is_closed`."""
        return list(_member(await self.endpoint.ask("GET", "issue_statuses.json"), "issue_statuses", list))

    async def role(self, number: int) -> Json:
        """A role with its `permissions`."""
        return _member(await self.endpoint.ask("GET", f"roles/{number}.json"), "role", dict)

    async def issue(self, number: str) -> Json | None:
        """An issue with its journals and the statuses that we may give it; None where there is none."""
        path = f"issues/{quote(number, safe='')}.json?include=journals,allowed_statuses"
        answer = await self.endpoint.ask("GET", path, accept=frozenset({NOT_FOUND}))
        return None if answer.status == NOT_FOUND else _member(answer, "issue", dict)

    async def create(self, values: Mapping[str, object]) -> Json:
        """Create an issue and give it back."""
        return _member(await self._send("POST", "issues.json", values), "issue", dict)

    async def change(self, number: str, values: Mapping[str, object]) -> bool:
        """Change an issue, with `notes` beside it; False where there is none. It tells nothing of what it did."""
        answer = await self._send("PUT", f"issues/{quote(number, safe='')}.json", values, frozenset({NOT_FOUND}))
        return answer.status != NOT_FOUND

    async def issues(self, *conditions: Where) -> AsyncIterator[Json]:
        """All issues that meet the conditions, open and closed, by id.

        The long form of the conditions is used: the short one splits a value at each `|`.
        """
        last = 0
        while True:
            after = Where("issue_id", ">=", str(last + 1))
            found = (await self.page(PAGE, *conditions, after))[0]
            for issue in found:
                yield issue
            if len(found) < PAGE:
                return
            last = found[-1]["id"]

    async def page(self, size: int, *conditions: Where) -> tuple[list[Json], int]:
        """The first issues that meet the conditions, open and closed unless one says else, and how many there are."""
        asked: list[tuple[str, str | int]] = [("set_filter", 1), ("sort", "id"), ("limit", size)]
        for where in {OPEN_AND_CLOSED.name: OPEN_AND_CLOSED, **{where.name: where for where in conditions}}.values():
            asked.append(("f[]", where.name))
            asked.append((f"op[{where.name}]", where.operator))
            asked.append((f"v[{where.name}][]", where.value))
        answer = await self.endpoint.ask("GET", f"issues.json?{urlencode(asked)}")
        return list(_member(answer, "issues", list)), int(_member(answer, "total_count", int))

    async def _send(
        self, method: str, path: str, values: Mapping[str, object], accept: frozenset[int] = frozenset()
    ) -> Answer:
        content = json.dumps({"issue": values}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        answer = await self.endpoint.ask(method, path, content=content, headers=headers, accept=accept | {REFUSED})
        if answer.status == REFUSED:
            raise _refusal(answer, self.endpoint.title)
        return answer


def _refusal(answer: Answer, title: str) -> QuaysideError:
    """What a 422 means: what its sentences say; without any, somebody else wrote the issue in the same instant."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    sentences = told.get("errors") if isinstance(told, dict) else None
    if not isinstance(sentences, list):
        return failure(answer, title, datetime.now(UTC))
    if not sentences:
        return Retryable(f"{title}: the issue was changed in the same instant", code="conflict")
    reason = "; ".join(map(str, sentences))[:SENTENCE_LIMIT]
    return Rejected(f"{title} answered {answer.status}: {reason}", code=f"http_{answer.status}")


def _member(answer: Answer, name: str, kind: type[Found]) -> Found:
    """Take a member of an answer; raises Retryable where it is not what Redmine answers."""
    member = answer.object().get(name)
    if not isinstance(member, kind):
        raise Retryable(f"an answer {answer.status} without `{name}`", code="not_json")
    return member
