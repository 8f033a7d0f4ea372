"""What is found again: every episode by its task, and what was done although its answer was lost."""

from dataclasses import replace
from itertools import count

import pytest

from contracts.connector import TargetSession
from contracts.errors import Retryable
from contracts.identity import digest
from tests.connectors.conformance.target_suite import System, TargetSuite, clause
from tests.connectors.misbehaving import Fault, Misbehaving

_numbers = count(1)


class FindingConformance(TargetSuite):
    """Look-up, idempotency, and a crash while a call is in flight."""

    @clause("look_up")
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

    @clause("look_up")
    async def test_a_task_that_was_never_written_is_not_found(self, system: System, session: TargetSession) -> None:
        assert list(await session.look_up(self.writing(system).key)) == []

    @clause("look_up")
    async def test_a_long_key_is_found(self, system: System, session: TargetSession) -> None:
        writings = [self.writing(system, "SO-" + "long" * 80 + f"-{next(_numbers)}") for _ in range(2)]
        created = [await session.create(writing) for writing in writings]
        for writing, record in zip(writings, created, strict=True):
            assert list(await session.look_up(writing.key)) == [record]

    @clause("look_up")
    async def test_a_create_whose_answer_was_lost_is_found(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = self.writing(system)
        await session.look_up(writing.key)
        proxy.next(self.creates, Fault.LOSE)
        with pytest.raises(Retryable) as lost:
            await session.create(writing)
        assert lost.value.code == "unanswered"
        assert lost.value.retry_after, "it may still be at work there, so a look-up right away could miss it"
        (found,) = await session.look_up(writing.key)
        assert found.fields == writing.fields
        if self.target.keeps_idempotency_keys:
            assert await session.create(writing) == found
            assert list(await session.look_up(writing.key)) == [found]

    @clause("closing")
    async def test_a_close_whose_answer_was_lost_says_its_reason_once(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = replace(self.writing(system), comment="It arrived")
        created = await session.create(writing)
        proxy.next(self.closes, Fault.LOSE)
        with pytest.raises(Retryable):
            await session.close(created, writing)
        closed = await session.close(created, writing)
        assert (closed.is_open, closed.closed_by) == (False, "")
        assert system.person.said_on(closed).count("It arrived") == 1
