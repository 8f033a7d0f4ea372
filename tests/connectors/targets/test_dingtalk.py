"""DingTalk's group robots, tried against a server that keeps state and fails as its pages say."""

from datetime import timedelta

import pytest

from connectors.targets.dingtalk import DINGTALK
from contracts.connector import Limit, TargetSession
from contracts.errors import Rejected, Retryable
from mappings.tickets.dingtalk import sign
from tests.connectors.misbehaving import Answer
from tests.connectors.robot_conformance import RobotConformance
from tests.connectors.target_conformance import Failure, System
from tests.fakes.dingtalk import DingTalk
from tests.fakes.robots import RobotCloud, answer

SECURITY = "https://open.dingtalk.com/document/orgapp/customize-robot-security-settings"
CODES = "https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages"


def told(code: int, words: str) -> Answer:
    return Answer(200, answer(code, words).raw)


class TestDingTalk(RobotConformance):
    target = DINGTALK
    cloud = DingTalk
    published = (Limit(20, 60),)
    documented = (
        Failure(SECURITY, told(310000, "sign not match"), Retryable, "unauthorised"),
        Failure(SECURITY, told(310000, "invalid timestamp"), Retryable, "unauthorised"),
        Failure(SECURITY, told(310000, "keywords not in content"), Retryable, "forbidden"),
        Failure(SECURITY, told(310000, "ip 1.2.3.4 not in whitelist"), Retryable, "forbidden"),
        Failure(CODES, told(410100, "send too fast"), Retryable, "too_many_requests", timedelta(minutes=10)),
        Failure(CODES, told(130101, "send too fast"), Retryable, "too_many_requests", timedelta(minutes=10)),
        Failure(CODES, told(400101, "access_token不存在"), Retryable, "unauthorised"),
        Failure(CODES, told(300005, "token is not exist"), Retryable, "unauthorised"),
        Failure(CODES, told(400013, "群已被解散"), Retryable, "forbidden"),
        Failure(CODES, told(400102, "机器人已停用"), Retryable, "forbidden"),
        Failure(CODES, told(400106, "机器人不存在"), Retryable, "forbidden"),
        Failure(CODES, told(-1, "系统繁忙"), Retryable, "busy"),
        Failure(CODES, told(40035, "缺少参数"), Rejected, "dingtalk_40035"),
        Failure(CODES, told(400105, "不支持的消息类型"), Rejected, "dingtalk_400105"),
    )

    async def test_a_group_that_was_flooded_takes_nothing_for_ten_minutes(
        self, system: System, server: RobotCloud, session: TargetSession
    ) -> None:
        server.pace = timedelta(0)
        server.hear_others(19)
        await session.create(self.writing(system))
        with pytest.raises(Retryable):
            await session.create(self.writing(system))
        server.later(timedelta(minutes=9))
        with pytest.raises(Retryable):
            await session.create(self.writing(system))
        assert len(server.said) == 1

    async def test_a_robot_that_was_switched_off_is_an_operator_s_to_mend(
        self, system: System, server: RobotCloud, session: TargetSession
    ) -> None:
        assert isinstance(server, DingTalk)
        server.is_stopped = True
        with pytest.raises(Retryable) as failed:
            await session.create(self.writing(system))
        assert failed.value.code == "forbidden"

    def test_the_instant_and_the_secret_are_signed_with_the_secret(self) -> None:
        r"""Reckoned by OpenSSL: `printf '1599360473000\ndemo' | openssl dgst -sha256 -hmac demo -binary | base64`."""
        assert sign("1599360473000", "demo") == "eblRZvilBzXa6Ce18IeBM4pMy1rYNWKicaCg6VMwQe0="
