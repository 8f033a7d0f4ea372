"""What an account may ask of a target that opens closed records again (`when_closed: reopen`)."""

from dataclasses import replace
from typing import cast

from contracts.connector import Record, ReopeningSession, TargetSession, Writing
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
        for _ in range(2):
            opened = await self.reopened(session, created, wanted)
            assert (opened.id, opened.is_open, opened.closed_by) == (created.id, True, "")
        (found,) = await session.look_up(writing.key)
        assert (found.id, found.is_open, found.fields) == (created.id, True, wanted.fields)

    async def reopened(self, session: TargetSession, record: Record, writing: Writing) -> Record:
        return await cast("ReopeningSession", session).reopen(record, writing)
