"""Feishu's server as far as group robots need it.

https://open.larksuite.com/document/client-docs/bot-v3/use-custom-bots-in-a-group: the limits and 11232 ("Precautions"),
20 KB and 9499 ("Procedure"), 19024, 19022 and 19021 ("Add security settings"). 19001 is what its servers answer.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from tests.fakes.robots import RobotCloud, answer
from tests.fakes.serving import Reply, Request

SIZE = 20 * 1024
HOUR = timedelta(hours=1)
TEMPLATES = {"blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "grey"}


@dataclass
class Feishu(RobotCloud):
    """One group's robot."""

    per_window: ClassVar[int] = 100

    def handle(self, request: Request) -> Reply:
        body = request.json()
        if request.method != "POST" or request.path != f"/open-apis/bot/v2/hook/{self.token}":
            return _said(19001, "param invalid: incoming webhook access token invalid")
        if len(request.body) > SIZE or not _is_card(body):
            return _said(9499, "Bad Request")
        if self.secret and not self._is_signed(body):
            return _said(19021, "sign match fail or timestamp is not within one hour from current time")
        header, elements = body["card"]["header"], body["card"]["elements"]
        text = "\n".join([header["title"]["content"], *(element["text"]["content"] for element in elements)])
        if self.keyword not in text:
            return _said(19024, "Key Words Not Found")
        if self.is_too_much():
            return _said(11232, "create message service trigger rate limit")
        self.take(request, text)
        return _said(0, "success")

    def _is_signed(self, body: dict[str, Any]) -> bool:
        seconds = str(body.get("timestamp", "0"))
        if abs(datetime.now(UTC) - datetime.fromtimestamp(int(seconds), UTC)) > HOUR:
            return False
        wanted = hmac.new(f"{seconds}\n{self.secret}".encode(), digestmod=hashlib.sha256).digest()
        return body.get("sign") == base64.b64encode(wanted).decode()


def _is_card(body: dict[str, Any]) -> bool:
    match body:
        case {
            "msg_type": "interactive",
            "card": {
                "header": {"title": {"tag": "plain_text", "content": str()}, "template": template},
                "elements": [{"tag": "div", "text": {"tag": "plain_text", "content": str()}}],
            },
        }:
            return template in TEMPLATES
    return False


def _said(code: int, words: str) -> Reply:
    return answer(code, words, names=("code", "msg"))
