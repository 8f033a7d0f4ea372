"""What senders expect back, byte for byte."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus

from contracts.connector import Reply

UNAUTHORISED = 401
PROBLEM = "application/problem+json"


def json_reply(value: Mapping[str, object], status: int = 200) -> Reply:
    """Answer with compact JSON in UTF-8; names stay in the order in which they are given."""
    return Reply(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def json_refusal(reason_in: str, value: Mapping[str, object]) -> Callable[[str, int], Reply]:
    """Refuse with `value`, the reason in its field `reason_in`."""
    return lambda reason, status: json_reply({**value, reason_in: reason}, status)


def problem(detail: str, status: int, **members: str) -> Reply:
    """Refuse with a problem (RFC 9457) of no type of its own, so its title is the status's.

    Empty members are left out. Bearer is offered where nobody was recognised (RFC 6750, section 3).
    """
    told = {"title": HTTPStatus(status).phrase, "status": int(status), "detail": detail}
    body = json_reply({**told, **{name: value for name, value in members.items() if value}}, status).body
    headers = {"www-authenticate": "Bearer"} if status == UNAUTHORISED else {}
    return Reply(status, body, PROBLEM, headers)
