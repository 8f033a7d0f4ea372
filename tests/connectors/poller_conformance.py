"""What every poller must do. A poller inherits it by naming its record and giving `polled`: a system to read.

    class TestTryton(PollerConformance):
        poller = TRYTON

A real system, or a fake of a vendor's cloud that keeps state (tests/fakes), and a clerk who works in it
(`conformance.poller_suite`). Faults are injected by a proxy in front of it. What does not apply is declared, clause by
clause, with its reason:

        not_applicable = {"watermark": "the real one's clock cannot be moved"}
"""

import socket
from datetime import timedelta
from typing import get_args

import pytest

from connectors.registry import POLLERS
from contracts.errors import QuaysideError, Rejected, Retryable
from tests.connectors.conformance.clauses import check_reasons
from tests.connectors.conformance.poller_suite import SECRET, Clause, Clerk, Polled, PollerSuite, Polls, clause
from tests.connectors.misbehaving import Answer, Misbehaving

__all__ = ["Clerk", "Polled", "PollerConformance"]

SEVERAL = 5
"""Orders, where a page holds two."""
REQUESTS = 12
"""So many requests of a poll fail one after another, each in a poll of its own."""


class PollerConformance(PollerSuite):
    """The suite; inherit it, name the record as `poller`, and provide the fixture `polled`."""

    def test_the_record_is_listed_and_names_its_pages(self) -> None:
        assert POLLERS.get(self.poller.name) is self.poller, "connectors/registry.py does not list it"
        assert self.poller.documentation, "documentation: the vendor's pages"

    def test_what_is_left_out_is_a_clause_and_says_why(self) -> None:
        check_reasons(self.not_applicable, get_args(Clause))

    # what is told

    async def test_what_is_written_is_told_once(self, polls: Polls, polled: Polled) -> None:
        number = polled.clerk.order()
        await (await polls.polled()).polled()
        [order] = polls.told(number)
        assert (order.document, order.withdrawn, order.account) == (number, False, polls.account.name)
        assert len(polls.durable.ticks()) == 2, "each complete poll says that the account was heard"

    async def test_what_changes_is_told_again_and_its_version_rises(self, polls: Polls, polled: Polled) -> None:
        number = polled.clerk.order()
        await polls.polled()
        self._wait(polls, polled)
        polled.clerk.change(number)
        await polls.polled()
        before, after = polls.told(number)
        assert after.version > before.version
        assert after.model_copy(update={"version": before.version}) != before

    async def test_nothing_changed_is_nothing_told_and_the_account_was_heard(self, polls: Polls) -> None:
        await polls.polled()
        before = len(polls.durable.told())
        polls.wait(timedelta(seconds=1))
        await polls.polled()
        assert len(polls.durable.told()) == before
        assert len(polls.durable.ticks()) == 2

    # how far it was read

    @clause("watermark")
    async def test_what_lies_before_the_mark_and_its_overlap_is_not_read_again(
        self, polls: Polls, polled: Polled
    ) -> None:
        old = polled.clerk.order()
        await self._pass(polls, polled, timedelta(seconds=polls.account.overlap_seconds, hours=1))
        new = polled.clerk.order()
        await polls.polled()
        async with self.poller.open(polls.account, polled.secret, polls.clock) as session:
            _ = [reading async for reading in session.changed_since("")]
            mark = session.mark
        self._wait(polls, polled)
        polled.clerk.change(new)
        async with self.poller.open(polls.account, polled.secret, polls.clock) as session:
            names = {reading.document.document async for reading in session.changed_since(mark)}
        assert new in names
        assert old not in names

    async def test_a_mark_never_falls(self, polls: Polls, polled: Polled) -> None:
        polled.clerk.order()
        marks = [""]
        for _ in range(3):
            async with self.poller.open(polls.account, polled.secret, polls.clock) as session:
                _ = [reading async for reading in session.changed_since(marks[-1])]
                marks.append(session.mark)
        assert marks == sorted(marks)
        assert marks[-1]

    @clause("overlap")
    async def test_what_shows_late_is_told_if_it_is_no_older_than_the_overlap(
        self, polls: Polls, polled: Polled
    ) -> None:
        polled.clerk.order()
        await polls.polled()
        late = polled.clerk.order_late(timedelta(seconds=polls.account.overlap_seconds / 2))
        await polls.polled()
        assert len(polls.told(late)) == 1

    @clause("paging")
    async def test_all_pages_are_read(self, polls: Polls, polled: Polled, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.page is not None, "`page`: the module and the name of how many records a page has"
        monkeypatch.setattr(*self.page, 2)
        numbers = [polled.clerk.order() for _ in range(SEVERAL)]
        await polls.polled()
        assert [len(polls.told(number)) for number in numbers] == [1] * SEVERAL

    @clause("deletion")
    async def test_what_is_deleted_is_withdrawn(self, polls: Polls, polled: Polled) -> None:
        number, other = polled.clerk.order(), polled.clerk.order()
        await polls.polled()
        self._wait(polls, polled)
        polled.clerk.delete(number)
        polls.account = polls.account.model_copy(update={"reconcile_every_seconds": 0.001})
        await self._pass(polls, polled, timedelta(seconds=1))
        assert [document.withdrawn for document in polls.told(number)][-1]
        assert polls.told(number)[-1].version > polls.told(number)[0].version
        assert not any(document.withdrawn for document in polls.told(other))

    @clause("afresh")
    async def test_an_order_is_read_afresh_changed_or_not(self, polls: Polls, polled: Polled) -> None:
        number = polled.clerk.order()
        await polls.polled()
        polls.wait(timedelta(seconds=1))
        again = {document.document: document for document in await polls.afresh(number)}
        assert again[number].afresh
        assert again[number].version > polls.told(number)[-1].version
        with pytest.raises(Rejected, match="has no order"):
            await polls.afresh("no-such-order")

    # how it fails

    @clause("secret")
    async def test_a_wrong_secret_is_told_as_such_and_never_shown(
        self, polls: Polls, polled: Polled, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(SECRET, polled.wrong_secret)
        error = await polls.poll()
        assert error is not None
        assert error.code == "unauthorised"
        assert polled.wrong_secret not in str(error)
        assert polls.durable.inbound == [], "an account that was not read was not heard"

    @clause("http")
    async def test_a_system_that_is_away_is_tried_again(self, polled: Polled, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nobody = self.polls_of(polled, monkeypatch, url=f"http://127.0.0.1:{taken.getsockname()[1]}/db")
            error = await nobody.poll()
        assert isinstance(error, Retryable)
        assert error.code == "unreachable"
        assert nobody.durable.inbound == []

    @clause("throttling")
    async def test_a_system_that_asks_us_to_wait_is_waited_for(
        self, proxied: Polls, polled: Polled, proxy: Misbehaving
    ) -> None:
        number = polled.clerk.order()
        proxy.next(self.asks, Answer(429, headers={"Retry-After": "7"}))
        error = await proxied.poll()
        assert isinstance(error, Retryable)
        assert error.retry_after == timedelta(seconds=7)
        await proxied.polled()
        assert len(proxied.told(number)) == 1

    @clause("http")
    async def test_whichever_request_fails_nothing_is_lost_and_nothing_was_heard(
        self, proxied: Polls, polled: Polled, proxy: Misbehaving
    ) -> None:
        number = polled.clerk.order()
        for earlier in range(REQUESTS):
            polls = Polls(self.poller, proxied.account, proxied.clock)
            proxy.next(self.asks, *[None] * earlier, Answer(503))
            error = await polls.poll()
            if error is None:  # it needs no more requests than that
                proxy.forget()
                assert earlier
                return
            assert isinstance(error, Retryable), error
            assert polls.durable.ticks() == []
            await polls.polled()
            assert len(polls.told(number)) == 1
            assert len(polls.durable.ticks()) == 1

    @clause("http")
    @pytest.mark.parametrize("body", [b"", b"<html>Please log in</html>", b'"yes"', b"{}", b"null", b"\xff"])
    async def test_an_answer_that_makes_no_sense_is_not_believed(
        self, proxied: Polls, polled: Polled, proxy: Misbehaving, body: bytes
    ) -> None:
        polled.clerk.order()
        proxy.next(self.asks, Answer(200, body))
        assert isinstance(await proxied.poll(), QuaysideError)
        assert proxied.durable.ticks() == []

    @pytest.mark.parametrize("changes", [{"options": {"colour": "red"}}, {"url": ""}, {"url": "ftp://erp"}])
    def test_an_account_that_is_wrong_is_refused(self, polled: Polled, changes: dict[str, object]) -> None:
        with pytest.raises(Rejected):
            self.poller.check(polled.account.model_copy(update=changes))

    async def _pass(self, polls: Polls, polled: Polled, span: timedelta) -> None:
        await polls.polled()
        self._wait(polls, polled, span)
        await polls.polled()

    @staticmethod
    def _wait(polls: Polls, polled: Polled, span: timedelta = timedelta(seconds=1)) -> None:
        polls.wait(span)
        polled.clerk.wait(span)
