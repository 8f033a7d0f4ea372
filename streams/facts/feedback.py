"""What people did to tasks, as facts of the delivery or parcel that the tasks are about."""

from datetime import datetime

import msgspec

from contracts.feedback import FeedbackOutcome, TaskFeedback


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """One outcome at a target. task is the task's key; since that of the wish it answered.

    reason: the person's own; of a reassignment, whose it is now.
    """

    task: str
    since: datetime
    target: str
    episode: int
    outcome: FeedbackOutcome
    record: str
    at: datetime
    by: str
    reason: str
    approved_by: str = ""


def add_answer(answers: dict[str, Answer], feedback: TaskFeedback) -> dict[str, Answer]:
    """Add one, once; of two tellings of the same outcome the earlier counts."""
    told = Answer(
        task=feedback.task,
        since=feedback.since,
        target=feedback.target,
        episode=feedback.episode,
        outcome=feedback.outcome,
        record=feedback.record,
        at=feedback.at,
        by=feedback.by,
        reason=feedback.assigned_to or feedback.reason,
        approved_by=feedback.approved_by,
    )
    known = answers.get(feedback.id)
    if known is not None and _said(known) <= _said(told):
        return answers
    return dict(sorted((answers | {feedback.id: told}).items()))


def _said(answer: Answer) -> tuple[datetime, str, str, str]:
    return answer.at, answer.by, answer.reason, answer.approved_by
