"""What every target must do. A target inherits it by naming its record and giving `system`: a real one to write to.

Faults are injected by a proxy in front of the real system, so nothing is pretended but the fault itself.
"""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import ClassVar, Protocol

import pytest

from contracts.connector import Record, Target, TargetSession, Writing
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.identity import digest
from contracts.settings import TargetAccount
from tests.connectors.misbehaving import Answer, Fault, Misbehaving, misbehaving
from tests.connectors.sample_tasks import late_task

_numbers = count(1)

PERMANENT = [400, 404, 405, 410, 413, 422]
PASSING = {
    401: "unauthorised",
    403: "forbidden",
    408: "http_408",
    409: "conflict",
    423: "conflict",
    425: "http_425",
    429: "too_many_requests",
    500: "http_500",
    502: "http_502",
    503: "http_503",
    504: "http_504",
}


class Person(Protocol):
    """Somebody who works at the target, with its own means."""

    name: str

    def close(self, record: Record, reason: str) -> None: ...

    def refuse(self, record: Record, reason: str) -> None: ...

    def close_approved(self, record: Record, reason: str) -> str:
        """Close a record with an approval; tell whose."""

    def edit_what_is_not_ours(self, record: Record) -> None:
        """Change the record where Quayside writes nothing."""

    def is_edit_kept(self, record: Record) -> bool: ...

    def said_on(self, record: Record) -> list[str]:
        """All that was said on the record, by anybody."""


@dataclass(frozen=True)
class System:
    """A real target. patience: seconds within which it surely answers. not_ours: an id that no record has."""

    account: TargetAccount
    secret: str
    wrong_secret: str
    person: Person
    patience: float
    not_ours: str = "99999999"


class TargetConformance:
    """Inherit, set `target`, and provide the fixture `system`."""

    target: ClassVar[Target]
    false_success: ClassVar[bytes] = b"{}"
    """A body with which the target answers 200 to an update that it did not do."""

    @pytest.fixture
    async def proxy(self, system: System) -> AsyncIterator[Misbehaving]:
        async with misbehaving(system.account.url) as running:
            yield running

    @pytest.fixture
    async def session(self, system: System, proxy: Misbehaving) -> AsyncIterator[TargetSession]:
        async with self.open(system, url=proxy.url) as opened:
            yield opened

    def open(self, system: System, **changes: object) -> AbstractAsyncContextManager[TargetSession]:
        options = {**system.account.options, "timeout_seconds": str(system.patience)}
        account = system.account.model_copy(update={"options": options, **changes})
        self.target.check(account)
        return self.target.open(account, system.secret)

    def writing(self, system: System, order: str = "", episode: int = 1) -> Writing:
        context = late_task(order or f"SO-{next(_numbers)}-{digest(system.account.url, size=4)}")
        fields = self.target.fields(context, system.account)
        return Writing(context.key, f"{digest(context.key)}-{episode}", fields)

    @staticmethod
    def with_other_scan(writing: Writing) -> Writing:
        """The same task after one more scan: every field that mentions it changes."""
        return replace(writing, fields={k: v.replace("到达", "离开") for k, v in writing.fields.items()})

    # what is written

    @pytest.mark.parametrize("language", ["en", "zh-CN"])
    def test_a_ticket_tells_the_order_the_customer_the_promised_date_and_the_last_scan(
        self, system: System, language: str
    ) -> None:
        account = system.account.model_copy(update={"language": language})
        told = "\n".join(self.target.fields(late_task("SO-7"), account).values())
        for fact in ("SO-7", "Müller", "2026-11-20", "YT88001", "到达"):
            assert fact in told
        assert ("is late" in told) == (language == "en")

    def test_a_task_without_a_text_in_the_account_s_language_is_refused(self, system: System) -> None:
        context = late_task()
        context = replace(context, task=context.task.model_copy(update={"texts": {}}))
        with pytest.raises(Rejected, match="no text in en"):
            self.target.fields(context, system.account)

    async def test_a_record_reads_exactly_as_it_was_written(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        assert created == await session.read(created.id)
        assert created.is_open
        assert (created.fields, created.key, created.idempotency_key) == (
            writing.fields,
            writing.key,
            writing.idempotency_key,
        )

    async def test_an_update_writes_our_fields_and_leaves_all_others(
        self, system: System, session: TargetSession
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.edit_what_is_not_ours(created)
        changed = self.with_other_scan(writing)
        updated = await session.update(created, changed)
        assert updated.fields == changed.fields != writing.fields
        assert updated == await session.read(created.id)
        assert system.person.is_edit_kept(updated)

    async def test_an_update_can_say_something(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        updated = await session.update(created, replace(self.with_other_scan(writing), comment="One more scan 扫描"))
        assert "One more scan 扫描" in system.person.said_on(updated)
        assert updated == await session.read(created.id)

    async def test_an_update_of_a_record_whose_version_is_not_known_reads_it_first(
        self, system: System, session: TargetSession
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        changed = self.with_other_scan(writing)
        assert (await session.update(replace(created, version=""), changed)).fields == changed.fields

    async def test_the_same_update_twice_is_one(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        first = await session.update(await session.create(writing), self.with_other_scan(writing))
        assert (await session.update(first, self.with_other_scan(writing))).fields == first.fields

    async def test_a_person_s_closing_is_not_written_over(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.close(created, "settled")
        found = await session.update(created, self.with_other_scan(writing))
        assert (found.is_open, found.closed_by, found.fields) == (False, system.person.name, writing.fields)

    async def test_a_record_is_closed_with_the_reason(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        closed = await session.close(await session.create(writing), replace(writing, comment="It arrived 已送达"))
        assert (closed.is_open, closed.closed_by, closed.refused) == (False, "", False)
        assert closed == await session.read(closed.id)
        assert system.person.said_on(closed).count("It arrived 已送达") == 1

    async def test_a_closed_record_is_left_as_it_is(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.refuse(created, "not ours")
        closed = await session.close(created, replace(writing, comment="It arrived"))
        assert (closed.closed_by, closed.refused) == (system.person.name, True)
        assert "It arrived" not in system.person.said_on(closed)

    async def test_what_is_gone_is_told_as_gone(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        gone = replace(await session.create(writing), id=system.not_ours)
        assert await session.read(system.not_ours) is None
        with pytest.raises(Rejected) as at_update:
            await session.update(gone, writing)
        with pytest.raises(Rejected) as at_close:
            await session.close(gone, writing)
        assert (at_update.value.code, at_close.value.code) == ("gone", "gone")

    # what is found again

    async def test_every_episode_of_a_task_is_found_and_no_other_task(
        self, system: System, session: TargetSession
    ) -> None:
        name = f"So'{next(_numbers)}\"\\ä{digest(system.account.url, size=4)}"
        first = await session.create(self.writing(system, name))
        closed = await session.close(first, replace(self.writing(system, name), comment="done"))
        second = await session.create(self.writing(system, name, episode=2))
        for other in (name.upper(), name.lower(), f"{name}0", name[:-1]):
            await session.create(self.writing(system, other))
        found = await session.look_up(self.writing(system, name).key)
        assert list(found) == [closed, second]

    async def test_a_task_that_was_never_written_is_not_found(self, system: System, session: TargetSession) -> None:
        assert list(await session.look_up(self.writing(system).key)) == []

    async def test_a_long_key_is_found(self, system: System, session: TargetSession) -> None:
        writings = [self.writing(system, "SO-" + "long" * 80 + f"-{next(_numbers)}") for _ in range(2)]
        created = [await session.create(writing) for writing in writings]
        for writing, record in zip(writings, created, strict=True):
            assert list(await session.look_up(writing.key)) == [record]

    async def test_a_create_whose_answer_was_lost_is_found(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = self.writing(system)
        await session.look_up(writing.key)
        proxy.next("POST", Fault.LOSE)
        with pytest.raises(Retryable) as lost:
            await session.create(writing)
        assert lost.value.code == "unanswered"
        assert lost.value.retry_after, "it may still be at work there, so a look-up right away could miss it"
        (found,) = await session.look_up(writing.key)
        assert found.fields == writing.fields
        if self.target.keeps_idempotency_keys:
            assert await session.create(writing) == found
            assert list(await session.look_up(writing.key)) == [found]

    async def test_a_close_whose_answer_was_lost_says_its_reason_once(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = replace(self.writing(system), comment="It arrived")
        created = await session.create(writing)
        proxy.next("POST", Fault.LOSE)
        with pytest.raises(Retryable):
            await session.close(created, writing)
        closed = await session.close(created, writing)
        assert (closed.is_open, closed.closed_by) == (False, "")
        assert system.person.said_on(closed).count("It arrived") == 1

    # what people do

    async def test_what_people_close_comes_back_with_who_when_and_why(
        self, system: System, session: TargetSession
    ) -> None:
        before = datetime.now(UTC) - timedelta(seconds=2)
        kept, done, refused = [await session.create(self.writing(system)) for _ in range(3)]
        everything = {record.id: record async for record in session.changed_since("")}
        assert {kept.id, done.id, refused.id} <= set(everything)
        mark = session.mark
        system.person.close(done, "called the carrier 已致电")
        system.person.refuse(refused, "a duplicate")
        told = {record.id: record async for record in session.changed_since(mark)}
        after = datetime.now(UTC) + timedelta(seconds=2)
        for told_of, reason, is_refused in (
            (done, "called the carrier 已致电", False),
            (refused, "a duplicate", True),
        ):
            assert not told[told_of.id].is_open
            record = await session.read(told_of.id)
            assert record
            assert (record.is_open, record.closed_by, record.closed_reason, record.refused) == (
                False,
                system.person.name,
                reason,
                is_refused,
            )
            assert record.closed_at
            assert before <= record.closed_at <= after
        again = {record.id async for record in session.changed_since(mark)}
        assert {done.id, refused.id} <= again, "a mark tells the same whenever it is asked"

    async def test_an_approval_comes_back_with_who_gave_it(self, system: System, session: TargetSession) -> None:
        created = await session.create(self.writing(system))
        approver = system.person.close_approved(created, "the customer agrees 客户同意")
        found = await session.read(created.id)
        assert found is not None
        assert approver
        assert (found.approved_by, found.closed_by) == (approver, system.person.name)
        assert (found.closed_reason, found.refused) == ("the customer agrees 客户同意", False)

    async def test_our_own_closing_is_not_a_person_s(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        await session.close(await session.create(writing), replace(writing, comment="done"))
        (found,) = await session.look_up(writing.key)
        assert (found.is_open, found.closed_by, found.refused) == (False, "", False)

    # how it fails

    @pytest.mark.parametrize("status", PERMANENT)
    async def test_what_the_target_will_never_take_is_rejected(
        self, system: System, session: TargetSession, proxy: Misbehaving, status: int
    ) -> None:
        proxy.next("POST", Answer(status, b'{"message": "no such thing"}'))
        with pytest.raises(Rejected) as refused:
            await session.create(self.writing(system))
        assert refused.value.code == f"http_{status}"
        assert "no such thing" in refused.value.reason

    @pytest.mark.parametrize("status", PASSING)
    async def test_what_may_pass_is_tried_again(
        self, system: System, session: TargetSession, proxy: Misbehaving, status: int
    ) -> None:
        proxy.next("POST", Answer(status, b"<html>busy</html>"))
        with pytest.raises(Retryable) as failed:
            await session.create(self.writing(system))
        assert (failed.value.code, failed.value.retry_after) == (PASSING[status], None)
        assert (await session.create(self.writing(system))).is_open

    @pytest.mark.parametrize("status", [429, 503])
    async def test_what_the_target_asks_us_to_wait_is_kept(
        self, system: System, session: TargetSession, proxy: Misbehaving, status: int
    ) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
        asked = [("7", timedelta(seconds=7)), (later, timedelta(minutes=2)), ("soon", None), ("9" * 400, timedelta(1))]
        for header, expected in asked:
            proxy.next("POST", Answer(status, headers={"Retry-After": header}))
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
            wait = failed.value.retry_after
            assert wait == expected or (expected and wait and abs(wait - expected) < timedelta(seconds=5))

    async def test_a_redirect_is_not_followed_with_our_secret(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        proxy.next("POST", Answer(302, headers={"Location": f"{proxy.url}/elsewhere"}))
        with pytest.raises(Rejected, match="is the account's url right"):
            await session.create(self.writing(system))
        assert not any("elsewhere" in path for _, path in proxy.seen)

    async def test_a_success_that_changed_nothing_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        for method in ("PUT", "PATCH"):
            proxy.next(method, Answer(200, self.false_success))
        with pytest.raises(QuaysideError):
            await session.update(created, self.with_other_scan(writing))

    @pytest.mark.parametrize("body", [b"", b"<html>Please log in</html>", b'"yes"', b"[]", b"null", b"\xff"])
    async def test_a_success_that_is_no_answer_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving, body: bytes
    ) -> None:
        await session.look_up(self.writing(system).key)
        proxy.next("POST", Answer(200, body))
        with pytest.raises(Retryable) as failed:
            await session.create(self.writing(system))
        assert failed.value.code == "not_json"
        proxy.next("GET", Answer(200, body))
        with pytest.raises(Retryable):
            await session.look_up(self.writing(system).key)

    @pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP, Fault.CUT])
    async def test_an_answer_that_does_not_come_ends_in_time(
        self, system: System, proxy: Misbehaving, fault: Fault
    ) -> None:
        async with self.open(system, url=proxy.url) as session:
            await session.look_up(self.writing(system).key)
            proxy.next("POST", fault)
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert failed.value.code == "unanswered"
        assert failed.value.retry_after

    async def test_a_target_that_is_away_is_tried_again(self, system: System) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
            async with self.open(system, url=nobody) as session:
                with pytest.raises(Retryable) as failed:
                    await session.look_up(self.writing(system).key)
                with pytest.raises(Retryable):
                    await session.create(self.writing(system))
                with pytest.raises(Retryable):
                    _ = [record async for record in session.changed_since("")]
        assert failed.value.code == "unreachable"

    async def test_a_wrong_secret_is_an_operator_s_to_mend(self, system: System) -> None:
        async with self.target.open(system.account, system.wrong_secret) as session:
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert failed.value.code == "unauthorised"
        assert system.wrong_secret not in str(failed.value)

    @pytest.mark.parametrize("url", ["ftp://desk", "desk:80", "", "http://", "http://[::1", "/rt"])
    def test_an_account_with_a_wrong_url_is_refused(self, system: System, url: str) -> None:
        with pytest.raises(Rejected, match="URL"):
            self.target.check(system.account.model_copy(update={"url": url}))

    async def test_a_mark_of_another_system_is_refused(self, session: TargetSession) -> None:
        with pytest.raises(Rejected):
            _ = [record async for record in session.changed_since("yesterday")]

    @pytest.mark.parametrize("options", [{"colour": "red"}, {"timeout_seconds": "0"}, {"timeout_seconds": "long"}])
    def test_an_account_with_a_wrong_option_is_refused_by_name(
        self, system: System, options: Mapping[str, str]
    ) -> None:
        wrong = {**system.account.options, **options}
        with pytest.raises(Rejected, match=next(iter(options))):
            self.target.check(system.account.model_copy(update={"options": wrong}))
