"""What must leave, by when, by who moves it: the plan, and what is noticed when it is not kept."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from contracts.appointment import Appointment
from contracts.clock import INGRESS
from contracts.documents import (
    DeliveryMethod,
    GoodsIssue,
    IssueState,
    Order,
    OrderLine,
    Place,
    ScheduledDelivery,
    Transport,
)
from contracts.moment import Moment, Precision, Window, ZoneSource
from contracts.policy import Policy
from contracts.policy.transit import Lane, LaneTransit, TransitPolicy
from contracts.snapshot import DeliveryStatus, Finding, Kind, LineView
from contracts.tracking import TrackingStatus
from streams.delivery.schedule import parts_of
from streams.delivery.working_days import days_after, days_before
from tests.streams.way import ERP, START, ZONE, Way, hours, issue, order, pieces, report


def by(day: int) -> Window:
    return Window.of_days(None, date(2026, 3, day), ZONE)


def line_of(way: Way) -> LineView:
    view = way.order().view
    assert view is not None
    return view.lines[0]


def found(way: Way, kind: Kind) -> list[datetime]:
    return [finding.since for finding in way.findings() if finding.kind is kind]


def one(way: Way, kind: Kind) -> Finding:
    [finding] = [finding for finding in way.findings() if finding.kind is kind]
    return finding


@pytest.fixture
def way() -> Way:
    return Way()


def moved_by(method: DeliveryMethod, day: int = 6) -> Order:
    return order(promised=by(day)).model_copy(update={"method": method})


# The plan.


@pytest.mark.parametrize(("day", "leaves"), [(6, 4), (9, 5), (10, 6)])
def test_goods_leave_two_working_days_before_the_last_promised_day(way: Way, day: int, leaves: int) -> None:
    """Promised for Monday the 9th they leave on Thursday the 5th: nothing travels at the weekend."""
    way.tell(order(promised=by(day)), START)
    way.hear(hours(1))
    assert line_of(way).ship_by == by(leaves).closes


def test_a_lane_that_names_more_counts_before_one_that_names_less() -> None:
    lanes = (
        LaneTransit(country="CN", days=3),
        LaneTransit(country="CN", region="XJ", days=6),
        LaneTransit(carrier="YTO Express", service="air", days=1),
    )
    transit = TransitPolicy(lanes=lanes)

    def days(lane: Lane, method: DeliveryMethod = DeliveryMethod.THIRD_PARTY) -> int:
        return transit.working_days(method, lane, str.casefold)

    assert days(Lane(country="DE")) == 2
    assert days(Lane(country="CN", region="ZJ")) == 3
    assert days(Lane(country="CN", region="XJ")) == 6
    assert days(Lane("yto express", "air", "DE")) == 1
    assert days(Lane(country="CN"), DeliveryMethod.OWN_FLEET) == 1
    assert days(Lane(country="CN"), DeliveryMethod.SELF_PICKUP) == 0


def test_the_carrier_and_the_destination_of_the_order_choose_the_lane() -> None:
    lanes = [{"carrier": "YTO Express", "country": "CN", "days": 4}]
    policy = {"pollers": [ERP], "carriers": {"YTO Express": ["yuantong"]}, "transit": {"lanes": lanes}}
    way = Way(Policy.model_validate(policy))
    way.tell(order(promised=by(6)).model_copy(update={"destination": Place(country="CN")}), START)
    way.hear(hours(1))
    assert line_of(way).ship_by == by(4).closes
    way.tell(issue(state=IssueState.PLANNED), hours(1))
    way.hear(hours(2))
    assert line_of(way).ship_by == by(2).closes


def test_days_keep_the_local_time_when_the_clocks_change() -> None:
    calendar = {"zone": "Europe/Berlin", "country": "DE"}
    policy = Policy.model_validate({"calendar": "works", "calendars": {"works": calendar}})
    monday = datetime.fromisoformat("2026-03-30T15:00:00+00:00")
    friday = datetime.fromisoformat("2026-03-27T16:00:00+00:00")
    assert days_before(monday, 1, policy) == friday
    assert days_after(friday, 1, policy) == monday
    assert days_before(monday, 0, policy) == monday


# Parts.


def test_a_part_is_met_when_it_and_those_before_it_have_arrived() -> None:
    [line] = order().lines
    schedule = tuple(ScheduledDelivery(quantity=pieces(count), promised=by(day)) for count, day in ((6, 11), (4, 4)))
    line = line.model_copy(update={"schedule": schedule})
    first, second = parts_of(line, [(hours(9), Decimal(6)), (hours(3), Decimal(3))], None)
    assert (first.promised, first.needed, first.done_at) == (by(4), Decimal(4), hours(9))
    assert (second.promised, second.needed, second.done_at) == (by(11), Decimal(10), None)
    assert parts_of(line, [], hours(50))[1].done_at == hours(50)


def test_each_part_is_shown_with_its_window_and_its_departure(way: Way) -> None:
    way.tell(in_parts(), START)
    way.tell(issue(quantities={"SO1": 4}, numbers=()), hours(1))
    way.hear(hours(2))
    line = line_of(way)
    assert [(str(part.quantity), part.ship_by, part.done_at) for part in line.parts] == [
        ("4 C62", by(2).closes, START),
        ("6 C62", by(9).closes, None),
    ]
    assert (line.promised, line.ship_by) == (by(11), by(9).closes)
    assert found(way, Kind.UNDER_DESPATCHED) == []


def in_parts() -> Order:
    told = order()
    [line] = told.lines
    schedule = tuple(ScheduledDelivery(quantity=pieces(count), promised=by(day)) for count, day in ((4, 4), (6, 11)))
    lines: tuple[OrderLine, ...] = (line.model_copy(update={"promised": None, "schedule": schedule}),)
    return told.model_copy(update={"lines": lines})


# Release.


def test_what_is_picked_is_released_and_what_is_partly_picked_is_not(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(issue(quantities={"SO1": 6}, state=IssueState.PICKED, numbers=()), hours(1))
    way.hear(hours(2 * 24 + 8))
    assert found(way, Kind.RELEASE_LATE) == [hours(2 * 24 + 8)]
    way.tell(issue("GI2", {"SO1": 4}, state=IssueState.PICKED, numbers=()), hours(2 * 24 + 9))
    way.hear(hours(2 * 24 + 10))
    assert found(way, Kind.RELEASE_LATE) == []


def test_nobody_is_told_to_release_what_a_deaf_erp_may_have_released(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.hear(hours(1))
    way.hear(hours(2 * 24 + 20), sources=[INGRESS])
    assert way.findings() == []


# Risk.


def test_a_parcel_that_left_too_late_is_at_risk_from_its_departure(way: Way) -> None:
    left = hours(3 * 24)
    way.tell(order(promised=by(6)), START)
    way.tell(issue(at=left, version=left), left)
    way.hear(left)
    risk = one(way, Kind.AT_RISK)
    assert (risk.since, risk.details["basis"], risk.details["expected"]) == (left, "policy", "2026-03-09 08:00")
    [task] = [task for task in way.tasks() if task.kind is Kind.AT_RISK]
    assert "By the transit time that is assumed for this lane" in task.texts["en"].body
    assert "Its carrier expects it" not in task.texts["en"].body


def test_the_carriers_word_counts_before_the_policys(way: Way) -> None:
    left = hours(3 * 24)
    way.tell(order(promised=by(6)), START)
    way.tell(issue(at=left, version=left), left)
    told = report("YT1", (hours(73), TrackingStatus.PICKED_UP))
    way.tell(told.model_copy(update={"eta": Moment(at=hours(100))}), hours(74))
    way.hear(hours(75))
    assert found(way, Kind.AT_RISK) == []
    way.tell(told.model_copy(update={"eta": Moment(at=by(6).closes)}), hours(76))
    way.hear(hours(77))
    assert found(way, Kind.AT_RISK) == [hours(76)]


def test_a_delivered_line_is_at_no_risk_and_a_late_one_is_late(way: Way) -> None:
    left = hours(3 * 24)
    way.tell(order(promised=by(6)), START)
    way.tell(issue(at=left, version=left), left)
    way.hear(by(6).closes)
    assert found(way, Kind.AT_RISK) == []
    assert found(way, Kind.LATE) == [by(6).closes]


def test_when_the_window_has_closed_nothing_is_at_risk_any_more() -> None:
    """Though nobody calls it late yet, or at all."""
    way = Way(Policy.model_validate({"pollers": [ERP], "late": {"enabled": False}}))
    way.tell(order(promised=by(6)), START)
    way.hear(by(6).closes - timedelta(seconds=1))
    assert found(way, Kind.AT_RISK) == [by(4).closes]
    way.hear(by(6).closes)
    assert way.findings() == []


# Own vehicles.


def vehicle(state: IssueState, at: float, **stations: float) -> GoodsIssue:
    told = issue("GI1", numbers=(), state=state, at=hours(at), version=hours(max([at, *stations.values()])))
    moments = {name: Moment(at=hours(when)) for name, when in stations.items()}
    transport = Transport(vehicle="V1", driver="Wang Lei").model_copy(update=moments)
    return told.model_copy(update={"transport": transport})


def test_goods_on_our_own_vehicle_are_delivered_when_it_arrives(way: Way) -> None:
    way.tell(moved_by(DeliveryMethod.OWN_FLEET), START)
    way.tell(vehicle(IssueState.DESPATCHED, 2, departed_at=3), hours(3))
    way.hear(hours(4))
    assert line_of(way).delivered_at is None
    way.tell(vehicle(IssueState.DESPATCHED, 2, departed_at=3, arrived_at=7), hours(7))
    way.hear(hours(8))
    view = way.order().view
    assert view is not None
    assert (view.status, line_of(way).delivered_at) == (DeliveryStatus.DELIVERED, hours(7))
    stations = [(entry.what, entry.text) for entry in view.timeline if entry.what in {"departed", "arrived"}]
    assert stations == [("departed", "V1 Wang Lei"), ("arrived", "V1 Wang Lei")]


def test_a_vehicle_planned_for_a_day_has_until_its_end(way: Way) -> None:
    planned = Moment.on(date(2026, 3, 3), ZONE, ZoneSource.ACCOUNT)
    way.tell(moved_by(DeliveryMethod.OWN_FLEET), START)
    told = issue("GI1", numbers=(), state=IssueState.PICKED).model_copy(update={"planned_for": planned})
    way.tell(told, hours(1))
    way.hear(by(3).closes)
    assert found(way, Kind.DEPARTURE_LATE) == []
    way.hear(hours(24 * 3))
    late = one(way, Kind.DEPARTURE_LATE)
    assert (late.since - by(3).closes).total_seconds() == 3600
    assert (late.details["promised"], late.details["planned_for"]) == ("2026-03-06", "2026-03-04 00:00")
    assert (late.details["vehicle"], late.details["driver"]) == ("", "")


def test_a_vehicle_that_has_departed_is_not_late_though_its_goods_issue_is_not_booked_yet(way: Way) -> None:
    way.tell(order(method=DeliveryMethod.OWN_FLEET, promised=by(6)), START)
    way.tell(vehicle(IssueState.PICKED, 2, departed_at=3), hours(3))
    way.hear(hours(20))
    assert found(way, Kind.DEPARTURE_LATE) == []


def test_no_vehicle_of_a_carrier_is_watched(way: Way) -> None:
    way.tell(moved_by(DeliveryMethod.THIRD_PARTY), START)
    way.tell(vehicle(IssueState.PICKED, 2), hours(2))
    way.hear(hours(30))
    assert found(way, Kind.DEPARTURE_LATE) == []


# Collection by the carrier.


@pytest.mark.parametrize("state", [IssueState.DESPATCHED, IssueState.PICKED])
def test_a_parcel_that_is_ready_and_not_fetched_is_told_whether_it_was_booked_or_not(
    way: Way, state: IssueState
) -> None:
    way.tell(order(promised=by(6)), START)
    told = issue(state=state).model_copy(update={"planned_for": Moment(at=START)})
    way.tell(told, hours(1))
    way.tell(report("YT1", (hours(1), TrackingStatus.REGISTERED)), hours(1))
    way.hear(hours(36))
    assert found(way, Kind.PICKUP_LATE) == [hours(36)]
    way.tell(report("YT1", (hours(36.5), TrackingStatus.PICKED_UP)), hours(37))
    way.hear(hours(37))
    assert found(way, Kind.PICKUP_LATE) == []


@pytest.mark.parametrize("method", [DeliveryMethod.SELF_PICKUP, DeliveryMethod.OWN_FLEET])
def test_no_carrier_is_awaited_where_none_comes(way: Way, method: DeliveryMethod) -> None:
    way.tell(moved_by(method), START)
    way.tell(issue(state=IssueState.PICKED), hours(1))
    way.hear(hours(60))
    assert found(way, Kind.PICKUP_LATE) == []


# Fetching by the customer.


def appointment(day: int, *, at: float = 1, **more: object) -> Appointment:
    window = Window(opens=hours(24 * day + 1), closes=hours(24 * day + 3), precision=Precision.INSTANT, zone=ZONE)
    told = Appointment(account=ERP, order="SO1", id="A1", version=hours(at), window=window)
    return told.model_copy(update=more)


@pytest.mark.parametrize(
    "ending",
    [
        appointment(1, at=29, kept_at=Moment(at=hours(26))),
        appointment(1, at=29, cancelled=True),
        appointment(3, at=29),
        appointment(3, at=29, id="A2"),
        issue(numbers=(), at=hours(24.5), version=hours(29)),
    ],
)
def test_a_missed_appointment_is_told_until_it_was_kept_cancelled_or_moved(
    way: Way, ending: Appointment | GoodsIssue
) -> None:
    way.tell(moved_by(DeliveryMethod.SELF_PICKUP), START)
    way.tell(issue(state=IssueState.PICKED, numbers=(), at=hours(25)), hours(1))
    way.tell(appointment(1), hours(1))
    way.hear(hours(28))
    assert found(way, Kind.APPOINTMENT_MISSED) == [hours(28)]
    way.tell(ending, hours(29))
    way.hear(hours(30))
    assert way.findings() == []


def test_what_is_ready_and_waits_for_the_customer_is_not_late(way: Way) -> None:
    way.tell(moved_by(DeliveryMethod.SELF_PICKUP), START)
    way.hear(hours(1))
    way.tell(issue(state=IssueState.PICKED, numbers=()), hours(2))
    way.hear(hours(200))
    assert found(way, Kind.LATE) == []
    way.tell(issue(state=IssueState.PLANNED, numbers=(), version=hours(201)), hours(201))
    way.hear(hours(202))
    assert found(way, Kind.LATE) == [by(6).closes]


def test_appointments_stand_in_the_timeline(way: Way) -> None:
    way.tell(moved_by(DeliveryMethod.SELF_PICKUP), START)
    way.tell(appointment(1, place="Gate 2", kept_at=Moment(at=hours(25))), hours(26))
    way.hear(hours(27))
    view = way.order().view
    assert view is not None
    entries = [entry for entry in view.timeline if entry.what.startswith("appointment")]
    assert [(entry.what, entry.text, entry.location) for entry in entries] == [
        ("appointment_made", "2026-03-03 09:00 - 2026-03-03 11:00", "Gate 2"),
        ("appointment_kept", "", "Gate 2"),
    ]


def test_of_two_goods_issues_that_are_picked_each_parcel_is_awaited_from_its_own_plan(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(issue("GI1", {"SO1": 5}, state=IssueState.PICKED), hours(1))
    way.tell(issue("GI2", {"SO1": 5}, state=IssueState.PICKED, numbers=("YT2",), at=hours(30)), hours(1))
    way.hear(hours(66))
    late = {finding.subject: finding.since for finding in way.findings() if finding.kind is Kind.PICKUP_LATE}
    assert late == {"YT1": hours(36), "YT2": hours(66)}


def test_what_comes_after_enough_has_arrived_endangers_nothing(way: Way) -> None:
    """Five and five are ordered and on their way in time; two too many leave on Friday and arrive behind the window."""
    friday = hours(4 * 24 + 1)
    way.tell(order(promised=by(6)), START)
    way.tell(issue("GI1", {"SO1": 5}), START)
    way.tell(issue("GI2", {"SO1": 5}, numbers=("YT2",)), START)
    way.tell(issue("GI3", {"SO1": 2}, numbers=("YT3",), at=friday, version=friday), friday)
    way.hear(friday + timedelta(hours=1))
    assert found(way, Kind.AT_RISK) == []


def test_an_own_vehicle_that_departs_on_the_last_day_is_at_risk_until_it_arrives(way: Way) -> None:
    friday = 4 * 24 + 2
    way.tell(moved_by(DeliveryMethod.OWN_FLEET), START)
    way.tell(vehicle(IssueState.DESPATCHED, friday, departed_at=friday), hours(friday))
    way.hear(hours(friday + 1))
    risk = one(way, Kind.AT_RISK)
    assert (risk.since, risk.details["basis"]) == (hours(friday), "policy")
    way.tell(vehicle(IssueState.DESPATCHED, friday, departed_at=friday, arrived_at=friday + 4), hours(friday + 4))
    way.hear(hours(friday + 5))
    assert found(way, Kind.AT_RISK) == []
