"""What people do at the target comes back: who closed what, when and why, and who approved it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from contracts.connector import TargetSession
from tests.connectors.conformance.target_suite import System, TargetSuite, clause


class PeopleConformance(TargetSuite):
    """Feedback."""

    @clause("people")
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

    @clause("approvals")
    async def test_an_approval_comes_back_with_who_gave_it(self, system: System, session: TargetSession) -> None:
        created = await session.create(self.writing(system))
        approver = system.person.close_approved(created, "the customer agrees 客户同意")
        found = await session.read(created.id)
        assert found is not None
        assert approver
        assert (found.approved_by, found.closed_by) == (approver, system.person.name)
        assert (found.closed_reason, found.refused) == ("the customer agrees 客户同意", False)

    @clause("closing")
    async def test_our_own_closing_is_not_a_person_s(self, system: System, session: TargetSession) -> None:
        writing = self.writing(system)
        await session.close(await session.create(writing), replace(writing, comment="done"))
        (found,) = await session.look_up(writing.key)
        assert (found.is_open, found.closed_by, found.refused) == (False, "", False)
