"""A message as Markdown of a WeCom (企业微信) robot, and what the robot's answers mean. Pure.

Nothing is signed: whoever knows the key may write.

Source: https://developer.work.weixin.qq.com/document/path/91770 (4096 bytes of Markdown, twenty a minute) and
https://developer.work.weixin.qq.com/document/path/90455 (the codes, and that they count, not the words beside them).
Failures come with HTTP 200. How long to wait after 45009 or 45033 no page states: a minute is what the
limit is reckoned in.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from contracts.errors import QuaysideError, Rejected, Retryable
from mappings.tickets.messages import Message
from mappings.tickets.robots import Colour, Request, Robot, RobotOptions, colour, harmless, said, title
from mappings.tickets.wording import Language

CONTENT_LIMIT = 4096
"""Bytes of the Markdown."""
_COLOURS: Mapping[Colour, str] = {"red": "warning", "orange": "warning", "blue": "info", "green": "comment"}
"""Orange, green and grey: it has no others."""
_BUSY = -1
_TOO_MANY = {45009, 45033}
_NO_SUCH_ROBOT = 93000
"""A key that no robot has, or one of a robot that was taken out of its group."""
_WINDOW = timedelta(minutes=1)


def request(message: Message, robot: Robot, options: RobotOptions, language: Language, at: datetime) -> Request:  # noqa: ARG001  as its siblings
    """Write a message as Markdown."""
    heading = f'**<font color="{_COLOURS[colour(message)]}">{title(message, language, harmless)}</font>**'
    markdown = {"content": f"{heading}\n\n{said(message, options, harmless)}"}
    body = json.dumps({"msgtype": "markdown", "markdown": markdown}, ensure_ascii=False).encode()
    return Request("/cgi-bin/webhook/send", {"key": robot.token}, body)


def refusal(code: int, told: str) -> QuaysideError | None:
    """Name an answer by what happens next; None where the message was taken."""
    reason = f"wecom {code}: {told}"
    if code == 0:
        return None
    if code in _TOO_MANY:
        return Retryable(reason, code="too_many_requests", retry_after=_WINDOW)
    if code == _BUSY:
        return Retryable(reason, code="busy")
    if code == _NO_SUCH_ROBOT:
        return Retryable(reason, code="unauthorised")
    return Rejected(reason, code=f"wecom_{code}")
