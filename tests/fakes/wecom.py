"""WeCom's server as far as group robots need it; every failure comes with HTTP 200.

https://developer.work.weixin.qq.com/document/path/91770: 4096 bytes of Markdown, twenty a minute;
https://developer.work.weixin.qq.com/document/path/90455: the codes.
"""

from dataclasses import dataclass
from typing import ClassVar

from tests.fakes.robots import RobotCloud, answer
from tests.fakes.serving import Reply, Request

CONTENT = 4096


@dataclass
class WeCom(RobotCloud):
    """One group's robot; its token is its key."""

    per_window: ClassVar[int] = 20

    def handle(self, request: Request) -> Reply:
        if request.method != "POST" or request.path != "/cgi-bin/webhook/send":
            return Reply(404)
        if request.params.get("key") != self.token:
            return answer(93000, "invalid webhook url, hint: [1]")
        match request.json():
            case {"msgtype": "markdown", "markdown": {"content": str(content)}} if content:
                return self._read(request, content)
        return answer(40008, "invalid message type")

    def _read(self, request: Request, content: str) -> Reply:
        if len(content.encode()) > CONTENT:
            return answer(40058, "markdown.content exceed max length 4096")
        if self.is_too_much():
            return answer(45009, "api freq out of limit")
        self.take(request, content)
        return answer(0, "ok")
