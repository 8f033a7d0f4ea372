"""What is written: our fields and no others, what is said, what is closed, and what is gone."""

from dataclasses import replace

import pytest

from contracts.connector import TargetSession
from contracts.errors import Rejected
from tests.connectors.conformance.target_suite import System, TargetSuite, clause
from tests.connectors.sample_tasks import late_task


class WritingConformance(TargetSuite):
    """Create, update, close, read."""

    @clause("fields")
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

    @clause("reading")
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

    @clause("updating")
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

    @clause("comments")
    async def test_an_update_can_say_something(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        updated = await session.update(created, replace(self.with_other_scan(writing), comment="One more scan 扫描"))
        assert "One more scan 扫描" in system.person.said_on(updated)
        assert updated == await session.read(created.id)

    @clause("updating")
    async def test_an_update_of_a_record_whose_version_is_not_known_reads_it_first(
        self, system: System, session: TargetSession
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        changed = self.with_other_scan(writing)
        assert (await session.update(replace(created, version=""), changed)).fields == changed.fields

    @clause("updating")
    async def test_the_same_update_twice_is_one(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        first = await session.update(await session.create(writing), self.with_other_scan(writing))
        assert (await session.update(first, self.with_other_scan(writing))).fields == first.fields

    @clause("people")
    async def test_a_person_s_closing_is_not_written_over(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.close(created, "settled")
        found = await session.update(created, self.with_other_scan(writing))
        assert (found.is_open, found.closed_by, found.fields) == (False, system.person.name, writing.fields)

    @clause("closing")
    async def test_a_record_is_closed_with_the_reason(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        closed = await session.close(await session.create(writing), replace(writing, comment="It arrived 已送达"))
        assert (closed.is_open, closed.closed_by, closed.refused) == (False, "", False)
        assert closed == await session.read(closed.id)
        assert system.person.said_on(closed).count("It arrived 已送达") == 1

    @clause("people")
    async def test_a_closed_record_is_left_as_it_is(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.refuse(created, "not ours")
        closed = await session.close(created, replace(writing, comment="It arrived"))
        assert (closed.closed_by, closed.refused) == (system.person.name, True)
        assert "It arrived" not in system.person.said_on(closed)

    @clause("reading")
    async def test_what_is_gone_is_told_as_gone(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        gone = replace(await session.create(writing), id=system.not_ours)
        assert await session.read(system.not_ours) is None
        with pytest.raises(Rejected) as at_update:
            await session.update(gone, writing)
        with pytest.raises(Rejected) as at_close:
            await session.close(gone, writing)
        assert (at_update.value.code, at_close.value.code) == ("gone", "gone")
