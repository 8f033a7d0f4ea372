"""What an account chooses to be written, and what stands beside orders: for targets that offer it."""

from dataclasses import replace
from typing import ClassVar

import pytest

from contracts.connector import OrderInContext, StepInContext, Target, TargetSession, Writing
from contracts.errors import Rejected
from contracts.identity import digest
from contracts.record_keys import status_key, step_key
from contracts.settings import TargetAccount
from contracts.snapshot import DeliveryStatus, TimelineEntry
from tests.connectors.conformance.clauses import leave_out
from tests.connectors.conformance.target_suite import System, TargetSuite, clause, next_order
from tests.connectors.sample_tasks import SCANNED, late_task


class OrdersConformance(TargetSuite):
    """Field mapping, the status beside an order, and steps.

    The tests of what a record does not offer are left out by themselves. existing_order: where a target writes to
    orders that others make there, the number of one that its system has; empty where each test may name its own.
    """

    existing_order: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        """Leave out the tests of what the record does not offer."""
        super().__init_subclass__()
        if target := getattr(cls, "target", None):
            offered = {
                "choice": target.default_fields,
                "orders": target.status_fields,
                "steps": target.step_fields,
            }
            leave_out(cls, {name: "not offered" for name, there in offered.items() if not there})

    @clause("choice")
    def test_the_fields_of_a_task_are_those_that_the_record_names_or_that_no_account_may_choose(
        self, system: System
    ) -> None:
        assert set(self.target.default_fields) <= set(self.target.fields(late_task("SO-7"), system.account))

    @clause("choice")
    def test_a_field_that_the_account_leaves_out_is_not_written(self, system: System) -> None:
        written = dict(self.target.fields(late_task("SO-7"), system.account))
        for name in self.target.default_fields:
            account = system.account.model_copy(update={"fields": {name: None}})
            if refusal := _refusal(self.target, account):
                assert name in refusal, "a field that a record must have is refused by its name"
                continue
            others = {field: value for field, value in written.items() if field != name}
            assert self.target.fields(late_task("SO-7"), account) == others

    @clause("orders")
    @pytest.mark.parametrize("status", DeliveryStatus)
    def test_every_status_of_an_order_can_be_written_down(self, system: System, status: DeliveryStatus) -> None:
        fields = self.status(system, status).fields
        assert set(self.target.default_status_fields) <= set(fields)
        assert fields != self.status(system, _another(status)).fields

    @clause("orders")
    async def test_one_record_stands_beside_an_order_and_is_kept_right(
        self, system: System, session: TargetSession
    ) -> None:
        writing = self.status(system, DeliveryStatus.IN_TRANSIT)
        created = await session.create(writing)
        assert created.is_open
        assert {name: created.fields[name] for name in writing.fields} == writing.fields
        later = replace(writing, fields=self.status(system, DeliveryStatus.DELIVERED).fields)
        updated = await session.update(created, later)
        assert (updated.id, updated.is_open) == (created.id, True)
        assert {name: updated.fields[name] for name in later.fields} == later.fields
        assert [record.id for record in await session.look_up(writing.key)] == [created.id]

    @clause("steps")
    async def test_a_step_is_taken_and_comes_back_under_its_own_key(
        self, system: System, session: TargetSession
    ) -> None:
        context = late_task(next_order(system))
        assert context.view
        assert self.target.step_fields
        entry = TimelineEntry(at=SCANNED, what="in_transit", subject="YT88001", text="到达【武汉转运中心】")
        key = step_key("erp", "order", context.subject, entry)
        step = StepInContext(key, "erp", "order", context.subject, entry, context.view)
        fields = self.target.step_fields(step, system.account)
        assert "到达" in "\n".join(fields.values())
        record = await session.create(Writing(key, f"{digest(key)}-1", fields))
        assert (record.key, record.idempotency_key) == (key, f"{digest(key)}-1")

    def status(self, system: System, status: DeliveryStatus) -> Writing:
        """What is to stand beside an order, the same one throughout a test."""
        order = self.existing_order or f"SO-beside-{digest(system.account.url, size=4)}"
        view = late_task(order).view
        assert view
        assert self.target.status_fields
        key = status_key("erp", "order", order)
        context = OrderInContext(key, "erp", "order", order, view.model_copy(update={"status": status}))
        return Writing(key, f"{digest(key)}-1", self.target.status_fields(context, system.account))


def _refusal(target: Target, account: TargetAccount) -> str:
    """Why an account is refused; empty where it is not."""
    try:
        target.check(account)
    except Rejected as error:
        return error.reason
    return ""


def _another(status: DeliveryStatus) -> DeliveryStatus:
    return DeliveryStatus.DRAFT if status is DeliveryStatus.DELIVERED else DeliveryStatus.DELIVERED
