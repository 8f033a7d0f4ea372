"""Complaints of Tryton 8 are a target like any other, and what is peculiar to them: on the real one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from connectors.targets.tryton_complaint import TRYTON_COMPLAINT
from connectors.targets.tryton_complaint.rest import Rest
from contracts.connector import Record, TargetSession, Writing
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from tests.connectors.conformance.target_suite import Clause, Failure
from tests.connectors.misbehaving import Answer
from tests.connectors.target_conformance import System, TargetConformance
from tests.systems.tryton.clerk import Clerk
from tests.systems.tryton.company import CLERK, COMPLAINT_TYPE
from tests.systems.tryton.running import Tryton

REST_PAGE = "https://docs.tryton.org/latest/server/topics/user_application.html"
SLOW_SECONDS = 4.0


class Colleague:
    """Mei, who may decide."""

    name = CLERK

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def close(self, record: Record, reason: str) -> None:
        self._clerk.say_on_complaint(int(record.id), reason)
        self._clerk.decide_complaint(int(record.id), "approve")

    def refuse(self, record: Record, reason: str) -> None:
        self._clerk.say_on_complaint(int(record.id), reason)
        self._clerk.decide_complaint(int(record.id), "reject")

    def close_approved(self, record: Record, reason: str) -> str:
        self.close(record, reason)
        return self.name

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._clerk.date_complaint(int(record.id))

    def is_edit_kept(self, record: Record) -> bool:
        return self._clerk.is_complaint_dated(int(record.id))

    def said_on(self, record: Record) -> list[str]:
        return self._clerk.said_on_complaint(int(record.id))


@pytest.fixture(scope="module")
def system(tryton: Tryton) -> System:
    """Most tests write about orders of which Tryton knows nothing."""
    account = TargetAccount(
        name="complaints",
        connector="tryton-complaint",
        url=f"{tryton.url}/{tryton.database}",
        options={"type": COMPLAINT_TYPE, "customer": "C-1002"},
    )
    return System(account, tryton.key, "0" * 64, Colleague(tryton.clerk), SLOW_SECONDS)


class TestTrytonComplaint(TargetConformance):
    target = TRYTON_COMPLAINT
    not_applicable: ClassVar[Mapping[Clause, str]] = {}
    creates: ClassVar[str] = r"POST complaint$"
    updates: ClassVar[tuple[str, ...]] = ("PUT",)
    closes: ClassVar[str] = r"POST /cancel$"
    documented: ClassVar[tuple[Failure, ...]] = (
        Failure(f"{REST_PAGE} (a key that is not validated)", Answer(401), Retryable, "unauthorised"),
    )

    async def test_a_complaint_is_about_the_task_s_sale_and_its_customer(
        self, system: System, session: TargetSession, tryton: Tryton
    ) -> None:
        sale = tryton.clerk.sell({"SN-516": 2}, None)
        created = await session.create(self.writing(system, sale.number))
        complaint = tryton.clerk.complaint(int(created.id))
        assert (complaint["origin"], complaint["customer"]["code"]) == (f"sale.sale,{sale.id}", "C-1001")
        assert (complaint["type"]["name"], complaint["state"]) == (COMPLAINT_TYPE, "draft")

    async def test_about_a_sale_that_is_not_confirmed_its_customer_s_complaint_names_no_origin(
        self, system: System, session: TargetSession, tryton: Tryton
    ) -> None:
        """Tryton would refuse it."""
        quotation = tryton.clerk.quote({"SN-516": 2}, None)
        created = await session.create(self.writing(system, quotation.number))
        complaint = tryton.clerk.complaint(int(created.id))
        assert (complaint["origin"], complaint["customer"]["code"]) == (None, "C-1001")

    async def test_a_task_of_an_order_that_tryton_does_not_know_is_refused_where_nobody_is_named_instead(
        self, system: System
    ) -> None:
        async with self.open(system, options={"type": COMPLAINT_TYPE}) as session:
            with pytest.raises(Rejected, match="no sale") as refused:
                await session.create(self.writing(system))
        assert refused.value.code == "no_sale"

    async def test_what_changes_after_it_was_submitted_is_said_in_a_note_once(
        self, system: System, session: TargetSession, tryton: Tryton
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        tryton.clerk.submit_complaint(int(created.id))
        assert (await session.update(created, writing)).fields == writing.fields
        assert system.person.said_on(created) == []
        changed = self.with_other_scan(writing)
        told = [await session.update(created, changed) for _ in range(2)]
        assert [(record.is_open, record.fields) for record in told] == [(True, changed.fields)] * 2
        assert (await session.update(created, writing)).fields == writing.fields
        texts = [_text(changed), _text(writing)]
        assert system.person.said_on(created) == texts

    async def test_a_submitted_complaint_is_closed_when_its_cause_is_gone(
        self, system: System, session: TargetSession, tryton: Tryton
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        tryton.clerk.submit_complaint(int(created.id))
        closed = await session.close(created, replace(writing, comment="It arrived"))
        assert (closed.is_open, closed.closed_by, closed.refused) == (False, "", False)

    @pytest.mark.parametrize("decision", ["approve", "reject"])
    async def test_what_people_decide_while_it_is_written_or_closed_is_theirs(
        self, system: System, session: TargetSession, tryton: Tryton, monkeypatch: pytest.MonkeyPatch, decision: str
    ) -> None:
        """It was a draft when it was read, and Tryton refuses what comes after their decision."""
        updated, closed = [await session.create(self.writing(system)) for _ in range(2)]
        write, press = Rest.write, Rest.press

        async def decide_and_write(rest: Rest, model: str, number: str, values: Mapping[str, object]) -> bool:
            tryton.clerk.decide_complaint(int(number), decision)
            return await write(rest, model, number, values)

        async def decide_and_press(rest: Rest, model: str, number: str, button: str) -> bool:
            tryton.clerk.decide_complaint(int(number), decision)
            return await press(rest, model, number, button)

        monkeypatch.setattr(Rest, "write", decide_and_write)
        monkeypatch.setattr(Rest, "press", decide_and_press)
        for found in (
            await session.update(updated, self.with_other_scan(self.writing(system))),
            await session.close(closed, replace(self.writing(system), comment="It arrived")),
        ):
            assert (found.is_open, found.closed_by, found.refused) == (False, CLERK, decision == "reject")

    async def test_a_person_s_cancelling_is_a_refusal(
        self, system: System, session: TargetSession, tryton: Tryton
    ) -> None:
        created = await session.create(self.writing(system))
        tryton.clerk.say_on_complaint(int(created.id), "a mistake")
        tryton.clerk.cancel_complaint(int(created.id))
        found = await session.read(created.id)
        assert found
        assert (found.refused, found.closed_by, found.closed_reason) == (True, CLERK, "a mistake")

    async def test_a_deleted_complaint_is_gone(self, system: System, session: TargetSession, tryton: Tryton) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        tryton.clerk.delete_complaint(int(created.id))
        assert await session.read(created.id) is None
        assert list(await session.look_up(writing.key)) == []

    async def test_a_type_that_is_not_there_is_told_by_a_probe_and_at_a_write(self, system: System) -> None:
        account = system.account.model_copy(update={"options": {"type": "Nothing", "company": "1"}})
        assert self.target.probe
        assert await self.target.probe(account, system.secret) == [
            "Tryton has no complaint type 'Nothing' whose origin is Sale"
        ]
        async with self.target.open(account, system.secret) as session:
            with pytest.raises(Retryable) as missing:
                await session.create(self.writing(system))
        assert missing.value.code == "misconfigured"


def _text(writing: Writing) -> str:
    return writing.fields["description"]
