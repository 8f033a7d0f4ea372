"""WeCom's group robots, tried against a server that keeps state and fails as its pages say."""

from datetime import timedelta

from connectors.targets.wecom import WECOM
from contracts.connector import Limit
from contracts.errors import Rejected, Retryable
from tests.connectors.misbehaving import Answer
from tests.connectors.robot_conformance import RobotConformance
from tests.connectors.target_conformance import Failure
from tests.fakes.robots import answer
from tests.fakes.wecom import WeCom

CODES = "https://developer.work.weixin.qq.com/document/path/90455"


def told(code: int, words: str) -> Answer:
    return Answer(200, answer(code, words).raw)


class TestWeCom(RobotConformance):
    target = WECOM
    cloud = WeCom
    signs = False
    published = (Limit(20, 60),)
    documented = (
        Failure(CODES, told(45009, "api freq out of limit"), Retryable, "too_many_requests", timedelta(minutes=1)),
        Failure(CODES, told(45033, "api concurrent out of limit"), Retryable, "too_many_requests"),
        Failure(CODES, told(93000, "invalid webhook url, hint: [1]"), Retryable, "unauthorised"),
        Failure(CODES, told(40008, "invalid message type"), Rejected, "wecom_40008"),
        Failure(CODES, told(40058, "markdown.content exceed max length 4096"), Rejected, "wecom_40058"),
        Failure(CODES, told(-1, "system busy"), Retryable, "busy"),
    )
