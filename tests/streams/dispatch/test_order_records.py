"""What stands beside an order, and the steps it took: one record kept right, and each step once, in order."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from contracts.errors import Retryable
from contracts.fields import OrderField
from contracts.record_keys import RecordSort
from contracts.settings import TargetAccount
from contracts.snapshot import DeliveryStatus, Snapshot, TimelineEntry
from streams.dispatch.entry import Entry, State
from streams.dispatch.intake import read_record
from tests.streams.dispatch import samples
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner

ACCOUNT = TargetAccount(name="crm", connector="fake", url="http://127.0.0.1:1", statuses=True)
STEPS = ACCOUNT.model_copy(update={"statuses": False, "steps": True})
HOUR = timedelta(hours=1)


def order(*entries: TimelineEntry, status: DeliveryStatus = DeliveryStatus.IN_TRANSIT) -> Snapshot:
    told = samples.snapshot()
    assert told.view
    return told.model_copy(update={"view": told.view.model_copy(update={"status": status, "timeline": entries})})


def step(what: str, hours: float, text: str = "") -> TimelineEntry:
    return TimelineEntry(at=samples.START + hours * HOUR, what=what, subject="YT1", text=text)


ORDERED, LEFT, SCANNED, THERE = step("ordered", 0), step("despatched", 1), step("in_transit", 2), step("delivered", 9)


class Told:
    """A target that follows snapshots to rest, one after another."""

    def __init__(self, account: TargetAccount = ACCOUNT) -> None:
        self.account = account
        self.store, self.fake = MemoryStore(), FakeTarget()
        self.now = samples.START
        self._through = 0

    async def tell(self, *said: Snapshot) -> None:
        for snapshot in said:
            self._through += 1
            record = samples.record(snapshot, self._through, offset=self._through)
            state = read_record(record, with_views=True)
            self.store.take(state, self.now)
            await self.go_on(state.key.subject)

    async def go_on(self, subject: str = "SO-1") -> None:
        for key in [key for key in self.store.lanes if key.subject == subject]:
            await asyncio.wait_for(
                runner(self.store, self.fake, self.account, lambda: self.now).run(key, lambda: True), 5
            )

    def entries(self, sort: RecordSort) -> list[Entry]:
        return [entry for entry in self.store.ledger.values() if entry.sort is sort]

    def steps(self) -> list[str]:
        return [record.fields["what"] for record in self.fake.records.values()]


class TestStatus:
    async def test_one_record_stands_beside_an_order_and_is_kept_right(self) -> None:
        told = Told()
        await told.tell(order(LEFT), order(LEFT, SCANNED), order(LEFT, THERE, status=DeliveryStatus.DELIVERED))
        (record,) = told.fake.records.values()
        assert (record.is_open, record.fields) == (True, {"status": "delivered"})
        assert (len(told.fake.named("create")), len(told.fake.named("update"))) == (1, 1)

    async def test_it_is_never_closed_and_is_found_again(self) -> None:
        told = Told()
        gone = samples.snapshot().model_copy(update={"view": None})
        await told.tell(order(LEFT), gone, order(LEFT, status=DeliveryStatus.UNKNOWN))
        assert told.fake.named("close") == []
        await told.tell(order(LEFT, THERE, status=DeliveryStatus.DELIVERED))
        (record,) = told.fake.records.values()
        assert record.fields == {"status": "delivered"}

    async def test_an_order_that_the_erp_never_told_has_none(self) -> None:
        told = Told()
        await told.tell(order(SCANNED, status=DeliveryStatus.UNKNOWN))
        assert told.fake.calls == []

    async def test_an_account_that_asks_for_none_gets_none_and_leaves_what_is_there(self) -> None:
        told = Told()
        await told.tell(order(LEFT))
        told.account = ACCOUNT.model_copy(update={"statuses": False})
        await told.tell(order(LEFT, THERE, status=DeliveryStatus.DELIVERED))
        (record,) = told.fake.records.values()
        assert (record.is_open, record.fields) == (True, {"status": "in_transit"})

    async def test_what_a_person_closed_stays_closed_and_is_no_feedback(self) -> None:
        told = Told()
        await told.tell(order(LEFT))
        told.fake.person_closes("1")
        await told.tell(order(LEFT, THERE, status=DeliveryStatus.DELIVERED))
        await told.tell(order(LEFT, THERE, status=DeliveryStatus.ACCEPTED))
        assert (len(told.fake.records), told.fake.records["1"].fields) == (1, {"status": "in_transit"})
        assert told.store.letters == []

    async def test_what_was_deleted_is_written_anew(self) -> None:
        told = Told()
        await told.tell(order(LEFT))
        del told.fake.records["1"]
        await told.tell(order(LEFT, THERE, status=DeliveryStatus.DELIVERED))
        assert [record.fields["status"] for record in told.fake.open_records()] == ["delivered"]

    async def test_an_account_chooses_the_fields_of_orders(self) -> None:
        told = Told(ACCOUNT.model_copy(update={"status_fields": {"status": None, "No": OrderField.ORDER}}))
        await told.tell(order(LEFT))
        assert told.fake.records["1"].fields == {"No": "SO-1"}

    async def test_an_order_to_which_nothing_happened_since_the_target_went_live_is_left_out(self) -> None:
        told = Told(ACCOUNT.model_copy(update={"live_from": samples.START + 1.5 * HOUR}))
        await told.tell(order(LEFT))
        assert told.fake.calls == []
        await told.tell(order(LEFT, SCANNED))
        assert len(told.fake.named("create")) == 1


class TestSteps:
    async def test_each_step_goes_once_in_the_order_in_which_it_happened(self) -> None:
        told = Told(STEPS)
        await told.tell(order(ORDERED, LEFT), order(ORDERED, LEFT, SCANNED), order(ORDERED, LEFT, SCANNED))
        assert told.steps() == ["ordered", "despatched", "in_transit"]
        assert len({record.idempotency_key for record in told.fake.records.values()}) == 3

    async def test_what_is_told_late_goes_too_once(self) -> None:
        told = Told(STEPS)
        late = step("picked_up", 1.5)
        await told.tell(order(ORDERED, SCANNED), order(ORDERED, late, SCANNED), order(ORDERED, late, SCANNED, THERE))
        assert told.steps() == ["ordered", "in_transit", "picked_up", "delivered"]

    async def test_a_delivery_that_is_told_again_or_reopened_sends_nothing_twice(self) -> None:
        told = Told(STEPS)
        gone = samples.snapshot().model_copy(update={"view": None})
        await told.tell(order(ORDERED, LEFT), order(), gone, order(LEFT, ORDERED), order(ORDERED, LEFT, THERE))
        assert told.steps() == ["ordered", "despatched", "delivered"]
        assert (told.fake.named("update"), told.fake.named("close")) == ([], [])

    async def test_what_is_told_otherwise_is_another_step(self) -> None:
        told = Told(STEPS)
        await told.tell(order(SCANNED), order(step("in_transit", 2, text="left the hub")))
        assert told.steps() == ["in_transit", "in_transit"]

    async def test_two_equal_entries_are_one_step(self) -> None:
        told = Told(STEPS)
        await told.tell(order(SCANNED, SCANNED))
        assert told.steps() == ["in_transit"]

    async def test_a_target_begins_at_its_own_beginning_and_keeps_nothing_of_what_was_before(self) -> None:
        told = Told(STEPS.model_copy(update={"live_from": samples.START + 1.5 * HOUR}))
        await told.tell(order(ORDERED, LEFT, SCANNED))
        assert told.steps() == ["in_transit"]
        assert len(told.entries(RecordSort.STEP)) == 1

    async def test_the_ledger_keeps_no_fields_of_a_step_that_was_sent(self) -> None:
        told = Told(STEPS)
        await told.tell(order(ORDERED))
        (entry,) = told.entries(RecordSort.STEP)
        assert (entry.state, dict(entry.fields), entry.reason) == (State.CLOSED, {}, "sent")

    async def test_a_step_that_waits_holds_back_the_later_ones_of_its_order_alone(self) -> None:
        told = Told(STEPS)
        told.fake.before = _fails_after_one(told.fake, "SO-1")
        await told.tell(order(ORDERED, LEFT, SCANNED))
        assert told.steps() == ["ordered"]
        other = order(SCANNED).model_copy(update={"subject": "SO-2"})
        await told.tell(other)
        assert told.steps() == ["ordered", "in_transit"]
        told.fake.before = _works
        await told.go_on()
        assert told.steps() == ["ordered", "in_transit", "despatched", "in_transit"]

    async def test_a_step_that_is_refused_for_good_lets_the_later_ones_pass(self) -> None:
        told = Told(STEPS)
        told.fake.refuses = lambda writing: writing.fields["what"] == "despatched"
        await told.tell(order(ORDERED, LEFT, SCANNED))
        assert told.steps() == ["ordered", "in_transit"]

    async def test_a_step_whose_answer_was_lost_is_looked_for_before_it_goes_again(self) -> None:
        told = Told(STEPS)
        told.fake.after = _away
        await told.tell(order(ORDERED))
        told.fake.after = _works
        await told.go_on()
        assert told.steps() == ["ordered"]
        assert told.fake.named("look_up") == told.fake.named("create")

    async def test_steps_are_no_feedback(self) -> None:
        told = Told(STEPS)
        await told.tell(order(ORDERED, LEFT))
        told.fake.person_closes("1")
        told.store.wake(told.now)
        await told.go_on()
        assert told.store.letters == []

    async def test_a_shadow_shows_the_steps_that_would_have_gone(self) -> None:
        told = Told(STEPS.model_copy(update={"mode": "shadow"}))
        await told.tell(order(ORDERED, LEFT), order(ORDERED, LEFT))
        assert told.fake.calls == []
        assert [entry.fields["what"] for entry in told.entries(RecordSort.STEP)] == ["ordered", "despatched"]


@pytest.mark.parametrize("scope", ["after", "case", "parcel"])
async def test_only_orders_have_a_status_and_steps(scope: str) -> None:
    told = Told(ACCOUNT.model_copy(update={"steps": True}))
    await told.tell(order(ORDERED).model_copy(update={"scope": scope}))
    assert told.fake.calls == []


async def _works() -> None:
    """No fault."""


async def _away() -> None:
    raise Retryable("away", code="unreachable")


def _fails_after_one(fake: FakeTarget, order: str) -> Callable[[], Awaitable[None]]:
    async def before() -> None:
        called, key = fake.calls[-1]
        if called == "create" and f'"{order}"' in key and fake.records:
            raise Retryable("away", code="unreachable")

    return before
