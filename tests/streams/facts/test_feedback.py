"""What people did to tasks, as facts: each once, and shown in the history."""

from datetime import UTC, datetime, timedelta

from contracts.feedback import FeedbackOutcome, TaskFeedback
from streams.delivery.aftermath import answered
from streams.detection.answers import sayings_of
from streams.facts.feedback import add_answer

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def given(to: str, at: datetime = AT) -> TaskFeedback:
    return TaskFeedback(
        account="erp",
        scope="order",
        subject="SO-1",
        task="late",
        since=AT,
        target="desk",
        episode=1,
        outcome=FeedbackOutcome.REASSIGNED,
        record="17",
        at=at,
        assigned_to=to,
    )


def test_a_task_that_is_given_to_somebody_shows_in_the_history_and_answers_nothing() -> None:
    answers = add_answer({}, given("Mei 梅"))
    (entry,) = answered(answers.values())
    assert (entry.what, entry.subject, entry.text) == ("task_reassigned", "desk 17", "Mei 梅")
    assert sayings_of("late", answers, ()) == ()


def test_told_twice_it_is_one_fact_and_given_back_it_is_another() -> None:
    answers = add_answer(add_answer({}, given("Mei")), given("Mei"))
    assert len(answers) == 1
    assert len(add_answer(answers, given("Mei", AT + timedelta(hours=1)))) == 2
