"""Orders and steps for a receiver that calls everything as we do."""

from contracts.connector import OrderInContext, StepInContext
from contracts.fields import OrderField
from contracts.settings import TargetAccount
from contracts.snapshot import TimelineEntry
from mappings.tickets.canonical_names import status_fields, step_fields
from tests.connectors.sample_tasks import SCANNED, late_task

ACCOUNT = TargetAccount(name="desk", connector="ticket-desk", url="http://desk.example", language="zh-CN")
VIEW = late_task().view


def test_an_order_shows_how_far_its_delivery_is() -> None:
    assert VIEW
    told = status_fields(OrderInContext("k", "erp", "order", "SO-1", VIEW), ACCOUNT)
    assert set(told) == set(OrderField)
    assert (told["order"], told["status"], told["status_text"]) == ("SO-1", "in_transit", "运输中")


def test_a_step_tells_what_is_known_of_it_and_no_more() -> None:
    assert VIEW
    entry = TimelineEntry(at=SCANNED, what="in_transit", subject="YT1", text="到达")
    told = step_fields(StepInContext("k", "erp", "order", "SO-1", entry, VIEW), ACCOUNT)
    assert {"what": "in_transit", "text": "到达", "at": "2026-11-19T06:30:00.000000Z"}.items() <= told.items()
    assert "location" not in told
