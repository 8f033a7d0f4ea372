"""How Zendesk's answers are read, and what it says of failures.

Source: https://developer.zendesk.com/api-reference/introduction/requests/
"""

import json
from datetime import UTC, datetime
from typing import Any, TypeVar

from connectors.targets.http import SENTENCE_LIMIT, SUCCESS, Answer, failure
from contracts.errors import QuaysideError, Rejected, Retryable

Json = dict[str, Any]
Part = TypeVar("Part")


def good(answer: Answer, title: str) -> Answer:
    """Give an answer that is a success; raise what another one means."""
    if answer.status in SUCCESS:
        return answer
    raise named(answer, title)


def named(answer: Answer, title: str) -> QuaysideError:
    """Name a failure, with Zendesk's own words."""
    told, words = failure(answer, title, datetime.now(UTC)), _words(answer)
    reason = f"{title} answered {answer.status}: {words}" if words else told.reason
    if isinstance(told, Retryable):
        return Retryable(reason, code=told.code, retry_after=told.retry_after)
    return Rejected(reason, code=told.code)


def error_of(answer: Answer) -> str:
    """The error's name; empty where there is none."""
    told = _body(answer).get("error")
    return told if isinstance(told, str) else ""


def part(answer: Answer, name: str, kind: type[Part]) -> Part:
    """Read a part of an answer; raises Retryable where it is not there."""
    found = answer.json()
    there = found.get(name) if isinstance(found, dict) else None
    if not isinstance(there, kind):
        raise Retryable(f"an answer {answer.status} without {name}", code="not_json")
    return there


def _words(answer: Answer) -> str:
    """An error's name, description and details: `{"error": …, "description": …, "details": {FIELD: [{…}]}}`."""
    told = _body(answer)
    error = told.get("error")
    if isinstance(error, dict):
        return " ".join(f"{error.get('title', '')}: {error.get('message', '')}".split())[:SENTENCE_LIMIT]
    told_of = told.get("details")
    lists = [ones for ones in told_of.values() if isinstance(ones, list)] if isinstance(told_of, dict) else []
    details = [one.get("description") for ones in lists for one in ones if isinstance(one, dict)]
    words = [str(word) for word in (error, told.get("description"), *details) if word]
    return " ".join("; ".join(words).split())[:SENTENCE_LIMIT]


def _body(answer: Answer) -> Json:
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
