"""What a ticket says of a task."""

from dataclasses import replace
from datetime import timedelta

from contracts.connector import TaskInContext
from contracts.moment import Precision, Window
from contracts.snapshot import ParcelView, SubjectType, View
from contracts.tracking import TrackingStatus
from mappings.tickets.wording import word
from tests.connectors.sample_tasks import BEGAN, SCANNED, late_task


def with_view(context: TaskInContext, **changes: object) -> TaskInContext:
    assert context.view
    return replace(context, view=context.view.model_copy(update=changes))


def parcel(number: str, hours: int, text: str) -> ParcelView:
    at = SCANNED + timedelta(hours=hours)
    return ParcelView(
        number=number, carrier="sf", status=TrackingStatus.IN_TRANSIT, last_scan_at=at, last_scan_text=text
    )


def test_the_facts_follow_the_text_in_the_zone_of_the_promise() -> None:
    assert word(late_task("SO-1"), "en").details == (
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
    details = word(late_task("SO-1"), "zh-CN").details
    assert details.startswith("已超过承诺交期。\n请联系承运商。\n\n订单：SO-1\n客户：Müller")
    assert "\n最近一次扫描：2026-11-19 14:30" in details


def test_what_is_not_known_is_left_out() -> None:
    wording = word(replace(late_task("SO-1"), view=None), "en")
    assert wording.details.endswith("Order: SO-1\nTo be done by: 2026-11-20 20:00 (UTC)")
    assert (wording.customer, wording.promised, wording.last_scan) == ("", "", "")


def test_a_parcel_that_nobody_claims_has_no_order() -> None:
    wording = word(replace(late_task("YT1"), scope="parcel"), "en")
    assert wording.order == ""
    assert "Order:" not in wording.details


def test_the_order_and_customer_of_a_case_are_those_that_it_names() -> None:
    task = late_task().task.model_copy(update={"details": {"order": "SO-7", "customer": "Nordwerk GmbH"}})
    wording = word(replace(late_task("C1"), scope="case", task=task, view=None), "en")
    assert (wording.order, wording.customer) == ("SO-7", "Nordwerk GmbH")
    unknown = task.model_copy(update={"details": {"order": ""}})
    assert word(replace(late_task("C1"), scope="case", task=unknown, view=None), "en").order == ""


def test_the_order_of_a_closed_delivery_is_named_too() -> None:
    assert word(replace(late_task("SO-1"), scope="after", view=None), "en").order == "SO-1"


def test_the_newest_scan_of_all_parcels_is_told() -> None:
    parcels = (parcel("A", 1, "earlier"), parcel("B", 5, "latest"), parcel("C", 3, "between"))
    unscanned = ParcelView(number="D", status=TrackingStatus.REGISTERED)
    assert word(with_view(late_task(), parcels=(*parcels, unscanned)), "en").last_scan.endswith("sf B · latest")


def test_a_task_about_a_parcel_tells_that_parcels_scan() -> None:
    context = with_view(late_task(), parcels=(parcel("A", 1, "mine"), parcel("B", 5, "another's")))
    task = context.task.model_copy(update={"subject_type": SubjectType.PARCEL, "subject": "A"})
    assert word(replace(context, task=task), "en").last_scan.endswith("sf A · mine")


def test_promised_windows_of_days_and_of_hours() -> None:
    days = Window.of_days(BEGAN.date() - timedelta(days=2), BEGAN.date(), "Europe/Berlin")
    hours = Window(closes=BEGAN, precision=Precision.INSTANT, zone="Europe/Berlin")
    assert word(with_view(late_task(), promised=days), "en").promised == "2026-11-18 – 2026-11-20"
    assert word(with_view(late_task(), promised=hours), "en").promised == "2026-11-20 17:00 (Europe/Berlin)"


def test_a_senders_line_breaks_stay_out_of_fields_of_one_line() -> None:
    wording = word(late_task(scan="left\r\n  the hub\u2028\tat night "), "en")
    assert wording.last_scan.endswith("left the hub at night")
    assert len(wording.details.splitlines()) == len(word(late_task(), "en").details.splitlines())


def test_a_customer_is_told_by_name_number_or_both() -> None:
    told = [
        word(with_view(late_task(), customer=number, customer_name=name), "en").customer
        for number, name in (("C-1", "Acme"), ("C-1", ""), ("", "Acme"), ("Acme", "Acme"), ("", ""))
    ]
    assert told == ["Acme (C-1)", "C-1", "Acme", "Acme", ""]


def test_a_view_without_anything_is_no_obstacle() -> None:
    empty = View(status=late_task().view.status)  # type: ignore[union-attr]
    assert word(replace(late_task("SO-1"), view=empty), "en").title == "Order SO-1 is late"
