"""What a subscriber was told is held against the newest snapshots, and each difference is a sentence."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.connector import OrderInContext, StepInContext
from contracts.record_keys import status_key
from contracts.settings import TargetAccount
from contracts.snapshot import DeliveryStatus, Snapshot, TimelineEntry, View
from desk.demo.portal import STATUS, STEP, differences, of_messages
from mappings.tickets.canonical_names import status_fields, step_fields

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ACCOUNT = TargetAccount(name="portal", connector="standard-webhooks", url="http://x", statuses=True, steps=True)
ENTRIES = (
    TimelineEntry(at=AT, what="despatched", subject="DN-1"),
    TimelineEntry(at=AT, what="picked_up", subject="P"),
    TimelineEntry(at=AT + timedelta(hours=1), what="delivered", subject="P"),
    TimelineEntry(at=AT + timedelta(hours=2), what="task_closed", subject="P"),
)
VIEW = View(status=DeliveryStatus.DELIVERED, timeline=ENTRIES)
SNAPSHOT = Snapshot(account="erp", scope="order", subject="SO-1", view=VIEW)
REVIEWED = {"SO-1": ("despatched", "picked_up", "delivered")}


def status(view: View = VIEW) -> dict[str, Any]:
    key = status_key("erp", "order", "SO-1")
    fields = status_fields(OrderInContext(key, "erp", "order", "SO-1", view), ACCOUNT)
    return {"type": STATUS, "data": {"key": key, "fields": dict(fields)}}


def step(entry: TimelineEntry) -> dict[str, Any]:
    fields = step_fields(StepInContext("", "erp", "order", "SO-1", entry, VIEW), ACCOUNT)
    return {"type": STEP, "data": {"key": "", "fields": dict(fields)}}


STEPS = [step(entry) for entry in ENTRIES]
OLD = VIEW.model_copy(update={"status": DeliveryStatus.IN_TRANSIT})


def said(messages: list[dict[str, Any]], reviewed: Mapping[str, tuple[str, ...]] = REVIEWED) -> list[str]:
    return list(differences(of_messages(messages), [SNAPSHOT], ACCOUNT, reviewed))


def test_each_step_once_and_the_newest_status_are_no_difference() -> None:
    assert said([status(OLD), *STEPS, status()]) == []


@pytest.mark.parametrize(
    ("messages", "says"),
    [
        (STEPS, "the portal was never told the status of SO-1"),
        ([status(), *STEPS, status(OLD)], "the portal has SO-1 with status 'in_transit' instead of 'delivered'"),
        ([status(), *STEPS, STEPS[3]], "the portal was told the step task_closed of SO-1 2 times"),
        ([status(), *STEPS[:3]], "the portal was told the step task_closed of SO-1 0 times"),
        (
            [status(), *STEPS, step(TimelineEntry(at=AT, what="task_opened", subject="x"))],
            "the portal was told the step task_opened of SO-1, which did not happen",
        ),
        (
            [status(), *STEPS, {"type": "task.opened", "data": {}}],
            "the portal got messages of the type task.opened, which it did not ask for",
        ),
    ],
)
def test_each_difference_is_named(messages: list[dict[str, Any]], says: str) -> None:
    assert says in said(messages)


def test_steps_of_one_parcel_must_come_in_the_order_in_which_they_happened() -> None:
    swapped = [status(), STEPS[0], STEPS[2], STEPS[1], STEPS[3]]
    assert said(swapped, {}) == ["the portal was told picked_up of P after delivered, which came later"]
    other_source_later = [status(), *STEPS[1:], STEPS[0]]
    assert said(other_source_later, {}) == []


def test_the_reviewed_steps_of_an_order_must_come_just_so() -> None:
    says = "the portal was told of SO-1: despatched, picked_up, delivered; instead of: despatched, delivered"
    assert said([status(), *STEPS], {"SO-1": ("despatched", "delivered")}) == [says]
