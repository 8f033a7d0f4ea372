"""A delivery of which nothing is wanted any more shrinks to a stub, which forgets nothing that has a future."""

from datetime import timedelta
from decimal import Decimal

from contracts.documents import GoodsIssue, Order, ServiceTerms
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import order_key
from contracts.model import Contract
from contracts.service import Survey
from contracts.snapshot import Kind, Snapshot, SubjectType, task_key_of
from contracts.tracking import TrackingStatus
from streams.delivery.facts import FORMAT
from streams.delivery.stub import Stub
from streams.engine.keyrecord import read_key
from tests.streams.way import ERP, POLICY, Way, hours, issue, order, report, service_case

DAYS = 24.0
DELIVERED = hours(30)
CLOSED = DELIVERED + POLICY.closing.after


def with_terms(terms: ServiceTerms) -> Order:
    return order().model_copy(update={"service": terms})


def deliver(way: Way, whole: Order | None = None) -> None:
    """An order that leaves and arrives in time."""
    way.tell(whole or order(), hours(0))
    way.tell(issue(), hours(1))
    way.tell(report("YT1", (hours(2), TrackingStatus.PICKED_UP), (DELIVERED, TrackingStatus.DELIVERED)), DELIVERED)


def stored(way: Way) -> object:
    return FORMAT.read(read_key(way.replay.changelog("deliver")[order_key(ERP, "SO1")]).state or b"")


def closed(way: Way, whole: Order | None = None) -> Stub:
    deliver(way, whole)
    way.hear(CLOSED)
    stub = stored(way)
    assert isinstance(stub, Stub)
    return stub


def after(way: Way) -> Snapshot:
    return way.snapshots()["after", "SO1"]


def kinds(snapshot: Snapshot) -> list[str]:
    return [task.kind for task in snapshot.wanted.tasks]


def ended(kind: Kind, at: float) -> TaskFeedback:
    """Somebody ends the task of this kind about the closed delivery."""
    return TaskFeedback(
        account=ERP,
        scope="after",
        subject="SO1",
        task=task_key_of(ERP, "after", "SO1", (SubjectType.ORDER, "SO1"), kind),
        since=hours(0),
        target="desk",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="T1",
        at=hours(at),
    )


def test_a_finished_delivery_is_closed_once_nothing_has_happened_for_a_while() -> None:
    way = Way()
    deliver(way)
    way.hear(CLOSED - timedelta(seconds=1))
    assert not isinstance(stored(way), Stub)
    way.hear(CLOSED)
    assert isinstance(stored(way), Stub)
    last = way.order()
    assert (last.closed_at, last.wanted.is_nothing) == (CLOSED, True)
    assert last.view is not None
    assert last.view.status == "delivered"


def test_a_stub_takes_at_most_200_bytes() -> None:
    way = Way()
    terms = ServiceTerms(warranty_months=24, training=True, visit_after_days=14, survey_after_days=7)
    stub = closed(way, with_terms(terms))
    assert len(stub.plan) == 4
    assert len(FORMAT.write(stub)) <= 200


def test_what_is_still_wanted_or_awaited_keeps_it_open() -> None:
    late = Way()
    late.tell(order(), hours(0))
    late.tell(issue(), hours(1))
    late.tell(report("YT1", (hours(2), TrackingStatus.IN_TRANSIT)), hours(2))
    late.hear(hours(40 * DAYS))
    assert not isinstance(stored(late), Stub)


def test_a_deaf_system_closes_nothing() -> None:
    way = Way()
    deliver(way)
    way.hear(DELIVERED)
    way.hear(CLOSED + timedelta(days=1), sources=[f"poll/{ERP}"])
    assert not isinstance(stored(way), Stub)


def test_the_stub_calls_for_each_follow_up_at_its_time_and_no_more_when_it_is_done() -> None:
    way = Way()
    closed(way, with_terms(ServiceTerms(visit_after_days=14, survey_after_days=7)))
    assert kinds(after(way)) == []
    way.hear(DELIVERED + timedelta(days=7))
    assert kinds(after(way)) == ["survey_due"]
    way.hear(DELIVERED + timedelta(days=14))
    assert kinds(after(way)) == ["survey_due", "visit_due"]
    way.tell(ended(Kind.SURVEY_DUE, 400), hours(400))
    way.hear(hours(400))
    assert kinds(after(way)) == ["visit_due"]
    assert after(way).findings[0].details["customer"] == "Nordwerk GmbH"
    way.hear(DELIVERED + timedelta(days=90))
    assert kinds(after(way)) == ["visit_due"], "only a warranty ends by itself"


def test_the_warranty_is_told_before_its_end_and_not_after_it() -> None:
    way = Way()
    closed(way, with_terms(ServiceTerms(warranty_months=12)))
    ends = DELIVERED.replace(year=2027)
    way.hear(ends - timedelta(days=30, seconds=1))
    assert kinds(after(way)) == []
    way.hear(ends - timedelta(days=30))
    assert kinds(after(way)) == ["warranty_expiring"]
    assert after(way).findings[0].details["ends"] == "2027-03-03"
    way.hear(ends)
    assert kinds(after(way)) == []


def test_what_comes_too_late_is_told_with_its_message_and_its_place() -> None:
    way = Way()
    closed(way)
    way.tell(issue("GI2", at=hours(200), version=hours(200), numbers=("YT2",)), hours(200))
    way.hear(hours(200))
    [finding] = after(way).findings
    assert (finding.kind, finding.since) == ("late_information", hours(200))
    assert finding.details["told"] == "document.slice"
    assert finding.details["origins"].startswith("inbound/0/")
    assert '"GI2"' in finding.details["message"]
    assert kinds(after(way)) == ["late_information"]
    assert way.order().closed_at == CLOSED


def test_the_same_late_fact_twice_is_told_once_and_ending_its_task_clears_it() -> None:
    way = Way()
    closed(way)
    for _ in range(2):
        way.tell(issue("GI2", at=hours(200), version=hours(200), numbers=("YT2",)), hours(200))
    way.tell(ended(Kind.LATE_INFORMATION, 210), hours(210))
    way.hear(hours(210))
    assert (kinds(after(way)), after(way).findings) == ([], ())


def test_documents_read_afresh_make_it_a_delivery_again_with_all_that_its_parcels_told() -> None:
    way = Way()
    closed(way, with_terms(ServiceTerms(visit_after_days=14)))
    way.hear(DELIVERED + timedelta(days=14))
    way.tell(ended(Kind.VISIT_DUE, 400), hours(400))
    documents: list[Contract] = [
        with_terms(ServiceTerms(visit_after_days=14)).model_copy(update={"version": hours(500), "afresh": True}),
        issue(version=hours(500)).model_copy(update={"afresh": True}),
    ]
    for document in documents:
        way.tell(document, hours(500))
    way.hear(hours(500))
    again = way.order()
    assert again.closed_at is None
    assert again.view is not None
    assert (again.view.status, again.view.parcels[0].delivered_at) == ("delivered", DELIVERED)
    assert kinds(again) == []
    assert (kinds(after(way)), after(way).findings) == ([], ())
    way.hear(hours(500) + POLICY.closing.after)
    assert way.order().closed_at is not None


def test_the_order_in_which_documents_are_read_afresh_does_not_matter() -> None:
    told: list[Snapshot] = []
    documents: list[Order | GoodsIssue] = [order(version=hours(500)), issue(version=hours(500))]
    for reading in (documents, documents[::-1]):
        way = Way()
        closed(way)
        for document in reading:
            way.tell(document.model_copy(update={"afresh": True}), hours(500))
        way.hear(hours(500))
        told.append(way.order())
    assert told[0] == told[1]


def test_a_case_after_the_delivery_was_closed_is_shown_and_is_no_late_information() -> None:
    way = Way()
    closed(way)
    way.tell(service_case(version=hours(2000), reported=hours(2000), responded=hours(2000)), hours(2000))
    way.hear(hours(2001))
    view = after(way).view
    assert view is not None
    assert [case.case for case in view.cases] == ["C1"]
    assert [entry.what for entry in view.timeline] == ["case_reported", "case_responded"]
    assert not after(way).findings
    way.tell(service_case(order="SO2", version=hours(2002), reported=hours(2000)), hours(2002))
    way.hear(hours(2003))
    view = after(way).view
    assert view is not None
    assert not view.cases


def test_an_open_case_keeps_its_delivery_open() -> None:
    way = Way()
    deliver(way)
    way.tell(service_case(version=hours(31), reported=hours(31), responded=hours(31)), hours(31))
    way.hear(CLOSED + timedelta(days=30))
    assert not isinstance(stored(way), Stub)
    way.tell(service_case(version=hours(1000), reported=hours(31), closed=hours(1000)), hours(1000))
    way.hear(hours(1000) + POLICY.closing.after)
    assert isinstance(stored(way), Stub)


def test_a_low_score_after_the_delivery_was_closed_calls_after_sales_until_somebody_saw_to_it() -> None:
    way = Way()
    closed(way, with_terms(ServiceTerms(survey_after_days=7)))
    way.hear(hours(300))
    assert kinds(after(way)) == ["survey_due"]
    way.tell(survey(2, 301), hours(301))
    way.hear(hours(301))
    assert kinds(after(way)) == ["survey_low"]
    way.tell(ended(Kind.SURVEY_LOW, 302), hours(302))
    way.hear(hours(400))
    assert kinds(after(way)) == []
    assert not after(way).findings
    way.tell(survey(1, 500, "S2"), hours(500))
    way.hear(hours(500))
    assert kinds(after(way)) == ["survey_low"]


def test_a_survey_that_was_answered_need_not_be_made() -> None:
    way = Way()
    deliver(way, with_terms(ServiceTerms(survey_after_days=1)))
    way.tell(survey(5, 31), hours(31))
    way.hear(DELIVERED + timedelta(days=2))
    assert kinds(way.order()) == []


def survey(score: int, at: float, number: str = "S1") -> Survey:
    return Survey(account=ERP, order="SO1", id=number, version=hours(at), score=Decimal(score), answered=hours(at))
