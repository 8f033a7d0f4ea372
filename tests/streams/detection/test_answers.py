"""Whether a task is asked for after what people said to it."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from contracts.answer import AnswerOutcome, Missing
from contracts.clock import Clock
from contracts.feedback import FeedbackOutcome
from contracts.operator_action import Act, OperatorAction
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType, Task, task_key_of
from streams.detection.answers import sayings_of, settled_at
from streams.detection.confirmed import unconfirmed
from streams.detection.finding import Found, Place, Tasks, findings_of, tasks_of
from streams.detection.texts import LANGUAGES, answer_lines, answers
from streams.facts.feedback import Answer
from tests.streams.way import ERP, hours

POLICY = Policy()
PLACE = Place(ERP, "order", "SO1")
LATE = task_key_of(*PLACE, (SubjectType.ORDER, "SO1"), Kind.LATE)
SHORT = task_key_of(*PLACE, (SubjectType.ORDER, "SO1"), Kind.UNDER_DESPATCHED)
BOTH = {Kind.UNDER_DESPATCHED: frozenset(Missing)}
DETAILS = {"order": "SO1", "promised": "2026-03-04", "zone": "Asia/Shanghai", "short": "2", "line": "1: 8 / 10"}


def late(since: float = 0) -> Found:
    return Found(Kind.LATE, SubjectType.ORDER, "SO1", hours(since), DETAILS)


def short(line: str = "1", since: float = 0) -> Found:
    about = (SubjectType.ORDER, "SO1")
    return Found(Kind.UNDER_DESPATCHED, SubjectType.LINE, f"SO1/{line}", hours(since), DETAILS, about)


@dataclass
class People:
    """What was said to the tasks of SO1."""

    feedback: dict[str, Answer]
    actions: list[OperatorAction]

    def answer(
        self,
        task: str,
        at: float,
        outcome: FeedbackOutcome = FeedbackOutcome.DONE,
        *,
        since: float = 0,
        by: str = "mei",
        reason: str = "",
        approved_by: str = "",
    ) -> None:
        told = Answer(task, hours(since), "tickets", 1, outcome, "17", hours(at), by, reason, approved_by)
        self.feedback[f"{outcome} {at}"] = told

    def act(self, act: Act, at: float, *, task: str = LATE, until: float | None = None, approved_by: str = "") -> None:
        self.actions.append(
            OperatorAction(
                account=ERP,
                scope="order",
                subject="SO1",
                act=act,
                at=hours(at),
                by="li",
                why="The customer knows.",
                task=task,
                until=None if until is None else hours(until),
                approved_by=approved_by,
            )
        )

    def asked(self, now: float, *found: Found) -> Tasks:
        return tasks_of(found, self.feedback, PLACE, Clock(hours(now)), POLICY, self.actions, BOTH)

    def task(self, now: float, *found: Found) -> Task | None:
        tasks = self.asked(now, *found).tasks
        assert len(tasks) <= 1
        return tasks[0] if tasks else None


@pytest.fixture
def people() -> People:
    return People({}, [])


def wakes(tasks: Tasks) -> list[datetime]:
    return [wake.at for wake in tasks.wakes]


def body(task: Task | None, language: str = "en") -> str:
    assert task is not None
    return task.texts[language].body


@pytest.mark.parametrize("outcome", [FeedbackOutcome.DONE, FeedbackOutcome.REFUSED, FeedbackOutcome.APPROVED])
def test_a_closed_task_rests_for_its_grace_and_comes_back_while_its_cause_holds(
    people: People, outcome: FeedbackOutcome
) -> None:
    people.answer(LATE, 2, outcome)
    assert people.task(25.9, late()) is None
    assert wakes(people.asked(25.9, late())) == [hours(26)]
    task = people.task(26, late())
    assert task is not None
    assert task.answer is not None
    assert task.answer.outcome.value == outcome.value
    assert task.feedback == (f"{outcome} 2",)


def test_a_returned_task_says_who_closed_it_when_and_why_in_both_languages(people: People) -> None:
    people.answer(LATE, 2, reason="The driver\npromised it.")
    task = people.task(26, late())
    told = "mei closed this as done on 2026-03-02 10:00 (Asia/Shanghai), and the cause still holds."
    assert body(task).splitlines()[:2] == [told, "Reason given: The driver promised it."]
    assert "Order SO1 was promised" in body(task)
    assert body(task, "zh-CN").startswith(
        "mei 已于 2026-03-02 10:00 (Asia/Shanghai) 将此任务标为完成，但原因仍未消除。"
    )


def test_a_task_that_somebody_without_a_name_closed_says_so(people: People) -> None:
    people.answer(LATE, 2, FeedbackOutcome.REFUSED, by="")
    assert body(people.task(26, late())).startswith("Somebody refused this")


def test_a_closing_answers_only_the_interval_that_it_was_given_for(people: People) -> None:
    people.answer(LATE, 2, since=0)
    task = people.task(3, late(since=2.5))
    assert task is not None
    assert task.answer is None
    assert task.feedback == ()


def test_an_opened_record_is_no_answer(people: People) -> None:
    people.answer(LATE, 2, FeedbackOutcome.OPENED)
    task = people.task(3, late())
    assert task is not None
    assert task.answer is None


def test_a_task_that_needs_both_says_so_from_the_start(people: People) -> None:
    assert body(people.task(1, short())).endswith(
        "To stay closed it needs a reason and the name of whoever approves it."
    )
    assert body(people.task(1, short()), "zh-CN").endswith("关闭此任务须填写原因和批准人。")


@pytest.mark.parametrize(
    ("reason", "approved_by", "missing", "asks"),
    [
        ("A pallet broke.", "", [Missing.APPROVAL], "To stay closed it still needs the name of whoever approves it."),
        ("", "chen", [Missing.REASON], "To stay closed it still needs a reason."),
        ("", "", list(Missing), "To stay closed it needs a reason and the name of whoever approves it."),
    ],
)
def test_closed_with_less_than_both_it_is_asked_again_at_once_and_says_what_is_missing(
    people: People, reason: str, approved_by: str, missing: list[Missing], asks: str
) -> None:
    people.answer(SHORT, 2, reason=reason, approved_by=approved_by)
    task = people.task(2, short())
    assert task is not None
    assert task.answer is not None
    assert list(task.answer.missing) == missing
    assert task.feedback == ("done 2",)
    lines = body(task).splitlines()
    assert lines[0] == "mei closed this on 2026-03-02 10:00 (Asia/Shanghai), but not with all that it needs."
    assert lines[-1] == asks


@pytest.mark.parametrize("order", [("reason", "approval"), ("approval", "reason"), ("both",)])
def test_with_both_in_one_closing_or_two_it_asks_nothing_any_more_and_stays_recorded(
    people: People, order: tuple[str, ...]
) -> None:
    for place, what in enumerate(order):
        people.answer(
            SHORT,
            2 + place,
            FeedbackOutcome.DONE if what == "reason" else FeedbackOutcome.APPROVED,
            reason="A pallet broke." if what != "approval" else "",
            approved_by="chen" if what != "reason" else "",
        )
    tasks = people.asked(2000, short())
    assert tasks.tasks == ()
    assert tasks.wakes == ()
    [finding] = findings_of([short()], POLICY, tasks.answered)
    assert finding.answer is not None
    assert (finding.answer.reason, finding.answer.approved_by) == ("A pallet broke.", "chen")
    assert finding.answer.missing == ()


def test_a_deviation_that_arose_after_the_approval_asks_for_its_own(people: People) -> None:
    people.answer(SHORT, 2, FeedbackOutcome.APPROVED, reason="A pallet broke.", approved_by="chen")
    task = people.task(6, short("1"), short("2", since=5))
    assert task is not None
    assert task.since == hours(5)
    assert task.answer is None
    assert task.feedback == ("approved 2",)


def test_an_approval_stands_for_each_line_it_was_given_for_though_another_has_cleared(people: People) -> None:
    people.answer(SHORT, 2, FeedbackOutcome.APPROVED, reason="A pallet broke.", approved_by="chen")
    assert people.task(6, short("2", since=1)) is None


def test_a_refused_deviation_rests_and_was_neither_explained_nor_approved(people: People) -> None:
    people.answer(SHORT, 2, FeedbackOutcome.REFUSED, reason="Not ours.")
    assert people.task(25, short()) is None
    task = people.task(26, short())
    assert task is not None
    assert task.answer is not None
    assert task.answer.missing == (Missing.REASON, Missing.APPROVAL)


def test_a_snoozed_task_sleeps_until_then_and_says_who_put_it_off(people: People) -> None:
    people.act(Act.SNOOZE, 1, until=9)
    asleep = people.asked(8.9, late())
    assert asleep.tasks == ()
    assert wakes(asleep) == [hours(9)]
    [finding] = findings_of([late()], POLICY, asleep.answered)
    assert finding.answer is not None
    assert finding.answer.until == hours(9)
    assert body(people.task(9, late())).startswith("li put this off until 2026-03-02 17:00 (Asia/Shanghai)")


def test_the_newest_snooze_counts_though_it_is_the_shorter_one(people: People) -> None:
    people.act(Act.SNOOZE, 1, until=9)
    people.act(Act.SNOOZE, 2, until=5)
    assert people.task(5, late()) is not None


def test_a_snooze_does_not_hide_what_began_after_it(people: People) -> None:
    people.act(Act.SNOOZE, 1, until=9)
    assert people.task(5, late(since=4)) is not None


def test_a_closed_task_stays_closed_and_a_new_interval_is_asked(people: People) -> None:
    people.act(Act.CLOSE, 1)
    closed = people.asked(2000, late())
    assert closed.tasks == ()
    assert closed.wakes == ()
    assert people.task(2000, late(since=1.5)) is not None


@pytest.mark.parametrize("before", ["close", "snooze", "done"])
def test_reopened_it_is_asked_at_once_whatever_had_been_said(people: People, before: str) -> None:
    if before == "close":
        people.act(Act.CLOSE, 1)
    elif before == "snooze":
        people.act(Act.SNOOZE, 1, until=500)
    else:
        people.answer(LATE, 1)
    assert people.task(2, late()) is None
    people.act(Act.REOPEN, 2)
    task = people.task(2, late())
    assert body(task).startswith("li asked for this again on 2026-03-02 10:00 (Asia/Shanghai).")
    assert task is not None
    assert len(task.feedback) == (before == "done")


def test_reopened_a_deviation_needs_its_reason_and_approval_anew(people: People) -> None:
    people.answer(SHORT, 1, FeedbackOutcome.APPROVED, reason="A pallet broke.", approved_by="chen")
    people.act(Act.REOPEN, 2, task=SHORT)
    task = people.task(3, short())
    assert task is not None
    assert task.answer is not None
    assert task.answer.missing == (Missing.REASON, Missing.APPROVAL)
    assert task.answer.outcome is AnswerOutcome.REOPENED


@pytest.mark.parametrize(("approved_by", "asks"), [("chen", False), ("", True)])
def test_an_operator_too_closes_a_deviation_only_with_an_approval(
    people: People, approved_by: str, *, asks: bool
) -> None:
    people.act(Act.CLOSE, 1, task=SHORT, approved_by=approved_by)
    assert (people.task(2, short()) is not None) is asks


def test_answers_to_other_tasks_say_nothing_of_this_one(people: People) -> None:
    people.answer(SHORT, 2)
    people.act(Act.CLOSE, 1, task=SHORT)
    task = people.task(3, late())
    assert task is not None
    assert task.answer is None


def test_both_languages_say_the_same_of_answers() -> None:
    entries = {*AnswerOutcome, "incomplete", "somebody", "lacks_both", "lacks_reason", "lacks_approval"}
    details = {"by": "mei", "at": "10:00", "until": "12:00", "reason": "It rains.", "approved_by": "chen"}
    for language in LANGUAGES:
        assert set(answers(language)) == {str(entry) for entry in entries}
    for entry in answers("en"):
        english, chinese = (answer_lines(language, entry, details) for language in LANGUAGES)
        assert len(english) == len(chinese)
        for detail in details.values():
            assert [detail in line for line in english] == [detail in line for line in chinese]


def test_a_word_ends_a_finding_of_its_kind_and_interval_alone(people: People) -> None:
    people.act(Act.CONFIRM, 4)
    confirmed = people.actions
    by_word = {Kind.LATE}
    assert unconfirmed([late(4)], confirmed, PLACE, by_word) == ()
    assert unconfirmed([late(4.1)], confirmed, PLACE, by_word) == (late(4.1),)
    assert unconfirmed([late(4)], confirmed, PLACE, set()) == (late(4),)
    assert unconfirmed([short()], confirmed, PLACE, {Kind.UNDER_DESPATCHED}) == (short(),)


def test_a_closed_task_s_finding_is_not_ended(people: People) -> None:
    people.act(Act.CLOSE, 4)
    people.act(Act.CONFIRM, 4, task=SHORT)
    assert unconfirmed([late(4)], people.actions, PLACE, {Kind.LATE}) == (late(4),)


def test_a_task_is_settled_by_the_last_closing_that_gave_what_it_needs(people: People) -> None:
    reason = {Missing.REASON}
    people.answer(LATE, 1, reason="It rains.")
    people.answer(LATE, 2)
    people.answer(LATE, 3, FeedbackOutcome.REFUSED, reason="Not ours.")
    people.act(Act.SNOOZE, 4, until=9)
    assert settled_at(sayings_of(LATE, people.feedback, people.actions), reason) == hours(1)
    assert settled_at(sayings_of(LATE, people.feedback, people.actions), ()) is None
    people.act(Act.CLOSE, 5)
    assert settled_at(sayings_of(LATE, people.feedback, people.actions), reason) == hours(5)
    assert settled_at(sayings_of(LATE, people.feedback, people.actions), ()) == hours(5)
    people.act(Act.REOPEN, 6)
    assert settled_at(sayings_of(LATE, people.feedback, people.actions), reason) is None


@pytest.mark.parametrize(("until", "wakes_at"), [(40, 40), (10, 26)])
def test_a_snooze_and_a_rest_both_count(people: People, until: float, wakes_at: float) -> None:
    people.answer(LATE, 2)
    people.act(Act.SNOOZE, 3, until=until)
    assert wakes(people.asked(4, late())) == [hours(wakes_at)]
