"""Arrivals that slip, exceptions, returns and loss: when each opens, when it clears, whom it calls."""

from datetime import datetime, timedelta

import pytest

from contracts.clock import INGRESS, poller_source
from contracts.documents import DeliveryMethod, OrderState
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.moment import Moment, Window
from contracts.policy import Policy
from contracts.snapshot import Finding, Kind, Role, SubjectType, task_key_of
from contracts.tracking import Owner, Tracking, TrackingStatus
from tests.streams.way import ERP, START, ZONE, Way, hours, issue, order, report

FAR = {"late": {"enabled": False}, "pollers": [ERP]}
PICKED_UP = (hours(2), TrackingStatus.PICKED_UP)


@pytest.fixture
def way() -> Way:
    return Way(Policy.model_validate(FAR))


def sent(way: Way, *reports: tuple[Tracking, float]) -> None:
    way.tell(order(), START)
    way.tell(issue(), hours(1))
    for told, received in reports:
        way.tell(told, hours(received))


def with_eta(eta: float, *scans: tuple[datetime, TrackingStatus]) -> Tracking:
    return report("YT1", *scans).model_copy(update={"eta": Moment(at=hours(eta))})


def of(way: Way, kind: Kind) -> list[Finding]:
    return [finding for finding in way.findings() if finding.kind is kind]


def test_an_eta_that_slips_is_told_since_the_first_report_that_moved_it_too_far(way: Way) -> None:
    sent(way, (with_eta(40, PICKED_UP), 3), (with_eta(64, PICKED_UP), 5))
    way.hear(hours(6))
    assert of(way, Kind.ETA_SLIPPED) == []
    way.tell(with_eta(65, PICKED_UP), hours(7))
    way.tell(with_eta(66, PICKED_UP, (hours(8), TrackingStatus.IN_TRANSIT)), hours(9))
    way.hear(hours(10))
    [slipped] = of(way, Kind.ETA_SLIPPED)
    assert (slipped.since, slipped.details["slip"]) == (hours(7), "26 h")
    assert (slipped.details["first_eta"], slipped.details["eta"]) == ("2026-03-04 00:00", "2026-03-05 02:00")


def test_an_eta_that_comes_back_has_not_slipped(way: Way) -> None:
    sent(way, (with_eta(40, PICKED_UP), 3), (with_eta(70, PICKED_UP), 5), (with_eta(41, PICKED_UP), 7))
    way.hear(hours(8))
    assert of(way, Kind.ETA_SLIPPED) == []


def test_a_report_without_an_eta_takes_none_back(way: Way) -> None:
    sent(way, (with_eta(40, PICKED_UP), 3), (with_eta(70, PICKED_UP), 5))
    way.tell(report("YT1", PICKED_UP, (hours(6), TrackingStatus.IN_TRANSIT)), hours(7))
    way.hear(hours(8))
    assert [finding.since for finding in of(way, Kind.ETA_SLIPPED)] == [hours(5)]


def test_a_delivered_parcel_slips_no_more(way: Way) -> None:
    sent(way, (with_eta(40, PICKED_UP), 3), (with_eta(70, PICKED_UP), 5))
    way.tell(report("YT1", PICKED_UP, (hours(20), TrackingStatus.DELIVERED)), hours(21))
    way.hear(hours(22))
    assert way.findings() == []


def test_a_carrier_that_gives_a_parcel_up_calls_for_an_inquiry_at_once(way: Way) -> None:
    sent(way, (report("YT1", PICKED_UP, (hours(10), TrackingStatus.EXPIRED)), 11))
    way.hear(hours(12))
    [lost] = way.findings()
    assert (lost.kind, lost.since) == (Kind.EXPIRED, hours(10))
    way.hear(hours(10 + 14 * 24))
    assert [(finding.kind, finding.since) for finding in way.findings()] == [(Kind.CLAIM_DUE, hours(10 + 14 * 24))]


def test_a_carrier_known_to_be_slow_is_not_searched_for_early() -> None:
    way = Way(Policy.model_validate(FAR | {"stalled": {"carriers": {"yuantong": "P20D"}}}))
    sent(way, (report("YT1", PICKED_UP), 3))
    way.hear(hours(2 + 24 * 20))
    assert [finding.kind for finding in way.findings()] == [Kind.STALLED]
    way.hear(hours(2 + 24 * 25))
    assert [finding.kind for finding in way.findings()] == [Kind.EXPIRED]


def test_without_inquiries_a_silent_parcel_stays_a_question() -> None:
    way = Way(Policy.model_validate(FAR | {"expired": {"enabled": False}, "claim_due": {"enabled": False}}))
    sent(way, (report("YT1", PICKED_UP), 3))
    way.hear(hours(2 + 24 * 40))
    assert [finding.kind for finding in way.findings()] == [Kind.STALLED]


def test_no_parcel_is_lost_while_the_carriers_were_not_heard(way: Way) -> None:
    sent(way, (report("YT1", PICKED_UP), 3))
    way.hear(hours(50))
    way.hear(hours(2 + 24 * 8), sources=[poller_source(ERP)])
    assert [finding.kind for finding in way.findings()] == [Kind.STALLED]
    way.hear(hours(2 + 24 * 8 + 1), sources=[INGRESS])
    assert [finding.kind for finding in way.findings()] == [Kind.EXPIRED]


@pytest.mark.parametrize("method", [DeliveryMethod.SELF_PICKUP, DeliveryMethod.OWN_FLEET])
def test_no_carrier_is_accused_of_what_it_does_not_move(way: Way, method: DeliveryMethod) -> None:
    way.tell(order().model_copy(update={"method": method}), START)
    way.tell(issue(), hours(1))
    way.tell(report("YT1", PICKED_UP), hours(3))
    way.hear(hours(24 * 30))
    assert way.findings() == []


@pytest.mark.parametrize(
    ("scanned", "status"),
    [
        (TrackingStatus.IN_TRANSIT, TrackingStatus.RETURNING),
        (TrackingStatus.OUT_FOR_DELIVERY, TrackingStatus.RETURNING),
        (TrackingStatus.AVAILABLE_FOR_PICKUP, TrackingStatus.RETURNING),
        (TrackingStatus.EXCEPTION, TrackingStatus.EXCEPTION),
        (TrackingStatus.DELIVERED, TrackingStatus.RETURNED),
    ],
)
def test_a_parcel_that_has_turned_is_coming_back_whatever_is_scanned_next(
    way: Way, scanned: TrackingStatus, status: TrackingStatus
) -> None:
    turned = (hours(5), TrackingStatus.RETURNING)
    sent(way, (report("YT1", PICKED_UP, turned), 5), (report("YT1", PICKED_UP, turned, (hours(9), scanned)), 9))
    way.hear(hours(10))
    [back] = of(way, Kind.RETURNING)
    assert (back.since, back.details["status"]) == (hours(5), status)
    view = way.order().view
    assert view is not None
    assert view.parcels[0].status is status


def exception(at: float, owner: Owner | None) -> Tracking:
    told = report("YT1", PICKED_UP, (hours(at), TrackingStatus.EXCEPTION))
    scans = (told.scans[0], told.scans[1].model_copy(update={"owner": owner}))
    return told.model_copy(update={"scans": scans})


@pytest.mark.parametrize(
    ("owner", "role", "asked"),
    [
        (Owner.CARRIER, Role.LOGISTICS, "It lies with the carrier"),
        (Owner.SHIPPER, Role.LOGISTICS, "It lies with us"),
        (Owner.RECIPIENT, Role.SALES, "It lies with the customer"),
        (Owner.CUSTOMS, Role.LOGISTICS, "It lies with customs"),
        (Owner.EXTERNAL, Role.LOGISTICS, "It lies with neither side"),
        (None, Role.LOGISTICS, "Ask the carrier what is needed"),
    ],
)
def test_an_exception_calls_and_asks_by_who_can_end_it(way: Way, owner: Owner | None, role: Role, asked: str) -> None:
    sent(way, (exception(10, owner), 11))
    way.hear(hours(12))
    [task] = way.tasks()
    assert (task.kind, task.role) == (Kind.CARRIER_EXCEPTION, role)
    assert task.texts["en"].body.splitlines()[-1].startswith(asked)


def test_an_exception_told_twice_holds_since_the_first_and_a_scan_that_says_nothing_ends_none(way: Way) -> None:
    again = (hours(20), TrackingStatus.EXCEPTION)
    told = report("YT1", PICKED_UP, (hours(10), TrackingStatus.EXCEPTION), (hours(15), TrackingStatus.UNKNOWN), again)
    sent(way, (told, 21))
    way.hear(hours(22))
    assert [finding.since for finding in of(way, Kind.CARRIER_EXCEPTION)] == [hours(10)]
    way.tell(
        report(
            "YT1", *[(scan.occurred.at, scan.status) for scan in told.scans], (hours(23), TrackingStatus.IN_TRANSIT)
        ),
        hours(24),
    )
    way.hear(hours(25))
    assert way.findings() == []


def test_a_parcel_that_comes_back_calls_sales_until_the_goods_are_sent_again(
    way: Way,
) -> None:
    back = (hours(20), TrackingStatus.RETURNING)
    sent(way, (report("YT1", PICKED_UP, back), 21))
    way.hear(hours(22))
    [task] = way.tasks()
    assert (task.kind, task.role, task.since) == (Kind.RETURNING, Role.SALES, hours(20))
    way.tell(report("YT1", PICKED_UP, back, (hours(30), TrackingStatus.RETURNED)), hours(31))
    way.hear(hours(32))
    [task] = way.tasks()
    assert (task.since, task.texts["en"].body.splitlines()[0]) == (
        hours(20),
        "Parcel YT1 of order SO1 has come back to the sender.",
    )
    way.tell(issue("GI2", numbers=("YT2",), at=hours(40), version=hours(40)), hours(40))
    way.hear(hours(41))
    assert of(way, Kind.RETURNING) == []


def test_a_return_of_a_cancelled_order_asks_nobody(way: Way) -> None:
    sent(way, (report("YT1", PICKED_UP, (hours(20), TrackingStatus.RETURNING)), 21))
    way.tell(order(state=OrderState.CANCELLED, version=hours(22)), hours(22))
    way.hear(hours(23))
    assert way.findings() == []


@pytest.mark.parametrize(
    ("settings", "rests"),
    [({}, 7 * 24), ({"returns_after": "PT2H"}, 7 * 24), ({"returning": {"returns_after": "P1D"}}, 24)],
)
def test_a_task_rests_for_as_long_as_its_kind_says_and_then_says_who_did_it(
    settings: dict[str, object], rests: float
) -> None:
    """A return under way takes a week to arrive: whoever has seen to it is not asked each day."""
    way = Way(Policy.model_validate(FAR | settings))
    sent(way, (report("YT1", PICKED_UP, (hours(5), TrackingStatus.RETURNING)), 5))
    done = TaskFeedback(
        account=ERP,
        scope="order",
        subject="SO1",
        task=task_key_of(ERP, "order", "SO1", (SubjectType.PARCEL, "YT1"), Kind.RETURNING),
        since=hours(5),
        target="desk",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="T1",
        at=hours(10),
        by="mei",
    )
    way.tell(done, hours(10))
    way.hear(hours(10 + rests) - timedelta(seconds=1))
    assert Kind.RETURNING not in [task.kind for task in way.tasks()]
    way.hear(hours(10 + rests))
    [again] = [task for task in way.tasks() if task.kind is Kind.RETURNING]
    assert (again.answer and again.answer.by, again.feedback) == ("mei", (done.id,))


def test_an_order_is_late_since_the_first_of_its_lines_that_is() -> None:
    way = Way(Policy.model_validate({"at_risk": {"enabled": False}, "release_late": {"enabled": False}}))
    whole = order()
    [line] = whole.lines
    later = line.model_copy(update={"line": "2", "promised": Window.of_days(None, hours(96).date(), ZONE)})
    way.tell(whole.model_copy(update={"lines": (line, later)}), START)
    way.hear(hours(200))
    assert line.promised is not None
    assert [finding.since for finding in of(way, Kind.LATE)] == [line.promised.closes]


def test_a_parcel_that_comes_back_from_a_cancelled_order_is_missed_by_nobody(way: Way) -> None:
    sent(way, (report("YT1", PICKED_UP, (hours(20), TrackingStatus.RETURNING)), 21))
    way.tell(order(state=OrderState.CANCELLED, version=hours(22)), hours(22))
    way.hear(hours(24 * 60))
    assert way.findings() == []
