"""What every robot of a chat group must do, beside what every target does that is only told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from contracts.connector import Limit
from contracts.errors import Rejected, Retryable
from contracts.settings import SecretFrom, TargetAccount
from streams.dispatch.pace import Pace, next_turn
from tests.connectors.conformance.target_suite import System
from tests.connectors.one_way_conformance import Heard, OneWayConformance, Recipient
from tests.connectors.sample_tasks import late_task
from tests.fakes.robots import RobotCloud
from tests.fakes.serving import serving


class RobotConformance(OneWayConformance):
    """The suite. cloud: makes its server. published: the limits on its pages, all of which the record's keeps."""

    cloud: ClassVar[type[RobotCloud]]
    published: ClassVar[Sequence[Limit]]
    signs: ClassVar[bool] = True

    @pytest.fixture
    async def server(self) -> AsyncIterator[RobotCloud]:
        signing = "a secret to sign with".replace(" ", "-") if self.signs else ""
        async with serving(self.cloud(secret=signing, now=datetime.now(UTC), pace=timedelta(seconds=4))) as running:
            yield running

    @pytest.fixture
    def system(self, server: RobotCloud) -> System:
        account = TargetAccount(
            name="group", connector=self.target.name, url=server.url, secret=SecretFrom(env="UNREAD")
        )
        wrong = f"{server.token} another-secret" if self.signs else "another-key"
        inbox = Recipient(lambda: [Heard(text) for text in server.said])
        return System(account, f"{server.token} {server.secret}".strip(), wrong, inbox, patience=0.5)

    @pytest.mark.parametrize("language", ["en", "zh-CN"])
    async def test_a_group_reads_the_task_in_the_account_s_language(
        self, system: System, server: RobotCloud, language: str
    ) -> None:
        context = late_task("SO-7")
        account = system.account.model_copy(update={"language": language})
        async with self.target.open(account, system.secret) as session:
            writing = replace(self.writing(system), fields=self.target.fields(context, account))
            await session.close(await session.create(writing), replace(writing, comment="done"))
        opened, closed = server.said
        text = context.task.texts[language]
        assert text.title in opened
        assert all(line in opened for line in text.body.splitlines())
        assert ("Closed: " if language == "en" else "已关闭：") + text.title in closed

    async def test_a_group_that_asks_for_a_keyword_gets_it_in_every_message(
        self, system: System, server: RobotCloud
    ) -> None:
        server.keyword = "物流"
        async with self.open(system, options={"keyword": "物流"}) as session:
            await session.create(self.writing(system))
        assert "物流" in server.said[0]

    async def test_what_carriers_write_is_neither_a_link_nor_a_call_to_everybody(
        self, system: System, server: RobotCloud
    ) -> None:
        """Where a client shows Markdown. Elsewhere it may stand as it is."""
        writing = self.writing(system)
        evil = '\x07Pay <@all> here: [your parcel](http://evil.example) <font color="warning">**now**</font>'
        async with self.open(system) as session:
            await session.create(replace(writing, fields={**writing.fields, "title": evil, "details": evil}))
        assert "\x07" not in server.said[0], "no client shows it, and WeCom refuses it as \\u0007 (40033)"
        if "plain_text" in str(server.bodies[0]):
            return
        for mark in ("<@all>", "[your parcel]", "**now**", '<font color="warning">**'):
            assert mark not in server.said[0]
        assert "http://evil.example" in server.said[0]

    @pytest.mark.parametrize("character", ["x", "运", "<", '"', "\U0001f69a"])
    async def test_a_text_that_is_too_long_is_shortened_and_taken(
        self, system: System, server: RobotCloud, character: str
    ) -> None:
        writing = self.writing(system)
        long = {**writing.fields, "title": character * 5000, "details": f"{character * 50} " * 400}
        async with self.open(system, options={"keyword": "物流"}) as session:
            assert (await session.create(replace(writing, fields=long))).is_open
        assert "…" in server.said[0]
        assert "物流" in server.said[0]

    async def test_a_group_that_has_had_enough_is_left_alone_for_as_long_as_it_says(
        self, system: System, server: RobotCloud
    ) -> None:
        server.pace = timedelta(0)
        async with self.open(system) as session:
            server.hear_others(server.per_window - 1)
            await session.create(self.writing(system))
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
            assert failed.value.code == "too_many_requests"
            assert failed.value.retry_after
            server.later(failed.value.retry_after)
            assert (await session.create(self.writing(system))).is_open

    def test_the_record_s_limit_keeps_every_limit_that_is_published(self) -> None:
        assert self.target.limit
        pace, full_at, now = Pace.of(self.target.limit), None, datetime(2026, 3, 2, tzinfo=UTC)
        turns = []
        for _ in range(300):
            turn = next_turn(pace, full_at, now)
            now, full_at = turn.at, turn.full_at
            turns.append(turn.at)
        for limit in self.published:
            span = timedelta(seconds=limit.seconds)
            most = max(sum(begin <= at < begin + span for at in turns) for begin in turns)
            assert most <= limit.calls, f"{most} in {limit.seconds:g} s"

    async def test_a_robot_that_asks_for_no_signature_gets_none(self, system: System, server: RobotCloud) -> None:
        server.secret = ""
        async with self.target.open(system.account, server.token) as session:
            assert (await session.create(self.writing(system))).is_open
        assert "sign" not in server.requests[-1].params
        assert "sign" not in server.bodies[0]

    async def test_a_token_that_no_robot_has_is_an_operator_s_to_mend(self, system: System) -> None:
        async with self.target.open(system.account, "nobody") as session:
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert failed.value.code == "unauthorised"

    @pytest.mark.parametrize("path", ["/robot/send", "/hook/secret-token", "?key=secret-token"])
    def test_an_address_with_the_token_in_it_is_refused_and_not_shown(self, system: System, path: str) -> None:
        """It would stand in the configuration and in the log."""
        with pytest.raises(Rejected, match=r"URL|url") as refused:
            self.target.check(system.account.model_copy(update={"url": system.account.url + path}))
        assert "secret-token" not in str(refused.value)

    @pytest.mark.parametrize("secret", ["", "a b c"])
    async def test_a_secret_that_is_none_is_refused_and_not_shown(self, system: System, secret: str) -> None:
        with pytest.raises(Rejected, match="the secret is not"):
            async with self.target.open(system.account, secret):
                pass
        with pytest.raises(Rejected, match="needs a `secret`"):
            self.target.check(system.account.model_copy(update={"secret": None}))
