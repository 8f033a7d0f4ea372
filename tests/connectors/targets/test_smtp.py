"""E-mail by SMTP: a real server on a real port, with TLS and a login, that refuses what it is told to refuse."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from connectors.targets.smtp import SMTP
from contracts.connector import NoticeInContext, TargetSession, Writing
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.settings import SecretFrom, TargetAccount
from contracts.snapshot import Notice, Role, Text, notice_key
from tests.connectors.conformance.target_suite import Clause
from tests.connectors.mail_server import NAME, SECRET, USER, WRONG, Office, body, identity, self_signed, serving
from tests.connectors.one_way_conformance import OneWayConformance, Recipient
from tests.connectors.sample_tasks import BEGAN, late_task
from tests.connectors.target_conformance import System


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("server") / "certificate.pem")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = tmp_path / "customers.csv"
    file.write_text(
        "customer,name,address\nC-17,Müller,Einkauf <buy@mueller.example>\nC-17,,ops@mueller.example\n"
        "C-18,Li,li@example.cn\n",
        encoding="utf-8-sig",
    )
    return file


@pytest.fixture
async def system(office: Office, certificate: Path, book: Path) -> AsyncIterator[System]:
    async with serving(office, certificate) as url:
        options = {
            "sender": "Quayside 码头 <quayside@example.com>",
            "to": "Ops 运营 <ops@example.com>",
            "to_sales": "sales@example.com, Li Wei <li@example.com>",
            "user": USER,
            "ca_file": str(certificate),
            "customers": str(book),
        }
        account = TargetAccount(
            name="mail", connector="smtp", url=url, secret=SecretFrom(env="UNREAD"), options=options
        )
        yield System(account, SECRET, WRONG, Recipient(office.inbox), patience=5)


class TestSmtp(OneWayConformance):
    target = SMTP
    not_applicable: ClassVar[Mapping[Clause, str]] = {
        "http": "it is SMTP: its replies and its silence are tried below",
        "answers": "a success is the reply 250 (RFC 5321, section 4.2)",
        "documented_failures": "they are replies of SMTP, which are tried below, each with its section",
    }

    @pytest.fixture
    async def session(self, system: System) -> AsyncIterator[TargetSession]:
        async with self.open(system) as opened:
            yield opened

    async def test_a_message_whose_answer_was_lost_goes_again_under_the_same_id(  # type: ignore[override]
        self, system: System, session: TargetSession, office: Office
    ) -> None:
        writing = self.writing(system)
        office.hangs_up = True
        with pytest.raises(Retryable) as lost:
            await session.create(writing)
        assert (lost.value.code, bool(lost.value.retry_after)) == ("unanswered", True)
        created = await session.create(writing)
        assert [identity(mail) for mail in office.letters] == [created.id, created.id]

    async def test_a_probe_only_reads(self, system: System, office: Office) -> None:  # type: ignore[override]
        """It goes as far as the recipients, and takes leave."""
        assert await self.probed(system, system.account.url, system.secret) == []
        assert office.letters == []

    async def test_a_probe_tells_that_the_system_is_away(self, system: System) -> None:
        with socket.socket() as taken:
            taken.bind((str(NAME), 0))
            with pytest.raises(Retryable) as failed:
                await self.probed(system, f"smtp://{NAME}:{taken.getsockname()[1]}", system.secret)
        assert failed.value.code == "unreachable"

    async def test_a_probe_tells_who_is_refused_and_whose_tasks_those_are(self, system: System, office: Office) -> None:
        office.replies["RCPT"] = ["", "550 5.1.1 <li@example.com> unknown"]
        (told,) = await self.probed(system, system.account.url, system.secret)
        assert "tasks of sales: 550 5.1.1 <***@example.com> unknown" in told
        assert office.letters == []

    async def test_a_probe_tells_that_the_address_book_cannot_be_read(self, system: System, book: Path) -> None:
        write(book, None)
        account = system.account.model_copy(update={"notices": True})
        with pytest.raises(Retryable) as failed:
            await self.probed(replace(system, account=account), account.url, system.secret)
        assert failed.value.code == "bad_address_book"

    @pytest.mark.parametrize("language", ["en", "zh-CN"])
    async def test_a_task_is_a_letter_in_the_account_s_language(
        self, system: System, office: Office, language: str
    ) -> None:
        context = late_task("SO-7")
        account = system.account.model_copy(update={"language": language})
        async with self.target.open(account, SECRET) as session:
            await session.create(Writing(context.key, "k-1", self.target.fields(context, account)))
        (mail,), (envelope,) = office.letters, office.envelopes
        assert mail["subject"] == context.task.texts[language].title
        assert body(mail).splitlines()[0] == context.task.texts[language].body.splitlines()[0]
        assert "Müller & Söhne 机械厂" in body(mail)
        assert (str(mail["from"]), str(mail["to"])) == (
            "Quayside 码头 <quayside@example.com>",
            "Ops 运营 <ops@example.com>",
        )
        assert (envelope.mail_from, envelope.rcpt_tos) == ("quayside@example.com", ["ops@example.com"])
        assert {name: mail[name] for name in ("auto-submitted", "content-language", "list-id")} == {
            "auto-submitted": "auto-generated",
            "content-language": language,
            "list-id": "<logistics.quayside.example.com>",
        }
        assert (mail["date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
        assert isinstance(envelope.original_content, bytes)
        assert envelope.original_content.isascii(), "a server need not take eight bits"
        assert not mail.defects

    async def test_letters_about_one_task_follow_each_other(
        self, system: System, session: TargetSession, office: Office
    ) -> None:
        writing = self.writing(system)
        updated = await session.update(await session.create(writing), self.grave(writing))
        await session.close(updated, replace(writing, comment="It arrived"))
        first, second, third = office.letters
        assert first["in-reply-to"] is None
        assert [second["in-reply-to"], third["in-reply-to"]] == [first["message-id"], second["message-id"]]
        assert [first["importance"], second["importance"]] == [None, "high"]
        assert str(third["subject"]).startswith("Closed: ")
        assert body(third).strip() == "It arrived"

    async def test_each_role_has_its_own_recipients(
        self, system: System, session: TargetSession, office: Office
    ) -> None:
        writing = self.writing(system)
        await session.create(replace(writing, fields={**writing.fields, "role": "sales"}))
        assert office.envelopes[0].rcpt_tos == ["sales@example.com", "li@example.com"]

    async def test_a_notice_goes_to_the_customer_s_own_addresses(
        self, session: TargetSession, office: Office, book: Path
    ) -> None:
        await session.create(notice("C-17"))
        (mail,), (envelope,) = office.letters, office.envelopes
        assert envelope.rcpt_tos == ["buy@mueller.example", "ops@mueller.example"]
        assert (mail["subject"], body(mail)) == ("Your order comes on Friday 您的订单", "We are sorry.\n")
        assert mail["list-id"] is None
        write(book, b"customer,address\nC-17,new@mueller.example\n")
        await session.create(notice("C-17"))
        assert office.envelopes[1].rcpt_tos == ["new@mueller.example"], "the file is read again when it changes"

    async def test_what_is_written_down_of_a_notice_holds_no_address(self) -> None:
        assert not any("@" in value for value in notice("C-17").fields.values())

    async def test_a_customer_can_end_notices_where_the_account_says_how(self, system: System, office: Office) -> None:
        options = {**system.account.options, "unsubscribe": "https://example.com/notices?end=1"}
        account = system.account.model_copy(update={"options": options, "notices": True})
        self.target.check(account)
        async with self.target.open(account, SECRET) as session:
            await session.create(notice("C-18"))
        assert office.letters[0]["list-unsubscribe"] == "<https://example.com/notices?end=1>"

    async def test_a_customer_without_an_address_is_a_dead_letter_that_names_the_customer(
        self, session: TargetSession
    ) -> None:
        with pytest.raises(Rejected, match="customer C-99 has no address") as refused:
            await session.create(notice("C-99"))
        assert refused.value.code == "no_address"

    @pytest.mark.parametrize(
        "written", [None, b"", b"customer,mail\nC-17,a@b.example\n", b"customer,address\nC-17,nobody\n", b"\xff\xfe"]
    )
    async def test_an_address_book_that_cannot_be_read_is_an_operator_s_to_mend(
        self, session: TargetSession, book: Path, written: bytes | None
    ) -> None:
        write(book, written)
        with pytest.raises(Retryable) as failed:
            await session.create(notice("C-17"))
        assert failed.value.code == "bad_address_book"
        assert "nobody" not in failed.value.reason

    @pytest.mark.parametrize(
        ("command", "reply", "error", "code", "wait"),
        [
            pytest.param(
                "RCPT", "450 4.2.0 Greylisted", Retryable, "recipient_deferred", 15, id="greylisting (RFC 6647)"
            ),
            pytest.param(
                "RCPT", "452 4.2.2 Full", Retryable, "recipient_deferred", 15, id="a full mailbox (RFC 5321, 4.5.3.1)"
            ),
            pytest.param("RCPT", "550 5.1.1 No such user", Rejected, "recipient_refused", None, id="4.2.3"),
            pytest.param("MAIL", "451 4.3.0 Try later", Retryable, "smtp_451", 15, id="a local error (4.2.3)"),
            pytest.param("MAIL", "553 5.7.1 Not your domain", Rejected, "smtp_553", None, id="the sender (4.2.3)"),
            pytest.param("MAIL", "530 5.7.0 Log in first", Retryable, "unauthorised", None, id="RFC 4954, section 6"),
            pytest.param("DATA", "552 5.3.4 Too big", Rejected, "smtp_552", None, id="the size (RFC 1870)"),
            pytest.param("DATA", "554 5.7.1 Looks like spam", Rejected, "smtp_554", None, id="the text (4.2.3)"),
            pytest.param("DATA", "452 4.3.1 Disk full", Retryable, "smtp_452", 15, id="storage (4.2.3)"),
            pytest.param("DATA", "421 4.3.2 Closing", Retryable, "smtp_421", None, id="a shutdown (3.8)"),
        ],
    )
    async def test_each_reply_is_named_by_what_happens_next(  # noqa: PLR0917
        self,
        system: System,
        session: TargetSession,
        office: Office,
        command: str,
        reply: str,
        error: type[QuaysideError],
        code: str,
        wait: int | None,
    ) -> None:
        office.replies[command] = [reply]
        with pytest.raises(error) as failed:
            await session.create(self.writing(system))
        assert failed.value.code == code
        assert reply in failed.value.reason
        assert getattr(failed.value, "retry_after", None) == (None if wait is None else timedelta(minutes=wait))
        assert office.letters == []
        assert (await session.create(self.writing(system))).is_open

    async def test_where_one_of_several_recipients_is_refused_nobody_gets_the_letter(
        self, session: TargetSession, office: Office
    ) -> None:
        """So there is nothing half sent, and trying again doubles nothing."""
        office.replies["RCPT"] = ["", "550 5.1.1 <ops@mueller.example> unknown"]
        with pytest.raises(Rejected) as refused:
            await session.create(notice("C-17"))
        assert office.letters == []
        assert "customer C-17" in refused.value.reason
        assert "ops@" not in refused.value.reason, "no address goes to the log"

    @pytest.mark.parametrize("tls", ["implicit", "none"])
    async def test_a_server_is_reached_with_and_without_tls(
        self, office: Office, certificate: Path, system: System, tls: str
    ) -> None:
        async with serving(office, certificate, tls) as url:
            options = {**system.account.options, "tls": tls, "user": ""}
            async with self.open(system, url=url, options=options, secret=None) as session:
                assert (await session.create(self.writing(system))).is_open
        assert len(office.letters) == 1

    async def test_nothing_is_sent_in_clear_where_the_server_offers_no_tls(
        self, office: Office, certificate: Path, system: System
    ) -> None:
        async with serving(office, certificate, "none") as url, self.open(system, url=url) as session:
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert (failed.value.code, office.letters) == ("unreachable", [])

    async def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_letter(
        self, system: System, office: Office
    ) -> None:
        options = {**system.account.options, "ca_file": ""}
        async with self.open(system, options=options) as session:
            with pytest.raises(Retryable, match="certificate") as failed:
                await session.create(self.writing(system))
        assert (failed.value.code, office.letters) == ("unreachable", [])

    async def test_a_server_that_says_nothing_is_given_up_in_time(self, system: System) -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(silent, str(NAME), 0)
        url = f"smtp://{NAME}:{server.sockets[0].getsockname()[1]}"
        async with server, self.open(system, waits=0.2, url=url) as session:
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert failed.value.code in {"unreachable", "unanswered"}

    @pytest.mark.parametrize("greeting", [b"", b"554 5.7.1 No service for you\r\n"])
    async def test_a_server_that_is_away_or_wants_nothing_of_us_is_tried_again(
        self, system: System, greeting: bytes
    ) -> None:
        async def curt(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(greeting)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(curt, str(NAME), 0)
        url = f"smtp://{NAME}:{server.sockets[0].getsockname()[1]}"
        async with server, self.open(system, url=url) as session:
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert failed.value.code == ("smtp_554" if greeting else "unreachable")
        async with self.open(system, url=url) as session:
            with pytest.raises(Retryable) as away:
                await session.create(self.writing(system))
        assert away.value.code == "unreachable"

    @pytest.mark.parametrize("url", ["http://mail", "smtp://", "mail:25", "smtp://mail/inbox", "smtp://mail:x", ""])
    def test_an_account_with_a_wrong_url_is_refused(self, system: System, url: str) -> None:
        with pytest.raises(Rejected, match="URL"):
            self.target.check(system.account.model_copy(update={"url": url}))

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"sender": "nobody"}, "sender"),
            ({"sender": "a@example.com, b@example.com"}, "one address"),
            ({"to_quality": "quality"}, "to_quality"),
            ({"to": "李@例子.cn"}, "to"),
            ({"to": ""}, "tasks of logistics, .*reach nobody"),
            ({"tls": "none"}, "password would be sent in clear"),
            ({"user": ""}, "`user` and the account's `secret`"),
            ({"customers": ""}, "notices need the option `customers`"),
            ({"unsubscribe": "example.com"}, "unsubscribe"),
        ],
    )
    def test_an_account_that_reaches_nobody_or_shows_its_password_is_refused(
        self, system: System, changed: Mapping[str, str], told: str
    ) -> None:
        options = {**system.account.options, **changed}
        with pytest.raises(Rejected, match=told):
            self.target.check(system.account.model_copy(update={"options": options, "notices": True}))

    def test_an_account_for_notices_alone_needs_no_recipients_of_tasks(self, system: System) -> None:
        options = {**system.account.options, "to": "", "to_sales": ""}
        self.target.check(system.account.model_copy(update={"options": options, "notices": True, "roles": ()}))
        self.target.check(
            system.account.model_copy(
                update={"options": {**options, "to_sales": "s@example.com"}, "roles": (Role.SALES,)}
            )
        )

    async def test_authorities_that_are_none_are_refused_at_the_start(self, system: System, book: Path) -> None:
        options = {**system.account.options, "ca_file": str(book)}
        with pytest.raises(Rejected, match="ca_file"):
            async with self.target.open(system.account.model_copy(update={"options": options}), SECRET):
                pass


def write(file: Path, content: bytes | None) -> None:
    """Replace a file, or, with nothing, remove it."""
    file.unlink()
    if content is not None:
        file.write_bytes(content)


def notice(customer: str) -> Writing:
    """A notice as dispatch writes it."""
    texts = {"en": Text(title="Your order comes on Friday 您的订单", body="We are sorry.")}
    told = Notice(key="delay/1", audience=customer, since=BEGAN, texts=texts)
    key = notice_key("erp", "order", "SO-7", told)
    context = NoticeInContext(key, "erp", "order", "SO-7", told, late_task("SO-7").view)
    account = TargetAccount(name="mail", connector="smtp", url="smtp://mail.example.com")
    assert SMTP.notice_fields
    return Writing(key, "n-1", SMTP.notice_fields(context, account))
