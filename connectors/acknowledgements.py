"""What senders expect back, byte for byte."""

import json
from collections.abc import Callable, Mapping

from contracts.connector import Reply

UNAUTHORISED = 401


def json_reply(value: Mapping[str, object], status: int = 200) -> Reply:
    """Answer with compact JSON in UTF-8; names stay in the order in which they are given."""
    return Reply(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def json_refusal(reason_in: str, value: Mapping[str, object], status: int = UNAUTHORISED) -> Callable[[str], Reply]:
    """Refuse with `value`, the reason in its field `reason_in`."""
    return lambda reason: json_reply({**value, reason_in: reason}, status)
