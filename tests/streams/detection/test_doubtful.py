"""Statuses that say nothing, and reports that cannot all be true."""

from datetime import timedelta

import pytest

from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.moment import Moment, Precision
from contracts.snapshot import Finding, Kind, Role, Severity, task_key
from contracts.tracking import TrackingStatus
from tests.streams.way import ERP, Way, hours, issue, order, proof, report

PICKED_UP = (hours(3), TrackingStatus.PICKED_UP)
UNKNOWN = (hours(5), TrackingStatus.UNKNOWN)


@pytest.fixture
def way() -> Way:
    way = Way()
    way.tell(order(), hours(0))
    way.tell(issue(at=hours(2)), hours(2))
    return way


def found(way: Way, kind: Kind) -> list[Finding]:
    return [finding for finding in way.findings() if finding.kind is kind]


def test_a_status_that_no_table_knows_is_told_when_no_other_follows(way: Way) -> None:
    way.tell(report("YT1", PICKED_UP, UNKNOWN), hours(5.1))
    way.hear(hours(16.9))
    assert found(way, Kind.UNKNOWN_STATUS) == []
    way.hear(hours(17))
    [unknown] = found(way, Kind.UNKNOWN_STATUS)
    assert (unknown.subject, unknown.since, unknown.severity) == ("YT1", hours(17), Severity.ORDINARY)
    assert (unknown.details["code"], unknown.details["carrier"]) == ("unknown", "yuantong")
    assert [task.role for task in way.tasks() if task.kind is Kind.UNKNOWN_STATUS] == [Role.OPERATIONS]
    way.tell(report("YT1", PICKED_UP, UNKNOWN, (hours(18), TrackingStatus.IN_TRANSIT)), hours(18))
    way.hear(hours(18.1))
    assert found(way, Kind.UNKNOWN_STATUS) == []


def test_an_unknown_status_behind_a_known_one_or_after_the_end_is_not_told(way: Way) -> None:
    way.tell(report("YT1", PICKED_UP, UNKNOWN, (hours(6), TrackingStatus.DELIVERED)), hours(6))
    way.tell(
        report("YT1", PICKED_UP, (hours(6), TrackingStatus.DELIVERED), (hours(7), TrackingStatus.UNKNOWN)), hours(8)
    )
    way.hear(hours(60))
    assert found(way, Kind.UNKNOWN_STATUS) == []


def test_a_parcel_delivered_before_it_was_despatched_is_a_contradiction_until_corrected(way: Way) -> None:
    way.tell(issue(at=hours(9), version=hours(9)), hours(9))
    way.tell(report("YT1", PICKED_UP, (hours(8), TrackingStatus.DELIVERED)), hours(9))
    way.hear(hours(9.9))
    assert found(way, Kind.CONTRADICTION) == []
    way.hear(hours(10))
    [wrong] = found(way, Kind.CONTRADICTION)
    assert (wrong.since, wrong.details["delivered_at"]) == (hours(10), "2026-03-02 16:00")
    assert wrong.details["despatched_at"] == "2026-03-02 17:00"
    assert "dated" not in wrong.details
    way.tell(issue(at=hours(2), version=hours(11)), hours(11))
    way.hear(hours(11.1))
    assert found(way, Kind.CONTRADICTION) == []


def test_what_was_delivered_at_the_very_instant_of_its_despatch_is_none(way: Way) -> None:
    way.tell(report("YT1", (hours(2), TrackingStatus.DELIVERED)), hours(3))
    way.hear(hours(20))
    assert found(way, Kind.CONTRADICTION) == []


def test_a_delivery_that_is_dated_by_its_day_alone_contradicts_no_despatch_of_that_day(way: Way) -> None:
    signed = proof(hours(-8))
    of_a_day = signed.model_copy(update={"delivered": Moment(at=hours(-8), precision=Precision.DATE)})
    way.tell(of_a_day, hours(9))
    way.hear(hours(20))
    assert found(way, Kind.CONTRADICTION) == []
    way.tell(signed.model_copy(update={"version": hours(10)}), hours(21))
    way.hear(hours(22))
    assert len(found(way, Kind.CONTRADICTION)) == 1


def test_a_quarter_of_an_hour_ahead_is_a_clock_and_more_is_a_contradiction(way: Way) -> None:
    way.tell(report("YT1", (hours(5.25), TrackingStatus.PICKED_UP)), hours(5))
    way.hear(hours(5))
    way.hear(hours(7))
    assert found(way, Kind.CONTRADICTION) == []
    way.tell(report("YT1", (hours(5.25), TrackingStatus.PICKED_UP), (hours(12), TrackingStatus.IN_TRANSIT)), hours(7))
    way.hear(hours(8))
    [wrong] = found(way, Kind.CONTRADICTION)
    assert wrong.since == hours(8)
    assert (wrong.details["dated"], wrong.details["received_at"]) == ("2026-03-02 20:00", "2026-03-02 15:00")
    assert wrong.details["told"] == "in_transit scan"
    view = way.order().view
    assert view is not None
    assert view.parcels[0].last_scan_at == hours(7)


def test_a_proof_from_the_future_is_a_contradiction_too(way: Way) -> None:
    way.tell(proof(hours(30)), hours(20))
    way.hear(hours(21))
    [wrong] = found(way, Kind.CONTRADICTION)
    assert (wrong.since, wrong.details["told"]) == (hours(21), "POD1")


def test_a_reasoned_answer_settles_a_contradiction_and_not_the_next(way: Way) -> None:
    way.tell(report("YT1", PICKED_UP, (hours(12), TrackingStatus.IN_TRANSIT)), hours(5))
    way.hear(hours(6))
    [wrong] = found(way, Kind.CONTRADICTION)
    done = TaskFeedback(
        account=ERP,
        scope="order",
        subject="SO1",
        task=task_key(ERP, "order", "SO1", wrong),
        since=wrong.since,
        target="tickets",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="17",
        at=hours(8),
        reason="their clock was set wrong",
    )
    way.tell(done, hours(8))
    way.hear(hours(24 * 9))
    assert [task for task in way.tasks() if task.kind is Kind.CONTRADICTION] == []
    late = hours(24 * 9)
    way.tell(
        report(
            "YT1",
            PICKED_UP,
            (hours(12), TrackingStatus.IN_TRANSIT),
            (late + timedelta(hours=5), TrackingStatus.OUT_FOR_DELIVERY),
        ),
        late,
    )
    way.hear(late + timedelta(hours=1))
    [task] = [task for task in way.tasks() if task.kind is Kind.CONTRADICTION]
    assert task.since == late + timedelta(hours=1)


def test_several_contradictions_of_a_parcel_are_one_since_the_first(way: Way) -> None:
    way.tell(issue(at=hours(9), version=hours(9)), hours(9))
    way.tell(report("YT1", PICKED_UP, (hours(8), TrackingStatus.DELIVERED)), hours(9))
    way.tell(proof(hours(30)), hours(20))
    way.tell(
        report("YT1", PICKED_UP, (hours(8), TrackingStatus.DELIVERED), (hours(40), TrackingStatus.UNKNOWN)), hours(12)
    )
    way.hear(hours(22))
    [wrong] = found(way, Kind.CONTRADICTION)
    assert wrong.since == hours(10)
    assert {"delivered_at", "despatched_at", "dated", "told"} <= wrong.details.keys()
