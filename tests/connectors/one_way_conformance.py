"""What every target must do that is only told: the suite of all targets, as far as it speaks of sending, and more.

    class TestFeishu(OneWayConformance):
        target = FEISHU

Its `system` has a `Recipient` as its person: whoever has the messages that arrived.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

import pytest

from contracts.connector import Record, TargetSession, Writing
from contracts.errors import Retryable
from tests.connectors.conformance.target_suite import Clause, System
from tests.connectors.misbehaving import Fault, Misbehaving
from tests.connectors.target_conformance import TargetConformance

WHY = "a cleared cause 原因已消除"


@dataclass(frozen=True)
class Heard:
    """A message as it arrived. id: as its recipient can know it; empty where it cannot."""

    text: str
    id: str = ""


class Inbox(Protocol):
    """Where messages arrive, the oldest first."""

    def __call__(self) -> Sequence[Heard]: ...


@dataclass
class Recipient:
    """Reads, and can do nothing about it that we would learn of."""

    inbox: Inbox
    name: str = "a reader"
    _seen: int = field(default=0)

    def close(self, record: Record, reason: str) -> None:
        raise AssertionError(record, reason)

    def refuse(self, record: Record, reason: str) -> None:
        raise AssertionError(record, reason)

    def close_approved(self, record: Record, reason: str) -> str:
        raise AssertionError(record, reason)

    def edit_what_is_not_ours(self, record: Record) -> None:
        raise AssertionError(record)

    def is_edit_kept(self, record: Record) -> bool:
        raise AssertionError(record)

    def said_on(self, record: Record) -> list[str]:
        raise AssertionError(record)

    def new(self) -> Sequence[Heard]:
        """What arrived since the last call."""
        everything = self.inbox()
        new = everything[self._seen :]
        self._seen = len(everything)
        return new


class OneWayConformance(TargetConformance):
    """The suite. is_heard_once: whether a repetition is recognised by its id. tells_all: also what matters little."""

    not_applicable: ClassVar[Mapping[Clause, str]] = {
        "reading": "it is only told, and cannot be read: a record reads as open and empty",
        "updating": "an update is a further message, of which nothing can be read back",
        "comments": "what was said cannot be read back",
        "closing": "a close is a further message, of which nothing can be read back",
        "look_up": "it is only told: nothing can be looked up, and the ledger alone knows what was sent",
        "people": "what people do about a message is not known",
        "approvals": "what people do about a message is not known",
    }
    is_heard_once: ClassVar[bool] = False
    tells_all: ClassVar[bool] = False

    @pytest.fixture
    def recipient(self, system: System) -> Recipient:
        assert isinstance(system.person, Recipient)
        system.person.new()
        return system.person

    def test_the_record_says_that_it_is_only_told(self) -> None:
        assert self.target.is_told_only
        assert not self.target.reopens

    async def test_nothing_is_found_and_nothing_is_told_back(
        self, system: System, session: TargetSession, recipient: Recipient
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        assert len(recipient.new()) == 1
        assert list(await session.look_up(writing.key)) == []
        assert [record async for record in session.changed_since("")] == []
        assert session.mark == ""
        assert (created.is_open, created.key, created.idempotency_key, created.fields) == (
            True,
            writing.key,
            writing.idempotency_key,
            writing.fields,
        )
        assert await session.read("7") is None

    async def test_a_message_whose_answer_was_lost_goes_again_under_the_same_id(
        self, system: System, session: TargetSession, proxy: Misbehaving, recipient: Recipient
    ) -> None:
        writing = self.writing(system)
        proxy.next(self.creates, Fault.LOSE)
        with pytest.raises(Retryable) as lost:
            await session.create(writing)
        assert (lost.value.code, bool(lost.value.retry_after)) == ("unanswered", True)
        created = await session.create(writing)
        heard = recipient.new()
        assert len(heard) == (1 if self.is_heard_once else 2)
        assert {one.id for one in heard} <= {created.id, ""}

    async def test_an_update_that_was_on_its_way_when_the_process_died_goes_again_under_the_same_id(
        self, system: System, session: TargetSession, recipient: Recipient
    ) -> None:
        created = await session.create(self.writing(system))
        changed = self.grave(self.writing(system))
        updated = await session.update(created, changed)
        found = await session.read(created.id)
        assert found
        assert (found.is_open, found.fields) == (True, {}), "the ledger plans the same again"
        again = await session.update(found, changed)
        assert again == updated
        assert len(recipient.new()) == (2 if self.is_heard_once else 3)

    async def test_every_message_has_an_id_of_its_own(
        self, system: System, session: TargetSession, recipient: Recipient
    ) -> None:
        """Also the one that says again what an earlier one said: it is no repetition."""
        writing = self.writing(system)
        first = await session.create(writing)
        second = await session.update(first, self.grave(writing))
        third = await session.update(second, writing)
        fourth = await session.close(third, replace(writing, comment=WHY))
        assert len({first.id, second.id, third.id, fourth.id}) == len(recipient.new()) == 4

    async def test_a_close_tells_what_is_closed_and_why(
        self, system: System, session: TargetSession, recipient: Recipient
    ) -> None:
        order = f"SO-{id(session)}"
        writing = self.writing(system, order)
        closed = await session.close(await session.create(writing), replace(writing, comment=WHY))
        assert not closed.is_open
        opened, ended = recipient.new()
        assert WHY in ended.text
        assert order in opened.text
        assert order in ended.text

    async def test_a_close_after_a_crash_still_names_the_order(
        self, system: System, session: TargetSession, recipient: Recipient
    ) -> None:
        """What had been written down was lost with the answer."""
        order = f"SO-{id(session)}"
        created = await session.create(self.writing(system, order))
        recipient.new()
        await session.close(created, replace(self.writing(system, order), fields={}, comment=WHY))
        (ended,) = recipient.new()
        assert WHY in ended.text
        assert order in ended.text

    async def test_one_more_scan_is_told_to_programs_and_not_to_people(
        self, system: System, session: TargetSession, recipient: Recipient
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        changed = self.with_other_scan(writing)
        updated = await session.update(created, changed)
        assert updated.fields == changed.fields
        assert len(recipient.new()) == (2 if self.tells_all else 1)

    def grave(self, writing: Writing) -> Writing:
        """The same task, become graver: what everybody wants to know."""
        return replace(writing, fields={**writing.fields, "severity": "grave"})
