"""A message as a card of a Feishu (飞书) or Lark robot, and what the robot's answers mean. Pure.

The card has a coloured heading and plain text. Signed, the body carries `timestamp` (seconds) and `sign`: the base64 of
HMAC-SHA256 over nothing, with `timestamp`, a line feed and the secret as the key.

Source: https://open.larksuite.com/document/client-docs/bot-v3/use-custom-bots-in-a-group (in Chinese:
https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). It names the codes 9499, 11232, 19021, 19022 and
19024. 19001, for an address that no robot has, is only to be seen in answers that others have published. How long to
wait after 11232 it does not state: a minute is what the limit is reckoned in.
"""

import base64
import hmac
import json
from datetime import datetime, timedelta

from contracts.errors import QuaysideError, Rejected, Retryable
from mappings.tickets.messages import Message
from mappings.tickets.robots import Request, Robot, RobotOptions, colour, said, title
from mappings.tickets.wording import Language

SIZE_LIMIT = 20 * 1024
"""Bytes of a body."""
_OF_THE_ACCOUNT = {19001: "unauthorised", 19021: "unauthorised", 19022: "forbidden", 19024: "forbidden"}
_TOO_MANY = 11232
_WINDOW = timedelta(minutes=1)


def request(message: Message, robot: Robot, options: RobotOptions, language: Language, at: datetime) -> Request:
    """Write a message as a card; at: when it is sent."""
    card = {
        "header": {"title": {"tag": "plain_text", "content": title(message, language)}, "template": colour(message)},
        "elements": [{"tag": "div", "text": {"tag": "plain_text", "content": said(message, options)}}],
    }
    body: dict[str, object] = {"msg_type": "interactive", "card": card}
    if robot.signing:
        seconds = str(int(at.timestamp()))
        body |= {"timestamp": seconds, "sign": sign(seconds, robot.signing)}
    return Request(f"/open-apis/bot/v2/hook/{robot.token}", {}, json.dumps(body, ensure_ascii=False).encode())


def sign(seconds: str, secret: str) -> str:
    """Sign an instant."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", "sha256")).decode()


def refusal(code: int, told: str) -> QuaysideError | None:
    """Name an answer by what happens next; None where the message was taken."""
    reason = f"feishu {code}: {told}"
    if code == 0:
        return None
    if code == _TOO_MANY:
        return Retryable(reason, code="too_many_requests", retry_after=_WINDOW)
    if code in _OF_THE_ACCOUNT:
        return Retryable(reason, code=_OF_THE_ACCOUNT[code])
    return Rejected(reason, code=f"feishu_{code}")
