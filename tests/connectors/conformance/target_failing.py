"""How it fails: each failure is named by what happens next, and nothing is believed that was not done."""

import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from contracts.connector import Record, TargetSession, Writing
from contracts.errors import QuaysideError, Rejected, Retryable
from tests.connectors.conformance.target_suite import Failure, System, TargetSuite, clause
from tests.connectors.misbehaving import Answer, Fault, Misbehaving

NO_ANSWERS = [b"", b"<html>Please log in</html>", b'"yes"', b"[]", b"null", b"\xff"]
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


class FailingConformance(TargetSuite):
    """Statuses, waits, lies, silence; and accounts that are wrong."""

    @clause("http")
    @pytest.mark.parametrize("status", PERMANENT)
    async def test_what_the_target_will_never_take_is_rejected(
        self, system: System, session: TargetSession, proxy: Misbehaving, status: int
    ) -> None:
        if self._means_something_else(status):
            return
        proxy.next(self.creates, Answer(status, b'{"message": "no such thing"}'))
        with pytest.raises(Rejected) as refused:
            await session.create(self.writing(system))
        assert refused.value.code == f"http_{status}"
        assert "no such thing" in refused.value.reason

    @clause("http")
    @pytest.mark.parametrize("status", PASSING)
    async def test_what_may_pass_is_tried_again(
        self, system: System, session: TargetSession, proxy: Misbehaving, status: int
    ) -> None:
        if self._means_something_else(status):
            return
        proxy.next(self.creates, Answer(status, b"<html>busy</html>"))
        with pytest.raises(Retryable) as failed:
            await session.create(self.writing(system))
        assert (failed.value.code, failed.value.retry_after) == (PASSING[status], None)
        assert (await session.create(self.writing(system))).is_open

    @clause("http")
    @pytest.mark.parametrize("status", [429, 503])
    async def test_what_the_target_asks_us_to_wait_is_kept(
        self, system: System, session: TargetSession, proxy: Misbehaving, status: int
    ) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
        asked = [("7", timedelta(seconds=7)), (later, timedelta(minutes=2)), ("soon", None), ("9" * 400, timedelta(1))]
        for header, expected in asked:
            proxy.next(self.creates, Answer(status, headers={"Retry-After": header}))
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
            wait = failed.value.retry_after
            assert wait == expected or (expected and wait and abs(wait - expected) < timedelta(seconds=5))

    @clause("http")
    async def test_a_redirect_is_not_followed_with_our_secret(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        proxy.next(self.creates, Answer(302, headers={"Location": f"{proxy.url}/elsewhere"}))
        with pytest.raises(Rejected, match="is the account's url right"):
            await session.create(self.writing(system))
        assert not any("elsewhere" in path for _, path in proxy.seen)

    @clause("updating")
    async def test_a_success_that_changed_nothing_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        for request in self.updates:
            proxy.next(request, Answer(200, self.false_success))
        with pytest.raises(QuaysideError):
            await session.update(created, self.with_other_scan(writing))

    @clause("answers")
    @pytest.mark.parametrize("body", NO_ANSWERS)
    async def test_a_success_that_is_no_answer_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving, body: bytes
    ) -> None:
        await session.look_up(self.writing(system).key)
        proxy.next(self.creates, Answer(200, body))
        with pytest.raises(Retryable) as failed:
            await session.create(self.writing(system))
        assert failed.value.code == "not_json"

    @clause("look_up")
    @pytest.mark.parametrize("body", NO_ANSWERS)
    async def test_a_finding_that_is_no_answer_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving, body: bytes
    ) -> None:
        await session.look_up(self.writing(system).key)
        proxy.next(self.looks_up, Answer(200, body))
        with pytest.raises(Retryable):
            await session.look_up(self.writing(system).key)

    @clause("http")
    @pytest.mark.parametrize(
        "fault", [*(pytest.param(slow, marks=pytest.mark.slow) for slow in (Fault.HANG, Fault.DRIP)), Fault.CUT]
    )
    async def test_an_answer_that_does_not_come_ends_in_time(
        self, system: System, proxy: Misbehaving, fault: Fault
    ) -> None:
        async with self.open(system, waits=system.patience, url=self.through(system, proxy)) as session:
            await session.look_up(self.writing(system).key)
            proxy.next(self.creates, fault)
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert failed.value.code == "unanswered"
        assert failed.value.retry_after

    @clause("http")
    async def test_a_target_that_is_away_is_tried_again(self, system: System) -> None:
        with socket.socket() as taken:
            async with self.open(system, url=_nobody(taken)) as session:
                with pytest.raises(Retryable) as failed:
                    await session.create(self.writing(system))
        assert failed.value.code == "unreachable"

    @clause("look_up")
    async def test_a_target_that_is_away_is_asked_again(self, system: System) -> None:
        with socket.socket() as taken:
            async with self.open(system, url=_nobody(taken)) as session:
                with pytest.raises(Retryable) as failed:
                    await session.look_up(self.writing(system).key)
                with pytest.raises(Retryable):
                    _ = [record async for record in session.changed_since("")]
        assert failed.value.code == "unreachable"

    @clause("secret")
    async def test_a_wrong_secret_is_an_operator_s_to_mend(self, system: System) -> None:
        async with self.target.open(system.account, system.wrong_secret) as session:
            with pytest.raises(Retryable) as failed:
                await session.create(self.writing(system))
        assert failed.value.code == "unauthorised"
        assert system.wrong_secret not in str(failed.value)

    @clause("http")
    @pytest.mark.parametrize("url", ["ftp://desk", "desk:80", "", "http://", "http://[::1", "/rt"])
    def test_an_account_with_a_wrong_url_is_refused(self, system: System, url: str) -> None:
        with pytest.raises(Rejected, match="URL"):
            self.target.check(system.account.model_copy(update={"url": url}))

    @clause("people")
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

    @clause("documented_failures")
    async def test_every_failure_that_the_vendor_documents_is_named_by_what_happens_next(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        assert self.documented, "`documented`: the failures on the vendor's pages; or say why there are none"
        requests = {"create": self.creates, "update": self.updates[0], "close": self.closes, "look_up": self.looks_up}
        for failure in self.documented:
            writing = self.writing(system)
            exists = failure.during in {"update", "close"}
            created = await session.create(writing) if exists else None
            proxy.next(failure.request or requests[failure.during], failure.answer)
            with pytest.raises(failure.error) as failed:
                await self._try(session, failure, writing, created)
            assert failed.value.code == failure.code, failure.page
            assert failure.wait is None or getattr(failed.value, "retry_after", None) == failure.wait, failure.page

    async def _try(self, session: TargetSession, failure: Failure, writing: Writing, created: Record | None) -> None:
        match failure.during, created:
            case "update", Record():
                await session.update(created, self.with_other_scan(writing))
            case "close", Record():
                await session.close(created, replace(writing, comment="It arrived"))
            case "look_up", _:
                await session.look_up(writing.key)
            case _:
                await session.create(writing)

    def _means_something_else(self, status: int) -> bool:
        """Tell whether a status is among those of which the vendor says something of its own."""
        documented = {failure.answer.status for failure in self.documented if failure.during == "create"}
        assert status not in self.peculiar or status in documented, f"`documented` does not say what {status} means"
        return status in self.peculiar


def _nobody(taken: socket.socket) -> str:
    """The address of a port on which nobody listens."""
    taken.bind(("127.0.0.1", 0))
    return f"http://127.0.0.1:{taken.getsockname()[1]}"
