"""What a history tells beside the goods: after-sales cases, what customers answered, what was done to tasks."""

from collections.abc import Iterable
from datetime import datetime

from contracts.feedback import FeedbackOutcome
from contracts.service import ServiceCase, Survey
from contracts.snapshot import CaseState, TimelineEntry
from streams.facts.feedback import Answer

_STEPS = tuple(step for step in CaseState if step is not CaseState.REOPENED)


def case_timeline(case: ServiceCase) -> Iterable[TimelineEntry]:
    """Tell each step of a case, those of earlier rounds too."""
    reached: list[tuple[CaseState, datetime | None]] = [(step, getattr(case, step.value)) for step in _STEPS]
    for step, at in (*reached, *((CaseState.REOPENED, at) for at in case.reopened)):
        if at is not None:
            text = case.assigned_to if step is CaseState.ASSIGNED else case.title
            yield TimelineEntry(at=at, what=f"case_{step}", subject=case.case, text=text)


def survey_entry(survey: Survey) -> TimelineEntry:
    """Tell what a customer answered."""
    score = f"{survey.score.normalize():f} / {survey.highest.normalize():f}"
    return TimelineEntry(
        at=survey.answered,
        what="survey_answered",
        subject=survey.id,
        text=" ".join(filter(None, (score, survey.comment))),
    )


def answered(answers: Iterable[Answer]) -> Iterable[TimelineEntry]:
    """Tell what people did to tasks at their targets; an approval beside the closing that it approves."""
    for answer in answers:
        is_approved = answer.outcome is FeedbackOutcome.APPROVED
        outcome = FeedbackOutcome.DONE if is_approved else answer.outcome
        record = f"{answer.target} {answer.record}"
        yield TimelineEntry(at=answer.at, what=f"task_{outcome}", subject=record, text=answer.reason, by=answer.by)
        if is_approved:
            yield TimelineEntry(at=answer.at, what=f"task_{answer.outcome}", subject=record, by=answer.approved_by)
