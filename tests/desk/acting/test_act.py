"""`quayside act`: which words mean what, which mistakes are told, and what is written; without a broker."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from contracts.documents import ServiceTerms
from contracts.envelope import Origin
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.model import Contract
from contracts.operator_action import Act, OperatorAction
from contracts.settings import KafkaSettings
from contracts.snapshot import Kind, Snapshot, SubjectType, task_key_of
from contracts.tracking import TrackingStatus
from desk import cli
from desk.acting import taking
from tests.streams.way import ERP, POLICY, Way, hours, issue, order, report, service_case

MOVING = (hours(4), TrackingStatus.IN_TRANSIT)
LATE = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.LATE)
Run = Callable[..., tuple[int, str, str]]


class Company:
    """The stages of a company, to which the command writes."""

    def __init__(self) -> None:
        self.way = Way(POLICY)
        self.now = hours(66)
        self.taken: list[OperatorAction] = []
        for event, at in (
            (order("SO1"), 0),
            (issue("GI1", {"SO1": 10}), 1),
            (report("YT1", MOVING), 5),
            (order("SO2"), 0),
            (issue("GI2", {"SO2": 8}, numbers=("YT2", "YT3")), 1),
            (report("YT2", MOVING), 5),
            (report("YT3", MOVING), 5),
            (report("YT9", MOVING), 5),
            (service_case("C1"), 0),
        ):
            self.way.tell(event, hours(at))
        self.hear()

    def hear(self, at: float = 66) -> None:
        self.now = hours(at)
        self.way.hear(self.now)

    async def named(self, _kafka: KafkaSettings, *names: str) -> list[Snapshot]:
        return [snapshot for snapshot in self.way.snapshots().values() if snapshot.subject in names]

    async def tell(self, _kafka: KafkaSettings, fact: Contract, account: str, at: datetime) -> Origin:
        assert isinstance(fact, OperatorAction)
        assert (account, at) == (fact.account, fact.at)
        self.taken.append(fact)
        self.way.tell(fact, at)
        self.way.hear(at)
        return Origin("quayside.inbound", 3, 17)

    def kinds(self, number: str = "SO1") -> list[Kind]:
        return [task.kind for task in self.way.snapshots()["order", number].wanted.tasks]


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> Company:
    made = Company()
    monkeypatch.setattr(taking, "snapshots_named", made.named)
    monkeypatch.setattr(taking, "tell", made.tell)
    monkeypatch.setattr("contracts.clock.WallClock.now", lambda _: made.now)
    return made


@pytest.fixture
def act(company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    del company
    file = tmp_path / "quayside.yaml"
    file.write_text("kafka: {bootstrap: 'localhost:1'}\n", encoding="utf-8")

    def run(*words: str, by: str = "li", why: str = "The customer knows.") -> tuple[int, str, str]:
        said = ["--by", by] + ([] if words[0] == "note" else ["--why", why])
        monkeypatch.setattr(sys, "argv", ["quayside", "act", *words, *said, "--config", str(file)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, out, err

    return run


def test_a_snooze_is_written_told_and_undone_by_the_very_line_that_it_shows(company: Company, act: Run) -> None:
    assert Kind.LATE in company.kinds()
    code, out, _ = act("snooze", "SO1", "late", "--until", "PT4H")
    [taken] = company.taken
    assert code == 0
    assert (taken.act, taken.task, taken.until, taken.by, taken.why) == (
        Act.SNOOZE,
        LATE,
        hours(70),
        "li",
        "The customer knows.",
    )
    assert Kind.LATE not in company.kinds()
    assert out.startswith(f"late of SO1 is put off. This is action {taken.id}; `quayside trace quayside.inbound/3/17`")
    undo = out.partition("To undo it: quayside act ")[2].partition(" --by")[0].split()
    code, _, err = act(*undo)
    assert (code, err) == (0, "")
    assert Kind.LATE in company.kinds()
    assert act(*undo)[2] == f"quayside: {taken.id} is undone already\n"
    assert act("undo", "SO1", company.taken[-1].id)[0] == 0
    assert Kind.LATE not in company.kinds()


def test_a_closed_task_can_be_reopened_though_it_is_asked_no_more(company: Company, act: Run) -> None:
    assert act("close", "SO1", "late")[0] == 0
    assert Kind.LATE not in company.kinds()
    assert act("close", "SO1", "late")[2] == "quayside: late of SO1 is not asked for now\n"
    assert act("reopen", "SO1", "late")[0] == 0
    assert Kind.LATE in company.kinds()
    assert act("reopen", "SO1", "late")[2] == "quayside: late of SO1 is asked for already\n"


def test_a_deviation_is_closed_only_with_the_name_of_whoever_approves_it(company: Company, act: Run) -> None:
    code, _, err = act("close", "SO2", "under_despatched")
    assert (code, err) == (
        2,
        "quayside: under_despatched is closed only with an approval: say whose by --approved-by\n",
    )
    assert company.taken == []
    assert act("close", "SO2", "under_despatched", "--approved-by", "chen")[0] == 0
    assert Kind.UNDER_DESPATCHED not in company.kinds("SO2")


def test_a_task_of_a_parcel_is_named_where_there_are_several(company: Company, act: Run) -> None:
    assert act("close", "SO2", "stalled")[2] == "quayside: stalled is found of YT2, YT3; name one by --about\n"
    assert act("close", "SO2", "stalled", "--about", "YT3")[0] == 0
    assert [task.subject for task in company.way.order("SO2").wanted.tasks if task.kind is Kind.STALLED] == ["YT2"]


def test_an_orphan_is_linked_by_however_its_number_is_written_and_unlinked_again(company: Company, act: Run) -> None:
    assert act("link", "yt-9", "SO1", "--document", "GI1", "--left", "2026-03-02T03:00:00Z")[0] == 0
    view = company.way.order().view
    assert view is not None
    assert [parcel.number for parcel in view.parcels] == ["YT1", "YT9"]
    assert act("link", "YT9", "SO1")[2] == "quayside: YT9 is SO1's already\n"
    linked = company.taken[0]
    assert (linked.document, linked.happened_at) == ("GI1", hours(3))
    assert act("undo", "SO1", linked.id)[0] == 0
    assert company.taken[-1].parcel == "yt-9"
    assert act("unlink", "YT9", "SO1")[2] == "quayside: SO1 has no parcel YT9; it has: YT1\n"
    assert act("unlink", "YT1", "SO1")[0] == 0


def test_a_parcel_is_confirmed_once(company: Company, act: Run) -> None:
    words = ("confirm", "SO1", "delivered", "--parcel", "YT1", "--at", "2026-03-04T09:00:00+08:00")
    assert act(*words)[0] == 0
    assert Kind.LATE not in company.kinds()
    assert act(*words)[2] == "quayside: YT1 is delivered since 2026-03-04 01:00 UTC\n"


def test_all_that_had_left_is_confirmed_at_once(company: Company, act: Run) -> None:
    words = ("confirm", "SO2", "delivered", "--at", "2026-03-04T09:00:00+08:00")
    assert act(*words)[0] == 0
    view = company.way.order("SO2").view
    assert view is not None
    assert {parcel.delivered_at for parcel in view.parcels} == {hours(49)}
    assert act(*words)[2] == "quayside: no parcel of SO2 was on its way at 2026-03-04 01:00 UTC\n"


def test_a_visit_that_was_made_is_confirmed_and_its_finding_ends(company: Company, act: Run) -> None:
    whole = order("SO3").model_copy(update={"service": ServiceTerms(visit_after_days=1)})
    company.way.tell(whole, hours(0))
    company.way.tell(issue("GI3", {"SO3": 10}, numbers=("YT4",)), hours(1))
    company.way.tell(report("YT4", MOVING, (hours(30), TrackingStatus.DELIVERED)), hours(31))
    company.hear(66)
    assert company.kinds("SO3") == [Kind.VISIT_DUE]
    assert act("confirm", "SO3", "visit_due")[0] == 0
    assert company.way.order("SO3").findings == ()


def test_a_follow_up_of_a_closed_order_is_acted_on_by_the_orders_number(company: Company, act: Run) -> None:
    whole = order("SO3").model_copy(update={"service": ServiceTerms(visit_after_days=7, survey_after_days=7)})
    company.way.tell(whole, hours(0))
    company.way.tell(issue("GI3", {"SO3": 10}, numbers=("YT4",)), hours(1))
    company.way.tell(report("YT4", MOVING, (hours(30), TrackingStatus.DELIVERED)), hours(31))
    company.hear(150)
    company.hear(300)

    def asked() -> list[Kind]:
        return [task.kind for task in company.way.snapshots()["after", "SO3"].wanted.tasks]

    assert company.way.order("SO3").closed_at is not None
    assert asked() == [Kind.SURVEY_DUE, Kind.VISIT_DUE]
    assert act("snooze", "SO3", "survey_due", "--until", "P2D")[0] == 0
    assert act("confirm", "SO3", "visit_due")[0] == 0
    assert asked() == []
    assert act("note", "SO3", "They are content.")[0] == 0
    assert act("undo", "SO3", company.taken[1].id)[0] == 0
    assert asked() == [Kind.VISIT_DUE]
    assert {action.scope for action in company.taken} == {"after"}
    for words in (("agree", "SO3", "--promised", "2026-03-20"), ("link", "YT9", "SO3"), ("unlink", "YT4", "SO3")):
        assert act(*words)[2].startswith("quayside: SO3 is closed since")


def test_a_day_that_the_customer_agreed_to_moves_the_promise_until_it_is_undone(company: Company, act: Run) -> None:
    assert Kind.LATE in company.kinds()
    code, out, _ = act("agree", "SO1", "--promised", "2026-03-09")
    assert (code, out.splitlines()[0].partition(".")[0]) == (0, "SO1 is promised by 2026-03-09, as the customer agreed")
    [taken] = company.taken
    assert (taken.act, taken.lines, str(taken.promised)) == (Act.AGREE, ("1",), "2026-03-09")
    assert Kind.LATE not in company.kinds()
    assert act("undo", "SO1", taken.id)[0] == 0
    assert Kind.LATE in company.kinds()


def test_of_what_has_arrived_a_day_is_agreed_by_its_line_alone(company: Company, act: Run) -> None:
    assert act("confirm", "SO1", "delivered", "--at", "2026-03-04T09:00:00+08:00")[0] == 0
    mistake = "quayside: all of SO1 has arrived; name a line by --line to move its promise\n"
    assert act("agree", "SO1", "--promised", "2026-03-09") == (2, "", mistake)
    assert act("agree", "SO1", "--promised", "2026-03-09", "--line", "1")[0] == 0
    assert company.taken[-1].lines == ("1",)


def test_a_task_of_a_parcel_that_is_nobodys_is_acted_on_by_its_number(company: Company, act: Run) -> None:
    assert act("snooze", "yt 9", "orphan_tracking", "--until", "P2D")[0] == 0
    [taken] = company.taken
    assert (taken.scope, taken.subject, taken.account) == ("parcel", "YT9", "express")
    assert company.way.snapshots()["parcel", "YT9"].wanted.tasks == ()


def test_a_task_of_a_case_is_acted_on_by_the_cases_number(company: Company, act: Run) -> None:
    def kinds() -> set[Kind]:
        return {task.kind for task in company.way.snapshots()["case", "C1"].wanted.tasks}

    before = kinds()
    assert Kind.RESPONSE_OVERDUE in before
    assert act("snooze", "C1", "response_overdue", "--until", "PT8H")[0] == 0
    assert company.taken[0].scope == "case"
    assert kinds() == before - {Kind.RESPONSE_OVERDUE}


def test_a_note_stands_in_the_timeline(company: Company, act: Run) -> None:
    assert act("note", "SO1", "Please ring before unloading.")[0] == 0
    view = company.way.order().view
    assert view is not None
    [entry] = [entry for entry in view.timeline if entry.what == "operator_note"]
    assert (entry.by, entry.text) == ("li", "Please ring before unloading.")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("note", "SO7", "Hello"), "no order, case or orphaned parcel 'SO7' is known"),
        (("link", "YT7", "YT9"), "no order 'YT9' is known"),
        (
            ("close", "SO1", "late", "--account", "other"),
            "no order, case or orphaned parcel 'SO1' is known of other",
        ),
        (
            ("close", "SO1", "under_despatched", "--approved-by", "chen"),
            "SO1 has no under_despatched; what holds there: ",
        ),
        (("close", "SO1", "late", "--about", "YT7"), "SO1 has no late YT7; what holds there: "),
        (("snooze", "SO1", "late", "--until", "tomorrow"), "--until: not an RFC 3339 instant: 'tomorrow'"),
        (("snooze", "SO1", "late", "--until", "PX"), "--until: not an ISO 8601 duration: 'PX'"),
        (("snooze", "SO1", "late", "--until", "2026-03-01T00:00:00Z"), "--until: 2026-03-01 00:00 UTC has passed"),
        (("confirm", "SO1", "delivered", "--at", "2026-03-09T00:00:00Z"), "--at: 2026-03-09 00:00 UTC is yet to come"),
        (("confirm", "SO1", "delivered"), "say by --at when it was delivered"),
        (
            ("confirm", "SO1", "delivered", "--at", "2026-03-01T00:00:00Z"),
            "no parcel of SO1 was on its way at",
        ),
        (("confirm", "SO1", "late"), "late does not end by a word; these do: delivered, acceptance_overdue, "),
        (("confirm", "SO1", "visit_due"), "SO1 has no visit_due; what holds there: "),
        (("confirm", "SO1", "visit_due", "--at", "2026-03-01T00:00:00Z"), "--at and --parcel belong to `delivered`"),
        (
            ("confirm", "SO1", "delivered", "--parcel", "YT7", "--at", "2026-03-02T00:00:00Z"),
            "SO1 has no parcel YT7; it has: YT1",
        ),
        (("agree", "SO1", "--promised", "Friday"), "--promised: not a day, as 2026-03-20: 'Friday'"),
        (
            ("agree", "SO1", "--promised", "2026-03-20", "--line", "7"),
            "SO1 has no promised line 7; there are: 1",
        ),
        (("undo", "SO1", "abc"), "SO1 has no action 'abc'; there are: none"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_written(
    company: Company, act: Run, words: tuple[str, ...], told: str
) -> None:
    code, out, err = act(*words)
    assert (code, out) == (2, "")
    assert err.startswith(f"quayside: {told}")
    assert err.count("\n") == 1
    assert company.taken == []


@pytest.mark.parametrize(("by", "why"), [("", "A reason."), (" ", "A reason."), ("li", " ")])
def test_nobody_acts_without_a_name_and_a_reason(company: Company, act: Run, by: str, why: str) -> None:
    code, _, err = act("close", "SO1", "late", by=by, why=why)
    assert (code, company.taken) == (2, [])
    assert "at least 1 character" in err


def test_what_was_closed_at_a_target_can_be_asked_again_before_its_grace(company: Company, act: Run) -> None:
    since = hours(64)
    feedback = TaskFeedback(
        account=ERP,
        scope="order",
        subject="SO1",
        task=LATE,
        since=since,
        target="tickets",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="17",
        at=hours(66),
        by="mei",
    )
    company.way.tell(feedback, hours(66))
    company.hear(67)
    assert Kind.LATE not in company.kinds()
    assert act("reopen", "SO1", "late")[0] == 0
    assert Kind.LATE in company.kinds()
