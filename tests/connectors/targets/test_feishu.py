"""Feishu's group robots, tried against a server that keeps state and fails as its page says."""

from datetime import timedelta
from typing import Any

from connectors.targets.feishu import FEISHU
from contracts.connector import Limit
from contracts.errors import Rejected, Retryable
from mappings.tickets.feishu import sign
from tests.connectors.misbehaving import Answer
from tests.connectors.robot_conformance import RobotConformance
from tests.connectors.target_conformance import Failure, System
from tests.fakes.feishu import Feishu
from tests.fakes.robots import RobotCloud, answer

PAGE = "https://open.larksuite.com/document/client-docs/bot-v3/use-custom-bots-in-a-group"


def told(code: int, words: str) -> Answer:
    return Answer(200, answer(code, words, names=("code", "msg")).raw)


class TestFeishu(RobotConformance):
    target = FEISHU
    cloud = Feishu
    published = (Limit(100, 60), Limit(5, 1))
    documented = (
        Failure(f"{PAGE} Precautions", told(11232, "rate limit"), Retryable, "too_many_requests", timedelta(minutes=1)),
        Failure(f"{PAGE} Procedure", told(9499, "Bad Request"), Rejected, "feishu_9499"),
        Failure(f"{PAGE} Keywords", told(19024, "Key Words Not Found"), Retryable, "forbidden"),
        Failure(f"{PAGE} IP whitelist", told(19022, "Ip Not Allowed"), Retryable, "forbidden"),
        Failure(f"{PAGE} Signature", told(19021, "sign match fail"), Retryable, "unauthorised"),
    )

    async def test_the_card_is_red_when_it_is_grave_and_green_when_it_is_over(
        self, system: System, server: RobotCloud
    ) -> None:
        writing = self.writing(system)
        async with self.open(system) as session:
            opened = await session.create(writing)
            worse = await session.update(opened, self.grave(writing))
            await session.close(worse, writing)
        bodies: list[Any] = server.bodies
        assert [body["card"]["header"]["template"] for body in bodies] == ["orange", "red", "green"]

    def test_the_instant_is_signed_with_itself_and_the_secret_as_the_key(self) -> None:
        """Reckoned by OpenSSL: `printf '' | openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64`."""
        assert sign("1599360473", "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="
