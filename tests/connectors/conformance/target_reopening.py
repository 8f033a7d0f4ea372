"""What an account may ask of a target that opens closed records again (`when_closed: reopen`)."""

from dataclasses import replace
from typing import cast

import pytest

from contracts.connector import Record, ReopeningSession, TargetSession, Writing
from contracts.errors import Rejected
from tests.connectors.conformance.clauses import leave_out
from tests.connectors.conformance.target_suite import System, TargetSuite, clause


class ReopeningConformance(TargetSuite):
    """The same record, open, with the fields that are wanted now."""

    def __init_subclass__(cls) -> None:
        """Leave out the tests where the record does not offer it."""
        super().__init_subclass__()
        if (target := getattr(cls, "target", None)) and not target.reopens:
            leave_out(cls, {"reopening": "not offered"})

    @clause("reopening")
    async def test_what_a_person_closed_is_opened_again_with_right_fields_and_one_that_is_open_stays_so(
        self, system: System, session: TargetSession
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.close(created, "called the carrier")
        wanted = replace(self.with_other_scan(writing), comment="the cause still holds")
        opened = await self.reopened(session, created, wanted)
        assert system.person.said_on(opened).count(wanted.comment) == 1
        for record in (opened, await self.reopened(session, created, wanted)):
            assert (record.id, record.is_open, record.closed_by) == (created.id, True, "")
            assert record.fields == wanted.fields
        (found,) = await session.look_up(writing.key)
        assert (found.id, found.is_open, found.fields) == (created.id, True, wanted.fields)

    @clause("reopening")
    async def test_what_we_closed_and_opened_again_is_a_person_s_when_they_close_it(
        self, system: System, session: TargetSession
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        await session.close(created, replace(writing, comment="it arrived"))
        await self.reopened(session, created, replace(writing, comment="the cause still holds"))
        system.person.close(created, "called the carrier")
        found = await session.read(created.id)
        assert found
        assert (found.is_open, found.closed_by) == (False, system.person.name)
        assert found.closed_reason == "called the carrier"

    async def reopened(self, session: TargetSession, record: Record, writing: Writing) -> Record:
        return await cast("ReopeningSession", session).reopen(record, writing)

    async def refused_reopening(self, session: TargetSession, record: Record, writing: Writing) -> str:
        """Try it on a record that cannot be opened any more; with which code it is refused."""
        with pytest.raises(Rejected) as refused:
            await self.reopened(session, record, writing)
        return refused.value.code
