"""What Salesforce says of failures: a list of errors, of which the first one's code counts, whatever the status is.

Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm and
https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-api.html
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from connectors.targets.http import SENTENCE_LIMIT, SUCCESS, Answer, failure
from contracts.errors import QuaysideError, Rejected, Retryable

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


def judge(answer: Answer, title: str) -> None:
    """Raise what an answer that is no success means."""
    if answer.status not in SUCCESS:
        raise _named(answer, title)


def code_of(answer: Answer) -> str:
    """The code of the first error; empty where the answer is no list of errors."""
    if answer.status in SUCCESS:
        return ""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return ""
    first = told[0] if isinstance(told, list) and told else None
    return str(first.get("errorCode", "")) if isinstance(first, dict) else ""


def sentence(errors: object) -> str:
    """Write errors as one sentence."""
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    told = (f"{one.get('errorCode') or one.get('statusCode', '')}: {one.get('message', '')}" for one in listed)
    return " ".join("; ".join(told).split())[:SENTENCE_LIMIT]


def _named(answer: Answer, title: str) -> QuaysideError:
    told, code = failure(answer, title, datetime.now(UTC)), code_of(answer)
    if not code:
        return told
    reason = f"{title} answered {answer.status}: {sentence(json.loads(answer.body))}"
    if code in _PASSING:
        name, wait = _PASSING[code]
        return Retryable(reason, code=name, retry_after=getattr(told, "retry_after", None) or wait)
    if isinstance(told, Retryable):
        return Retryable(reason, code=told.code, retry_after=told.retry_after)
    return Rejected(reason, code=told.code)
