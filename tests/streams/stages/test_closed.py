"""A delivery of which nothing is wanted any more shrinks to a stub, which forgets nothing that has a future."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.documents import GoodsIssue, Order, Party, Place, ServiceTerms
from contracts.envelope import Envelope
from contracts.events import TYPE_OF
from contracts.exchange import DocumentSlice
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import order_key
from contracts.lane import LaneEstimate
from contracts.model import Contract, build
from contracts.moment import Window
from contracts.operator_action import Act, OperatorAction
from contracts.registration import Registration, RegistrationState
from contracts.service import CaseNote, Survey
from contracts.snapshot import Kind, Snapshot, SubjectType, task_key_of
from contracts.ticks import TICK_TYPE
from contracts.topics import DELIVERIES
from contracts.tracking import TrackingStatus
from streams.delivery.facts import FORMAT
from streams.delivery.stub import LATE_KEPT, Stub
from streams.detection.texts import texts_of
from streams.engine.keyrecord import read_key
from tests.streams.way import ERP, POLICY, ZONE, Way, hours, issue, order, report, service_case

DAYS = 24.0
DELIVERED = hours(30)
CLOSED = DELIVERED + POLICY.closing.after
LATER = Window.of_days(None, hours(24 * 9).date(), ZONE)


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


def test_the_customers_name_gives_way_where_a_stub_is_too_long_and_nothing_else_does() -> None:
    way = Way()
    terms = ServiceTerms(warranty_months=24, training=True, visit_after_days=14, survey_after_days=7)
    whole = with_terms(terms).model_copy(
        update={
            "customer": Party(id="CUSTOMER-000123", name="浙江" * 40),
            "destination": Place(country="CN", region="ZJ", zone=ZONE),
        }
    )
    stub = closed(way, whole)
    assert 190 < len(FORMAT.write(stub)) <= 200
    assert stub.customer.startswith("浙江浙江")
    assert (stub.customer_id, stub.country, stub.region, stub.zone) == ("CUSTOMER-000123", "CN", "ZJ", ZONE)


def operator(act: Act, at: float, kind: Kind | None = None, **more: object) -> OperatorAction:
    """What an operator does about the closed order, or its task of a kind."""
    task = task_key_of(ERP, "after", "SO1", (SubjectType.ORDER, "SO1"), kind) if kind else ""
    said = {"account": ERP, "scope": "after", "subject": "SO1", "by": "li", "why": "They rang."}
    return build(OperatorAction, **said | more, act=act, at=hours(at), task=task)


def surveyed(*told: Contract) -> Way:
    """A closed order whose survey is due from hour 198 on, after all that is told at hour 300."""
    way = Way()
    closed(way, with_terms(ServiceTerms(survey_after_days=7)))
    way.hear(hours(200))
    assert kinds(after(way)) == ["survey_due"]
    for event in told:
        way.tell(event, hours(300))
    way.hear(hours(300))
    return way


@pytest.mark.parametrize("act", [Act.CLOSE, Act.CONFIRM])
def test_an_operators_word_ends_a_follow_up_of_a_closed_order_until_it_is_undone(act: Act) -> None:
    word = operator(act, 290, Kind.SURVEY_DUE)
    way = surveyed(word)
    assert (kinds(after(way)), after(way).findings) == ([], ())
    way.tell(operator(Act.UNDO, 301, undoes=word.id), hours(301))
    way.hear(hours(302))
    assert kinds(after(way)) == ["survey_due"]


def test_a_follow_up_that_was_made_can_be_asked_for_again() -> None:
    again = operator(Act.REOPEN, 295, Kind.SURVEY_DUE)
    assert kinds(after(surveyed(operator(Act.CONFIRM, 290, Kind.SURVEY_DUE), again))) == ["survey_due"]
    assert kinds(after(surveyed(again, operator(Act.CLOSE, 296, Kind.SURVEY_DUE)))) == []


def test_a_snoozed_follow_up_of_a_closed_order_sleeps_until_then_and_says_so() -> None:
    way = surveyed(operator(Act.SNOOZE, 299, Kind.SURVEY_DUE, until=hours(340)))
    [finding] = after(way).findings
    assert (kinds(after(way)), finding.answer and finding.answer.by) == ([], "li")
    way.hear(hours(340))
    assert kinds(after(way)) == ["survey_due"]


def test_a_follow_up_that_was_refused_is_not_made_and_comes_back_saying_so() -> None:
    refused = ended(Kind.SURVEY_DUE, 300).model_copy(
        update={"outcome": FeedbackOutcome.REFUSED, "since": hours(198), "reason": "No time."}
    )
    way = surveyed(refused)
    assert (kinds(after(way)), [one.kind for one in after(way).findings]) == ([], ["survey_due"])
    way.hear(hours(300) + POLICY.rests(Kind.SURVEY_DUE))
    [task] = after(way).wanted.tasks
    assert task.answer is not None
    assert (task.answer.reason, "No time." in task.texts["en"].body) == ("No time.", True)


def test_a_note_about_a_closed_order_is_shown_and_is_no_late_information() -> None:
    way = surveyed(operator(Act.NOTE, 300))
    view = after(way).view
    assert view is not None
    assert [(entry.what, entry.text) for entry in view.timeline] == [("operator_note", "They rang.")]
    assert [one.kind for one in after(way).findings] == ["survey_due"]


def test_what_came_too_late_is_closed_by_an_operator_and_what_comes_later_is_asked_anew() -> None:
    way = Way()
    closed(way)

    def tell_late(document: str, at: float) -> None:
        way.tell(issue(document, at=hours(at), version=hours(at), numbers=()), hours(at))

    for place in range(LATE_KEPT + 1):
        tell_late(f"GI{place + 2}", 200 + place)
    close = operator(Act.CLOSE, 210, Kind.LATE_INFORMATION)
    way.tell(close, hours(210))
    way.hear(hours(211))
    assert kinds(after(way)) == []
    way.tell(operator(Act.UNDO, 212, undoes=close.id), hours(212))
    way.hear(hours(213))
    assert after(way).wanted.tasks[0].details["number"] == str(LATE_KEPT + 1)
    way.tell(operator(Act.CLOSE, 214, Kind.LATE_INFORMATION), hours(214))
    way.tell(ended(Kind.LATE_INFORMATION, 214), hours(214))
    tell_late("GI9", 220)
    way.hear(hours(221))
    [task] = after(way).wanted.tasks
    assert (task.since, task.details["told"]) == (hours(220), "document.slice")


def test_what_was_said_of_a_closed_order_still_holds_when_it_is_opened_again() -> None:
    way = surveyed(operator(Act.CONFIRM, 290, Kind.SURVEY_DUE))
    whole = with_terms(ServiceTerms(survey_after_days=7))
    way.tell(whole.model_copy(update={"version": hours(500), "afresh": True}), hours(500))
    way.tell(issue(version=hours(500)).model_copy(update={"afresh": True}), hours(500))
    way.hear(hours(501))
    assert way.order().closed_at is None
    assert kinds(way.order()) == []
    view = way.order().view
    assert view is not None
    assert "operator_confirm" in [entry.what for entry in view.timeline]


def test_what_an_order_promised_first_is_known_again_once_its_versions_are_told_again() -> None:
    """`quayside reopen` tells again each version of the order that the topic holds (`streams.retelling`)."""
    before, after_change = order(), order(promised=LATER, version=hours(3))
    way = Way()
    deliver(way, before)
    way.tell(after_change, hours(3))
    way.hear(CLOSED)
    view = way.order().view
    assert view is not None
    promised = view.lines[0]
    way.tell(order(promised=LATER, version=hours(500)).model_copy(update={"afresh": True}), hours(500))
    way.tell(issue(version=hours(500)).model_copy(update={"afresh": True}), hours(500))
    retold = DocumentSlice(
        account=ERP, order="SO1", kind="order", document="SO1", version=before.version, order_document=before
    )
    way.hear(hours(501))
    value, told_at = retold.encode(), hours(502)
    headers = Envelope("old", TYPE_OF[DocumentSlice], "documents", told_at, told_at).headers()
    way.replay.put(DELIVERIES, order_key(ERP, "SO1"), value, headers)
    way.hear(hours(503))
    view = way.order().view
    assert view is not None
    again = view.lines[0]
    assert (again.first_promised, again.promised) == (promised.first_promised, promised.promised)
    assert (again.first_promised, again.promised_now) == (order().lines[0].promised, LATER)


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


def test_what_became_of_a_registration_that_the_order_no_longer_needs_is_no_late_information() -> None:
    way = Way()
    closed(way)
    way.tell(
        Registration(
            account=ERP, order="SO1", id="YT1", version=hours(200), tracker="tracker", state=RegistrationState.REFUSED
        ),
        hours(200),
    )
    way.hear(hours(200))
    assert Kind.LATE_INFORMATION not in [finding.kind for finding in way.findings()]


LATE_TYPES = {name for name in DELIVERIES.schemas if name != TICK_TYPE} - {
    TYPE_OF[model] for model in (CaseNote, Survey, LaneEstimate, Registration, TaskFeedback)
}


@pytest.mark.parametrize("told", sorted(LATE_TYPES))
def test_staff_read_in_their_own_words_what_came_too_late(told: str) -> None:
    """Each type that a closed delivery may be told, other than those that it takes."""
    latest = told.removeprefix("quayside.").removesuffix(".v1")
    bare = texts_of(Kind.LATE_INFORMATION, {"order": "SO1"})
    for language, text in texts_of(Kind.LATE_INFORMATION, {"order": "SO1", "latest": latest}).items():
        assert len(text.body.splitlines()) == len(bare[language].body.splitlines()) + 1
        assert latest not in text.body


def test_giving_the_task_about_a_late_fact_to_somebody_does_not_end_it() -> None:
    way = Way()
    closed(way)
    way.tell(issue("GI2", at=hours(200), version=hours(200), numbers=("YT2",)), hours(200))
    given = ended(Kind.LATE_INFORMATION, 210)
    given = given.model_copy(update={"outcome": FeedbackOutcome.REASSIGNED, "assigned_to": "Mei"})
    way.tell(given, hours(210))
    way.hear(hours(210))
    assert kinds(after(way)) == ["late_information"]


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


def test_a_survey_that_was_answered_ends_no_other_follow_up() -> None:
    way = Way()
    closed(way, with_terms(ServiceTerms(visit_after_days=7, survey_after_days=7)))
    way.tell(survey(5, 300), hours(300))
    way.hear(hours(301))
    assert kinds(after(way)) == ["visit_due"]
