"""The stage `cases`: of each case the newest version counts, and the order that it names shows it."""

import pytest

from contracts.clock import Clock
from contracts.envelope import Envelope, Event, Origin
from contracts.errors import Rejected
from contracts.events import TYPE_OF
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import case_key, key
from contracts.model import Contract
from contracts.operator_action import Act, OperatorAction
from contracts.snapshot import CaseState, CaseView, Kind, Snapshot
from streams.engine.keyrecord import MARKS_KEY
from streams.stages.cases import step
from tests.streams.way import ERP, POLICY, START, Way, hours, order, service_case


@pytest.fixture
def way() -> Way:
    return Way()


def case(way: Way, number: str = "C1") -> Snapshot:
    return way.snapshots()["case", number]


def cases_of(way: Way, number: str = "SO1") -> list[CaseView]:
    view = way.order(number).view
    return list(view.cases) if view else []


def test_a_case_has_a_snapshot_of_its_own_and_its_order_shows_it_with_its_steps(way: Way) -> None:
    way.tell(order(), START)
    way.tell(service_case(title="Runs hot", responded=hours(1), assigned=hours(1), assigned_to="Mei"), hours(1))
    way.hear(hours(2))
    shown = case(way).case
    assert shown is not None
    assert (shown.case, shown.state, shown.assigned_to) == ("C1", CaseState.RESPONDED, "Mei")
    assert cases_of(way) == [shown.model_copy(update={"timeline": ()})]
    view = way.order().view
    for timeline in (shown.timeline, view.timeline if view else ()):
        told = {entry.what: (entry.at, entry.subject, entry.text) for entry in timeline}
        assert told["case_reported"] == (START, "C1", "Runs hot")
        assert told["case_assigned"] == (hours(1), "C1", "Mei")


def test_the_newest_version_counts_whatever_arrives_last(way: Way) -> None:
    way.tell(service_case(version=hours(2), responded=hours(1), title="new"), hours(2))
    way.tell(service_case(version=hours(1), title="old"), hours(3))
    way.hear(hours(4))
    assert [view.title for view in cases_of(way)] == ["new"]
    shown = case(way).case
    assert shown is not None
    assert shown.title == "new"


def test_an_order_is_told_when_a_case_names_it_no_longer(way: Way) -> None:
    way.tell(service_case(), START)
    way.tell(service_case(order="SO2", version=hours(1)), hours(1))
    way.hear(hours(2))
    assert cases_of(way) == []
    assert [view.case for view in cases_of(way, "SO2")] == ["C1"]
    way.tell(service_case(version=hours(2)), hours(3))
    way.hear(hours(4))
    assert [view.case for view in cases_of(way)] == ["C1"]
    assert cases_of(way, "SO2") == []
    way.tell(service_case(version=hours(4), withdrawn=True), hours(5))
    way.hear(hours(6))
    assert cases_of(way) == []


def test_a_case_of_another_account_is_shown_at_the_order_of_the_erp(way: Way) -> None:
    way.tell(order(), START)
    told = service_case().model_copy(update={"account": "desk", "order_account": ERP})
    way.tell(told, START)
    way.hear(hours(1))
    assert [(view.account, view.case) for view in cases_of(way)] == [("desk", "C1")]


def test_two_accounts_may_number_their_cases_alike(way: Way) -> None:
    for account in ("desk", "shop"):
        told = service_case(order="SO1").model_copy(update={"account": account, "order_account": ERP})
        way.tell(told, START)
    way.hear(hours(1))
    assert [view.account for view in cases_of(way)] == ["desk", "shop"]


def test_a_version_that_was_known_writes_nothing() -> None:
    told = service_case()
    first = step(None, event(told), Clock(START), POLICY)
    assert first.outputs
    again = step(first.state, event(told), Clock(START), POLICY)
    assert (again.state, again.outputs) == (first.state, ())


def test_what_is_no_case_or_under_the_key_of_another_is_refused() -> None:
    with pytest.raises(Rejected, match="nothing that a case knows"):
        step(None, event(order()), Clock(START), POLICY)
    with pytest.raises(Rejected, match="under the key of another"):
        step(None, event(service_case("C2")), Clock(START), POLICY)


def test_whoever_closes_a_task_is_heard_and_asked_again_when_the_case_is_still_not_answered(way: Way) -> None:
    way.tell(feedback(), hours(5))
    way.hear(hours(6))
    assert ("case", "C1") not in way.snapshots()
    way.tell(service_case(), START)
    way.hear(hours(7))
    assert [finding.kind for finding in case(way).findings] == [Kind.RESPONSE_OVERDUE]
    assert not case(way).wanted.tasks
    way.hear(hours(5 + 24))
    [asked] = [task for task in case(way).wanted.tasks if task.kind is Kind.RESPONSE_OVERDUE]
    assert asked.feedback == (feedback().id,)


def test_what_an_operator_closed_stays_closed_until_it_is_reopened_and_the_history_says_who_did_it(way: Way) -> None:
    way.tell(service_case(), START)
    way.hear(hours(4))
    assert case(way).wanted.tasks
    closing = act(Act.CLOSE, 5)
    way.tell(closing, hours(5))
    way.hear(hours(23))
    assert not case(way).wanted.tasks
    [finding] = case(way).findings
    assert finding.answer is not None
    shown = case(way).case
    assert shown is not None
    assert [(entry.by, entry.text) for entry in shown.timeline if entry.id == closing.id] == [("mei", "called them")]
    way.tell(act(Act.REOPEN, 23), hours(23))
    way.hear(hours(23.5))
    assert [task.kind for task in case(way).wanted.tasks] == [Kind.RESPONSE_OVERDUE]


def test_a_case_is_forgotten_400_days_after_it_was_closed_and_an_open_one_is_not(way: Way) -> None:
    way.tell(service_case("C1", closed=hours(1)), hours(1))
    way.tell(service_case("C2"), hours(1))
    way.tell(feedback("C3"), hours(5))
    way.hear(hours(24 * 400))
    assert set(way.replay.changelog("cases")) == {MARKS_KEY, *(case_key(ERP, name) for name in ("C1", "C2", "C3"))}
    way.hear(hours(24 * 401))
    assert set(way.replay.changelog("cases")) == {MARKS_KEY, case_key(ERP, "C2")}


def feedback(number: str = "C1") -> TaskFeedback:
    return TaskFeedback(
        account=ERP,
        scope="case",
        subject=number,
        task=key(ERP, "case", number, f"case:{number}", Kind.RESPONSE_OVERDUE).decode(),
        since=hours(4),
        target="tickets",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="17",
        at=hours(5),
    )


def act(what: Act, at: float) -> OperatorAction:
    return OperatorAction(
        account=ERP,
        scope="case",
        subject="C1",
        act=what,
        at=hours(at),
        by="mei",
        why="called them",
        task=key(ERP, "case", "C1", "case:C1", Kind.RESPONSE_OVERDUE).decode(),
    )


def event(contract: Contract) -> Event:
    envelope = Envelope("1", TYPE_OF[type(contract)], "test", START, START)
    return Event(case_key(ERP, "C1"), contract.encode(), Origin("cases", 0, 0), envelope.headers())
