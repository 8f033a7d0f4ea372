"""DingTalk's server as far as group robots need it.

https://open.dingtalk.com/document/orgapp/custom-robot-access: twenty a minute, else blocked for ten minutes;
https://open.dingtalk.com/document/orgapp/customize-robot-security-settings: the signature and 310000;
https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages: Markdown and the other codes.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from tests.fakes.robots import RobotCloud, answer
from tests.fakes.serving import Reply, Request

SIZE = 20_000
HOUR = timedelta(hours=1)


@dataclass
class DingTalk(RobotCloud):
    """One group's robot. is_stopped: whether somebody switched it off."""

    per_window: ClassVar[int] = 20
    blocked_for: ClassVar[timedelta] = timedelta(minutes=10)
    is_stopped: bool = False

    def handle(self, request: Request) -> Reply:
        if request.method != "POST" or request.path != "/robot/send":
            return Reply(404)
        if request.params.get("access_token") != self.token:
            return answer(400101, "token is not exist")
        if self.is_stopped:
            return answer(400102, "bot is stopped")
        return self._unsigned(request) or self._written(request)

    def _written(self, request: Request) -> Reply:
        match request.json():
            case {"msgtype": "markdown", "markdown": {"title": str(title), "text": str(text)}} if title and text:
                return self._read(request, text)
            case {"msgtype": "markdown"}:
                return answer(40035, "缺少参数 markdown")
        return answer(400105, "unsupported msgtype")

    def _read(self, request: Request, text: str) -> Reply:
        if len(request.body) > SIZE:
            return answer(460101, "message too long, exceed 20000 bytes")
        if self.keyword not in text:
            return answer(310000, "keywords not in content")
        if self.is_too_much():
            return answer(410100, "send too fast")
        self.take(request, text)
        return answer(0, "ok")

    def _unsigned(self, request: Request) -> Reply | None:
        if not self.secret:
            return None
        milliseconds = request.params.get("timestamp", "0")
        if abs(datetime.now(UTC) - datetime.fromtimestamp(int(milliseconds) / 1000, UTC)) > HOUR:
            return answer(310000, "invalid timestamp")
        signed = hmac.new(self.secret.encode(), f"{milliseconds}\n{self.secret}".encode(), hashlib.sha256).digest()
        if request.params.get("sign") != base64.b64encode(signed).decode():
            return answer(310000, "sign not match")
        return None
