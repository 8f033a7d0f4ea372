"""A message as Markdown of a DingTalk (钉钉) robot, and what the robot's answers mean. Pure.

Signed, the address carries `timestamp` (milliseconds) and `sign`: the base64 of HMAC-SHA256 with the secret over
`timestamp`, a line feed and the secret.

Source: https://open.dingtalk.com/document/orgapp/custom-robot-access (limit: twenty a minute, else blocked for ten
minutes), https://open.dingtalk.com/document/orgapp/customize-robot-security-settings (the signature, an hour of
tolerance, and the three refusals under 310000, which only their words tell apart) and
https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages (400013 to 410100). They were read in
copies, since the pages themselves show nothing to a program. 130101, 300001 and 300005 are only to be seen in answers
that others have published, and so is the size that a message may have.
"""

import base64
import hmac
import json
from datetime import datetime, timedelta

from contracts.errors import QuaysideError, Rejected, Retryable
from mappings.tickets.messages import Message
from mappings.tickets.robots import Request, Robot, RobotOptions, harmless, said, title
from mappings.tickets.wording import Language

SIZE_LIMIT = 20_000
"""Bytes of a body."""
BLOCKED = timedelta(minutes=10)
_BUSY = -1
_INSECURE = 310000
_TOO_MANY = {130101, 410100}
_NO_SUCH_TOKEN = {300001, 300005, 400101}
_NO_LONGER_IN_THE_GROUP = {400013, 400102, 400106}


def request(message: Message, robot: Robot, options: RobotOptions, language: Language, at: datetime) -> Request:
    """Write a message as Markdown; at: when it is sent. Each line is a paragraph: a line feed alone is a space."""
    heading = title(message, language, harmless)
    lines = [line for line in said(message, options, harmless).splitlines() if line.strip()]
    markdown = {"title": heading, "text": "\n\n".join([f"### {heading}", *lines])}
    params = {"access_token": robot.token}
    if robot.signing:
        milliseconds = str(int(at.timestamp() * 1000))
        params |= {"timestamp": milliseconds, "sign": sign(milliseconds, robot.signing)}
    body = json.dumps({"msgtype": "markdown", "markdown": markdown}, ensure_ascii=False).encode()
    return Request("/robot/send", params, body)


def sign(milliseconds: str, secret: str) -> str:
    """Sign an instant."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), "sha256")).decode()


def refusal(code: int, told: str) -> QuaysideError | None:
    """Name an answer by what happens next; None where the message was taken."""
    reason = f"dingtalk {code}: {told}"
    if code == 0:
        return None
    if code in _TOO_MANY:
        return Retryable(reason, code="too_many_requests", retry_after=BLOCKED)
    if code == _BUSY:
        return Retryable(reason, code="busy")
    if code in _NO_SUCH_TOKEN or (code == _INSECURE and ("sign" in told or "timestamp" in told)):
        return Retryable(reason, code="unauthorised")
    if code == _INSECURE or code in _NO_LONGER_IN_THE_GROUP:
        return Retryable(reason, code="forbidden")
    return Rejected(reason, code=f"dingtalk_{code}")
