"""What the whole way says of ordinary and of troubled deliveries."""

from datetime import timedelta

import pytest

from contracts.clock import INGRESS
from contracts.documents import IssueState, OrderState
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.moment import Precision, Window
from contracts.policy import Policy
from contracts.snapshot import DeliveryStatus, Kind, Role, Severity, SubjectType, Task, task_key
from contracts.tracking import Coverage, TrackingStatus
from streams.engine.keyrecord import MARKS_KEY
from tests.streams.way import ERP, POLICY, START, ZONE, Way, hours, issue, order, report

PICKED_UP = (hours(2), TrackingStatus.PICKED_UP)
IN_TRANSIT = (hours(8), TrackingStatus.IN_TRANSIT)
DELIVERED = (hours(30), TrackingStatus.DELIVERED)


@pytest.fixture
def way() -> Way:
    return Way()


def despatched(way: Way) -> None:
    way.tell(order(), START)
    way.tell(issue(), hours(1))
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT), hours(9))


def test_a_delivery_in_time_asks_nothing_of_anybody(way: Way) -> None:
    despatched(way)
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT, DELIVERED), hours(31))
    way.hear(hours(200))
    snapshot = way.order()
    assert snapshot.view is not None
    assert snapshot.view.status is DeliveryStatus.DELIVERED
    assert snapshot.findings == ()
    assert snapshot.wanted.is_nothing


def test_an_order_is_late_from_the_end_of_its_window_in_the_destinations_zone(way: Way) -> None:
    despatched(way)
    way.hear(hours(64) - timedelta(seconds=1))
    assert Kind.LATE not in [finding.kind for finding in way.findings()]
    way.hear(hours(64))
    [late] = [finding for finding in way.findings() if finding.kind is Kind.LATE]
    # Promised for Wednesday the 4th: the window closes when Thursday begins in Shanghai, at 16:00 UTC.
    assert late.since == START.replace(day=4, hour=16)
    assert late.details["promised"] == "2026-03-04"
    assert late.details["customer"] == "Nordwerk GmbH"
    assert late.details["last_scan"] == "2026-03-02 16:00 Hangzhou: in_transit scan"


def test_of_several_windows_that_have_closed_the_first_is_named(way: Way) -> None:
    """The second line was promised for Tuesday, the first from Monday to Wednesday."""
    told = order()
    [line] = told.lines
    days = [hours(24 * day).date() for day in range(3)]
    first = line.model_copy(update={"promised": Window.of_days(days[0], days[2], ZONE)})
    second = line.model_copy(update={"line": "2", "promised": Window.of_days(days[1], days[1], ZONE)})
    way.tell(told.model_copy(update={"lines": (first, second)}), START)
    way.hear(hours(65))
    [late] = [finding for finding in way.findings() if finding.kind is Kind.LATE]
    assert (late.since, late.details["promised"]) == (hours(40), "2026-03-03")
    assert late.details["lines"] == "1 (BRG-6204), 2 (BRG-6204)"


def test_the_late_task_names_whom_it_calls_and_until_when(way: Way) -> None:
    despatched(way)
    way.hear(hours(65))
    [task] = [task for task in way.tasks() if task.kind is Kind.LATE]
    assert (task.subject_type, task.subject) == (SubjectType.ORDER, "SO1")
    assert (task.role, task.escalates_to) == (Role.LOGISTICS, Role.SALES)
    assert task.due_at == task.since + timedelta(hours=4)
    assert task.texts["en"].title == "Order SO1 is late (promised 2026-03-04)"
    assert task.texts["zh-CN"].title == "订单 SO1 已逾期（承诺日期 2026-03-04）"


def test_a_task_that_stays_open_goes_to_the_next_role(way: Way) -> None:
    despatched(way)
    way.hear(hours(64 + 24))
    [task] = [task for task in way.tasks() if task.kind is Kind.LATE]
    assert task.role is Role.SALES


def test_late_clears_when_the_delivery_scan_comes(way: Way) -> None:
    despatched(way)
    way.hear(hours(65))
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT, (hours(66), TrackingStatus.DELIVERED)), hours(67))
    way.hear(hours(68))
    assert way.findings() == []
    assert way.tasks() == []


def test_an_undespatched_line_is_late_only_as_far_as_the_erp_was_heard(way: Way) -> None:
    way.tell(order(), START)
    way.hear(hours(1))
    way.hear(hours(80), sources=[INGRESS])
    assert way.findings() == []
    way.hear(hours(81))
    assert [finding.kind for finding in way.findings()] == [Kind.LATE]


def test_a_parcel_without_a_scan_for_longer_than_is_ordinary_has_stalled(way: Way) -> None:
    despatched(way)
    way.hear(hours(8 + 48) - timedelta(seconds=1))
    assert way.findings() == []
    way.hear(hours(8 + 48))
    [stalled] = way.findings()
    assert (stalled.kind, stalled.subject) == (Kind.STALLED, "YT1")
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT, (hours(55), TrackingStatus.OUT_FOR_DELIVERY)), hours(57))
    way.hear(hours(57))
    assert way.findings() == []


def test_a_parcel_that_waits_in_a_locker_has_not_stalled(way: Way) -> None:
    way.tell(order(promised=None), START)
    way.tell(issue(), hours(1))
    way.tell(report("YT1", PICKED_UP, (hours(8), TrackingStatus.AVAILABLE_FOR_PICKUP)), hours(9))
    way.hear(hours(60))
    assert way.findings() == []


def test_a_carrier_known_to_be_slow_is_given_its_time() -> None:
    policy = Policy.model_validate(
        {
            "pollers": [ERP],
            "carriers": {"yto": ["yuantong"]},
            "stalled": {"carriers": {"yto": "P5D"}},
            "late": {"enabled": False},
        }
    )
    way = Way(policy)
    despatched(way)
    way.hear(hours(8 + 119))
    assert way.findings() == []
    way.hear(hours(8 + 120))
    assert [finding.kind for finding in way.findings()] == [Kind.STALLED]


def test_nothing_is_short_while_a_back_order_is_open(way: Way) -> None:
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 8}), hours(1))
    way.tell(issue("GI2", {"SO1": 2}, numbers=(), state=IssueState.PLANNED), hours(1))
    way.hear(hours(40))
    snapshot = way.order()
    assert snapshot.view is not None
    assert [str(snapshot.view.lines[0].open), str(snapshot.view.lines[0].short)] == ["2 C62", "0 C62"]
    assert Kind.UNDER_DESPATCHED not in [finding.kind for finding in way.findings()]


@pytest.mark.parametrize("ending", ["cancelled", "deleted"])
def test_it_is_short_once_the_back_order_is_gone(way: Way, ending: str) -> None:
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 8}), hours(1))
    way.tell(issue("GI2", {"SO1": 2}, numbers=(), state=IssueState.PLANNED), hours(1))
    if ending == "cancelled":
        way.tell(
            issue("GI2", {"SO1": 2}, numbers=(), state=IssueState.CANCELLED, at=hours(20), version=hours(20)), hours(20)
        )
    else:
        way.tell(issue("GI2", {"SO1": 2}, numbers=(), withdrawn=True, version=hours(20)), hours(20))
    way.hear(hours(20.4))
    assert way.findings() == []
    way.hear(hours(20.5))
    [short] = way.findings()
    assert (short.kind, short.subject, short.since) == (Kind.UNDER_DESPATCHED, "SO1/1", hours(20.5))
    assert (short.details["short"], short.details["line"]) == ("2", "1 BRG-6204 Deep groove ball bearing: 8 / 10")
    [task] = way.tasks()
    assert (task.subject_type, task.subject) == (SubjectType.ORDER, "SO1")


def test_less_within_tolerance_is_recorded_and_asks_nothing() -> None:
    policy = Policy.model_validate({"pollers": [ERP], "tolerance": {"under_percent": 20}})
    way = Way(policy)
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 8}), hours(1))
    way.hear(hours(30))
    [short] = way.findings()
    assert (short.kind, short.severity) == (Kind.UNDER_DESPATCHED, Severity.RECORDED)
    assert way.tasks() == []


def test_a_quantity_in_another_unit_is_shown_and_not_reckoned(way: Way) -> None:
    told = issue("GI1", {"SO1": 8})
    [line] = told.lines
    way.tell(order(), START)
    kilograms = line.model_copy(update={"quantity": line.quantity.model_copy(update={"unit": "KGM"})})
    way.tell(told.model_copy(update={"lines": (kilograms,)}), hours(1))
    way.hear(hours(40))
    snapshot = way.order()
    assert snapshot.view is not None
    assert snapshot.view.lines[0].uncounted == ("GI1",)
    assert Kind.UNDER_DESPATCHED not in [finding.kind for finding in way.findings()]


def test_a_parcel_that_nobody_names_is_found_after_its_grace_and_cleared_by_a_late_link(way: Way) -> None:
    way.tell(report("yt-9 9", PICKED_UP), hours(3))
    way.hear(hours(3 + 24) - timedelta(seconds=1))
    assert way.snapshots() == {}
    way.hear(hours(3 + 24))
    [orphan] = way.findings()
    assert (orphan.kind, orphan.subject) == (Kind.ORPHAN_TRACKING, "YT99")
    assert way.snapshots()["parcel", "YT99"].account == "express"
    way.tell(order(), hours(28))
    way.tell(issue(numbers=("YT 99",)), hours(28))
    way.hear(hours(29))
    assert way.snapshots()["parcel", "YT99"].wanted.is_nothing
    view = way.order().view
    assert view is not None
    assert [parcel.status for parcel in view.parcels] == [TrackingStatus.PICKED_UP]


def test_nobody_is_accused_of_an_orphan_while_the_erp_is_deaf(way: Way) -> None:
    way.tell(report("YT99", PICKED_UP), hours(3))
    way.hear(hours(4))
    way.hear(hours(90), sources=[INGRESS])
    assert way.findings() == []


def test_where_no_erp_is_polled_an_orphan_rests_on_those_that_push() -> None:
    way = Way(Policy())
    way.tell(report("YT99", PICKED_UP), hours(3))
    way.hear(hours(4))
    way.hear(hours(90), sources=["poll/of-nobody-known"])
    assert way.findings() == []
    way.hear(hours(91))
    assert [finding.kind for finding in way.findings()] == [Kind.ORPHAN_TRACKING]


def test_a_cancelled_order_asks_nothing(way: Way) -> None:
    way.tell(order(), START)
    way.hear(hours(70))
    assert [finding.kind for finding in way.findings()] == [Kind.LATE]
    way.tell(order(state=OrderState.CANCELLED, version=hours(71)), hours(71))
    way.hear(hours(72))
    assert way.findings() == []


def closed(task: Task, at: float) -> TaskFeedback:
    return TaskFeedback(
        account=ERP,
        scope="order",
        subject="SO1",
        task=task_key(ERP, "order", "SO1", task),
        since=task.since,
        target="tickets",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="17",
        at=hours(at),
        by="mei",
    )


def test_a_task_that_somebody_closed_rests_and_comes_back_if_its_cause_still_holds(way: Way) -> None:
    despatched(way)
    way.hear(hours(65))
    [task] = [task for task in way.tasks() if task.kind is Kind.LATE]
    done = closed(task, at=66)
    way.tell(done, hours(66))
    way.hear(hours(66) + POLICY.returns_after - timedelta(seconds=1))
    assert Kind.LATE not in [task.kind for task in way.tasks()]
    assert Kind.LATE in [finding.kind for finding in way.findings()]
    way.hear(hours(66) + POLICY.returns_after)
    [again] = [task for task in way.tasks() if task.kind is Kind.LATE]
    assert again.feedback == (done.id,)


def test_the_closing_of_an_earlier_trouble_says_nothing_about_a_later_one(way: Way) -> None:
    despatched(way)
    way.hear(hours(65))
    [task] = [task for task in way.tasks() if task.kind is Kind.LATE]
    way.tell(closed(task, at=66), hours(66))
    later = Window(closes=hours(90), precision=Precision.INSTANT, zone=ZONE)
    way.tell(order(promised=later, version=hours(67), agreed=True), hours(67))
    way.hear(hours(69))
    assert Kind.LATE not in [finding.kind for finding in way.findings()]
    way.hear(hours(90))
    assert Kind.LATE in [task.kind for task in way.tasks()]


def test_what_was_delivered_and_came_back_is_returned_and_no_later_for_it(way: Way) -> None:
    """A delivery in time stays one; a scan that is merely late takes nothing back."""
    despatched(way)
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT, DELIVERED), hours(31))
    way.tell(report("YT1", (hours(29), TrackingStatus.OUT_FOR_DELIVERY), coverage=Coverage.INCREMENT), hours(32))
    way.hear(hours(33))
    view = way.order().view
    assert view is not None
    assert view.status is DeliveryStatus.DELIVERED
    back = (hours(50), TrackingStatus.RETURNED)
    way.tell(report("YT1", back, coverage=Coverage.INCREMENT), hours(51))
    way.hear(hours(90))
    view = way.order().view
    assert view is not None
    assert view.status is DeliveryStatus.RETURNED
    assert [finding.kind for finding in way.findings()] == [Kind.RETURNING]


def test_delivered_on_its_way_back_is_returned_and_the_order_late(way: Way) -> None:
    despatched(way)
    turned = (hours(20), TrackingStatus.RETURNING)
    way.tell(report("YT1", PICKED_UP, turned, DELIVERED), hours(31))
    way.hear(hours(64))
    view = way.order().view
    assert view is not None
    assert (view.status, view.parcels[0].delivered_at) == (DeliveryStatus.RETURNED, None)
    assert [finding.kind for finding in way.findings()] == [Kind.LATE, Kind.RETURNING]


def test_a_snapshot_that_takes_a_delivery_back_is_a_correction(way: Way) -> None:
    """I6: only a correction that says so makes a status go backwards."""
    despatched(way)
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT, DELIVERED), hours(31))
    way.tell(report("YT1", PICKED_UP, IN_TRANSIT, (hours(32), TrackingStatus.DELIVERY_ATTEMPTED)), hours(33))
    way.hear(hours(34))
    view = way.order().view
    assert view is not None
    assert (view.status, view.parcels[0].status) == (DeliveryStatus.IN_TRANSIT, TrackingStatus.DELIVERY_ATTEMPTED)


def test_two_parcels_of_one_order_are_both_waited_for(way: Way) -> None:
    """And what is told of a late order is where the one was seen that is missing."""
    way.tell(order(), START)
    way.tell(issue(numbers=("YT1", "YT2")), hours(1))
    way.tell(report("YT1", PICKED_UP, DELIVERED), hours(31))
    way.tell(report("YT2", PICKED_UP), hours(31))
    way.hear(hours(40))
    view = way.order().view
    assert view is not None
    assert view.status is DeliveryStatus.PARTIALLY_DELIVERED
    way.hear(hours(64))
    [late] = [finding for finding in way.findings() if finding.kind is Kind.LATE]
    assert late.details["parcels"] == "YT2"
    assert late.details["last_scan"] == "2026-03-02 10:00 Hangzhou: picked_up scan"


def test_one_parcel_for_two_orders_delivers_both(way: Way) -> None:
    way.tell(order("SO1"), START)
    way.tell(order("SO2"), START)
    way.tell(issue(quantities={"SO1": 10, "SO2": 10}), hours(1))
    way.tell(report("YT1", PICKED_UP, DELIVERED), hours(31))
    way.hear(hours(40))
    for number in ("SO1", "SO2"):
        view = way.order(number).view
        assert view is not None
        assert view.status is DeliveryStatus.DELIVERED


def test_a_recycled_number_gives_each_order_the_scans_of_its_own_time(way: Way) -> None:
    later = 24 * 100
    way.tell(order("SO1"), START)
    way.tell(issue("GI1", {"SO1": 10}), hours(1))
    way.tell(report("YT1", PICKED_UP, DELIVERED), hours(31))
    way.tell(order("SO2"), hours(later))
    way.tell(issue("GI2", {"SO2": 10}, at=hours(later)), hours(later))
    way.tell(report("YT1", (hours(later + 2), TrackingStatus.PICKED_UP)), hours(later + 3))
    way.hear(hours(later + 4))
    first, second = way.order("SO1").view, way.order("SO2").view
    assert first is not None
    assert second is not None
    assert first.parcels[0].status is TrackingStatus.DELIVERED
    assert second.parcels[0].status is TrackingStatus.PICKED_UP


def test_a_poisoned_event_is_dead_lettered_and_the_rest_goes_on(way: Way) -> None:
    way.tell(order(), START)
    broken = order("SO9").model_copy(update={"document": ""})
    way.tell(broken, START)
    way.tell(issue(), hours(1))
    with way.refusing("invalid") as refused:
        way.hear(hours(2))
    assert [one.stage for one in refused] == ["normalise"]
    assert ("order", "SO1") in way.snapshots()


def test_what_nobody_speaks_of_for_more_than_a_year_is_forgotten_and_stops_nothing(way: Way) -> None:
    """A document 400 days after its newest version, a parcel then too; the order itself stays."""
    despatched(way)
    way.hear(hours(10))
    assert all(len(way.replay.changelog(stage)) > 1 for stage in ("documents", "resolve"))
    way.hear(hours(24 * 401))
    assert set(way.replay.changelog("documents")) == set(way.replay.changelog("resolve")) == {MARKS_KEY}
    way.tell(order("SO2", version=hours(24 * 401)), hours(24 * 401))
    way.hear(hours(24 * 401 + 1))
    assert {name for name in way.snapshots() if name[0] == "order"} == {("order", "SO1"), ("order", "SO2")}


def test_what_was_used_within_a_year_is_remembered(way: Way) -> None:
    despatched(way)
    way.hear(hours(24 * 399))
    assert len(way.replay.changelog("documents")) > 1
    assert len(way.replay.changelog("resolve")) > 1


def test_what_waits_for_a_document_is_bounded_and_what_is_too_much_is_told() -> None:
    """A number that nobody names, scanned without end, holds neither memory nor its partition."""
    way = Way(Policy.model_validate({"pollers": [ERP], "orphan_tracking": {"at_most": 3}}))
    scans = [(hours(2 + count), TrackingStatus.IN_TRANSIT) for count in range(5)]
    way.tell(report("YT9", *scans[:3]), hours(10))
    way.tell(report("YT9", *scans), hours(11))
    way.tell(report("YT8", *scans[:1]), hours(12))
    with way.refusing("too_many_waiting") as refused:
        way.hear(hours(50))
    assert [(one.stage, one.key) for one in refused] == [("resolve", "YT9")]
    assert sorted(finding.subject for finding in way.findings()) == ["YT8", "YT9"]
    way.tell(order(), hours(51))
    way.tell(issue(numbers=("YT9",)), hours(51))
    way.hear(hours(51))
    way.tell(report("YT9", *scans), hours(52))
    way.hear(hours(53))


def test_a_parcel_that_several_sources_report_is_one_orphan_since_the_first_of_them(way: Way) -> None:
    way.tell(report("YT9", PICKED_UP, source="sf/own"), hours(5))
    way.tell(report("YT9", PICKED_UP), hours(3))
    way.hear(hours(3 + 24))
    [orphan] = way.findings()
    assert orphan.since == hours(3 + 24)
    assert orphan.details["source"] == "kuaidi100/express, sf/own"
    assert [snapshot.account for snapshot in way.snapshots().values()] == ["express"]
