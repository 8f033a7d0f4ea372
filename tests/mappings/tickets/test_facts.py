"""What is said of a task, a notice, an order and a step."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from contracts.connector import NoticeInContext, OrderInContext, StepInContext, TaskInContext
from contracts.errors import Rejected
from contracts.fields import (
    ORDER_INSTANTS,
    TASK_INSTANTS,
    Canonical,
    OrderField,
    StepField,
    TaskField,
    in_effect,
    written,
)
from contracts.moment import Precision, Window
from contracts.quantity import Quantity
from contracts.record_keys import step_id
from contracts.snapshot import (
    DeliveryStatus,
    Kind,
    LineView,
    Notice,
    ParcelView,
    Severity,
    SubjectType,
    Task,
    Text,
    TimelineEntry,
    View,
)
from contracts.tracking import TrackingStatus
from mappings.tickets.facts import notice_facts, order_facts, step_facts, task_facts
from mappings.tickets.wording import STATUSES
from tests.connectors.sample_tasks import BEGAN, SCANNED, late_task

AN_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def with_view(context: TaskInContext, **changes: object) -> TaskInContext:
    assert context.view
    return replace(context, view=context.view.model_copy(update=changes))


def parcel(number: str, hours: int, text: str) -> ParcelView:
    at = SCANNED + timedelta(hours=hours)
    return ParcelView(
        number=number, carrier="sf", status=TrackingStatus.IN_TRANSIT, last_scan_at=at, last_scan_text=text
    )


def test_the_facts_follow_the_text_in_the_zone_of_the_promise() -> None:
    assert task_facts(late_task("SO-1"), "en")[TaskField.DETAILS] == (
        "The promised window has passed.\n"
        "Ask the carrier.\n"
        "\n"
        "Order: SO-1\n"
        "Customer: Müller & Söhne 机械厂 \"O'Neil\\ (C-17)\n"
        "Promised: 2026-11-20\n"
        "Last scan: 2026-11-19 14:30 (Asia/Shanghai) · yuantong YT88001 · 武汉 · 到达【武汉转运中心】\n"
        "To be done by: 2026-11-21 04:00 (Asia/Shanghai)"
    )


def test_the_same_in_chinese() -> None:
    details = task_facts(late_task("SO-1"), "zh-CN")[TaskField.DETAILS]
    assert details.startswith("已超过承诺交期。\n请联系承运商。\n\n订单：SO-1\n客户：Müller")
    assert "\n最近一次扫描：2026-11-19 14:30" in details


def test_what_is_not_known_is_left_out() -> None:
    said = task_facts(replace(late_task("SO-1"), view=None), "en")
    assert said[TaskField.DETAILS].endswith("Order: SO-1\nTo be done by: 2026-11-20 20:00 (UTC)")
    assert (said[TaskField.CUSTOMER], said[TaskField.PROMISED], said[TaskField.LAST_SCAN]) == ("", "", "")


def test_a_parcel_that_nobody_claims_has_no_order() -> None:
    said = task_facts(replace(late_task("YT1"), scope="parcel"), "en")
    assert said[TaskField.ORDER] == ""
    assert "Order:" not in said[TaskField.DETAILS]


def test_the_order_and_customer_of_a_case_are_those_that_it_names() -> None:
    task = late_task().task.model_copy(update={"details": {"order": "SO-7", "customer": "Nordwerk GmbH"}})
    said = task_facts(replace(late_task("C1"), scope="case", task=task, view=None), "en")
    assert (said[TaskField.ORDER], said[TaskField.CUSTOMER]) == ("SO-7", "Nordwerk GmbH")
    unknown = task.model_copy(update={"details": {"order": ""}})
    assert task_facts(replace(late_task("C1"), scope="case", task=unknown, view=None), "en")[TaskField.ORDER] == ""


def test_the_order_of_a_closed_delivery_is_named_too() -> None:
    assert task_facts(replace(late_task("SO-1"), scope="after", view=None), "en")[TaskField.ORDER] == "SO-1"


def test_the_newest_scan_of_all_parcels_is_told() -> None:
    parcels = (parcel("A", 1, "earlier"), parcel("B", 5, "latest"), parcel("C", 3, "between"))
    unscanned = ParcelView(number="D", status=TrackingStatus.REGISTERED)
    assert task_facts(with_view(late_task(), parcels=(*parcels, unscanned)), "en")[TaskField.LAST_SCAN].endswith(
        "sf B · latest"
    )


def test_a_task_about_a_parcel_tells_that_parcels_scan() -> None:
    context = with_view(late_task(), parcels=(parcel("A", 1, "mine"), parcel("B", 5, "another's")))
    task = context.task.model_copy(update={"subject_type": SubjectType.PARCEL, "subject": "A"})
    assert task_facts(replace(context, task=task), "en")[TaskField.LAST_SCAN].endswith("sf A · mine")


def test_promised_windows_of_days_and_of_hours() -> None:
    days = Window.of_days(BEGAN.date() - timedelta(days=2), BEGAN.date(), "Europe/Berlin")
    hours = Window(closes=BEGAN, precision=Precision.INSTANT, zone="Europe/Berlin")
    assert task_facts(with_view(late_task(), promised=days), "en")[TaskField.PROMISED] == "2026-11-18 – 2026-11-20"
    assert (
        task_facts(with_view(late_task(), promised=hours), "en")[TaskField.PROMISED]
        == "2026-11-20 17:00 (Europe/Berlin)"
    )


def test_a_senders_line_breaks_stay_out_of_fields_of_one_line() -> None:
    said = task_facts(late_task(scan="left\r\n  the hub\u2028\tat night "), "en")
    assert said[TaskField.LAST_SCAN].endswith("left the hub at night")
    assert len(said[TaskField.DETAILS].splitlines()) == len(
        task_facts(late_task(), "en")[TaskField.DETAILS].splitlines()
    )


def test_a_customer_is_told_by_name_number_or_both() -> None:
    told = [
        task_facts(with_view(late_task(), customer=number, customer_name=name), "en")[TaskField.CUSTOMER]
        for number, name in (("C-1", "Acme"), ("C-1", ""), ("", "Acme"), ("Acme", "Acme"), ("", ""))
    ]
    assert told == ["Acme (C-1)", "C-1", "Acme", "Acme", ""]


def test_a_view_without_anything_is_no_obstacle() -> None:
    empty = View(status=late_task().view.status)  # type: ignore[union-attr]
    assert task_facts(replace(late_task("SO-1"), view=empty), "en")[TaskField.TITLE] == "Order SO-1 is late"


def notice(view: View | None) -> NoticeInContext:
    text = Text(title="Your order is  delayed", body="It comes on Friday.\n")
    told = Notice(key="delay/1", audience="C-17", since=BEGAN, expires_at=BEGAN, texts={"en": text})
    return NoticeInContext("k", "erp", "order", "SO-1", told, view)


def line(number: str, ordered: str, unit: str, *, left: str = "0", arrived: datetime | None = None) -> LineView:
    amount, gone, none = (Quantity(value=Decimal(value), unit=unit) for value in (ordered, left, "0"))
    return LineView(
        line=number, product="P", ordered=amount, despatched=gone, open=none, short=none, delivered_at=arrived
    )


def order(*lines: LineView, tasks: tuple[Task, ...] = (), **changes: object) -> OrderInContext:
    view = with_view(late_task("SO-1"), lines=lines, **changes).view
    assert view
    return OrderInContext("k", "erp", "order", "SO-1", view, tasks)


def test_every_canonical_name_has_a_value_and_an_explanation() -> None:
    view = late_task().view
    assert view
    scanned = StepInContext("k", "erp", "order", "SO-1", TimelineEntry(at=BEGAN, what="ordered"), view)
    for context in (late_task(), replace(late_task(), view=None)):
        assert set(task_facts(context, "en")) == set(TaskField)
    for about in (view, None):
        assert set(notice_facts(notice(about), "en")) == set(TaskField)
    assert set(order_facts(order(), "en")) == set(OrderField)
    assert set(step_facts(scanned, "en")) == set(StepField)
    assert all(field.about for fields in (TaskField, OrderField, StepField) for field in fields)


def test_every_instant_that_is_said_is_called_one_and_nothing_else_is() -> None:
    on_its_way = ParcelView(number="A", eta=BEGAN, last_scan_at=BEGAN, despatched_at=BEGAN)
    about_task = task_facts(with_view(late_task(), parcels=(on_its_way,)), "en")
    assert {field for field, value in about_task.items() if AN_INSTANT.fullmatch(value)} == TASK_INSTANTS
    all_there = order(line("1", "5", "C62", left="5", arrived=BEGAN))
    view = all_there.view.model_copy(
        update={"parcels": (on_its_way,), "promised": Window.of_days(None, BEGAN.date(), "UTC")}
    )
    about_order = order_facts(replace(all_there, view=view), "en")
    assert {field for field, value in about_order.items() if AN_INSTANT.fullmatch(value)} == ORDER_INSTANTS


def test_a_notice_is_the_customers() -> None:
    said = notice_facts(notice(late_task().view), "en")
    assert (said[TaskField.TITLE], said[TaskField.TEXT]) == ("Your order is delayed", "It comes on Friday.")
    assert (said[TaskField.KIND], said[TaskField.SUBJECT]) == ("notice", "C-17")
    assert notice_facts(notice(None), "en")[TaskField.CUSTOMER] == "C-17"
    with pytest.raises(Rejected, match="notice delay/1 has no text in zh-CN"):
        notice_facts(notice(None), "zh-CN")


def test_a_status_is_told_by_its_name_and_in_words() -> None:
    assert task_facts(late_task(), "en")[TaskField.STATUS] == "in_transit"
    assert task_facts(late_task(), "zh-CN")[TaskField.STATUS_TEXT] == "运输中"
    assert all(set(words) == set(DeliveryStatus) for words in STATUSES.values())


def test_the_promise_is_told_to_people_and_to_machines() -> None:
    said = task_facts(late_task(), "en")
    assert said[TaskField.PROMISED_BY] == "2026-11-20T16:00:00.000000Z"
    assert said[TaskField.PROMISED_DAY] == "2026-11-20"


def test_an_arrival_is_expected_when_the_last_parcel_under_way_comes() -> None:
    coming = ParcelView(number="A", status=TrackingStatus.IN_TRANSIT, eta=BEGAN)
    later = ParcelView(number="B", eta=BEGAN + timedelta(hours=1))
    there = ParcelView(number="C", status=TrackingStatus.DELIVERED, eta=BEGAN + timedelta(days=1))
    said = task_facts(with_view(late_task(), parcels=(coming, later, there)), "en")
    assert said[TaskField.ETA] == "2026-11-20T17:00:00.000000Z"
    assert said[TaskField.PARCEL] == "A, B, C"


def test_quantities_are_added_by_unit_and_never_across() -> None:
    cancelled = line("4", "1000", "C62").model_copy(update={"cancelled": True})
    said = order_facts(
        order(line("1", "1.50", "KGM"), line("2", "100", "C62"), line("3", "20", "C62"), cancelled), "en"
    )
    assert said[OrderField.ORDERED] == "120 C62, 1.5 KGM"


def test_an_order_has_arrived_when_all_that_left_of_it_has() -> None:
    there = line("1", "5", "C62", left="5", arrived=BEGAN)
    last = line("2", "5", "C62", left="5", arrived=BEGAN + timedelta(hours=1))
    under_way, stays = line("3", "5", "C62", left="5"), line("4", "5", "C62")
    assert order_facts(order(there, last, stays), "en")[OrderField.DELIVERED_AT] == "2026-11-20T17:00:00.000000Z"
    assert order_facts(order(there, under_way), "en")[OrderField.DELIVERED_AT] == ""
    assert order_facts(order(stays), "en")[OrderField.DELIVERED_AT] == ""


def test_an_order_tells_what_people_are_asked_about_and_the_gravest_of_it() -> None:
    late = late_task("SO-1").task
    lost = late.model_copy(update={"kind": Kind.EXPIRED, "severity": Severity.GRAVE})
    said = order_facts(order(tasks=(late, lost, late)), "en")
    assert (said[OrderField.FINDINGS], said[OrderField.SEVERITY]) == ("late, expired", "grave")
    assert said[OrderField.FINDINGS_TEXT].splitlines() == ["Order SO-1 is late"] * 3
    assert order_facts(order(), "en")[OrderField.SEVERITY] == ""


def test_a_step_is_named_by_what_is_told_of_it() -> None:
    scanned = TimelineEntry(at=BEGAN, what="in_transit", subject="YT1", text="left the hub")
    names = [step_id(entry) for entry in (scanned, scanned.model_copy(), scanned.model_copy(update={"text": "left"}))]
    assert names[0] == names[1] != names[2]


def test_an_account_chooses_what_goes_where() -> None:
    default = {"Title": TaskField.TITLE, "Who": TaskField.ROLE, "Order": TaskField.ORDER}
    chosen = {"Who": None, "Order": TaskField.REFERENCE, "Too": TaskField.TITLE}
    assert in_effect(default, chosen) == {
        "Title": TaskField.TITLE,
        "Order": TaskField.REFERENCE,
        "Too": TaskField.TITLE,
    }
    facts = task_facts(late_task("SO-1"), "en")
    assert written(facts, default, chosen) == {
        "Title": "Order SO-1 is late",
        "Order": "",
        "Too": "Order SO-1 is late",
    }


def test_a_value_is_shaped_for_the_field_that_it_goes_to() -> None:
    def shaped(name: str, field: Canonical, value: str) -> str:
        return f"{name}, {field}: {value}"

    default = {"Order": TaskField.ORDER, "Short": TaskField.TITLE, "Long": TaskField.TITLE}
    facts = {TaskField.TITLE: "late", TaskField.ORDER: "SO-1"}
    assert written(facts, default, {"Order": None}, shaped) == {
        "Short": "Short, title: late",
        "Long": "Long, title: late",
    }
