"""Service: after-sales cases, and what customers answer in surveys."""

from collections.abc import Iterable

from contracts.clock import Clock
from contracts.policy import Policy
from contracts.service import CaseNote, Survey
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.detection.case_steps import resolution_overdue, response_overdue, unmatched, verification_overdue
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.seen_to import Said, unseen


def case_unmatched(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an open case names no order, or one that the ERP never told, and the grace is over.

    Clears when it names an order that the ERP tells, or is closed. About the case. Rests on hearing whoever tells the
    case and, for an order that it names, the ERP.
    """
    if case.was_told:
        return Verdict()
    return Verdict.all_of(_unmatched(case, note, policy, clock) for note in case.case_notes)


def _unmatched(case: Case, note: CaseNote, policy: Policy, clock: Clock) -> Verdict:
    about, since = note.about, note.named_since
    if about is None or since is None or not about.is_open:
        return Verdict()
    opens_at = since + policy.case_unmatched.grace
    return Verdict.at(opens_at, (case.hears_erp,), clock, unmatched(about, opens_at, policy))


def survey_low(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a customer answers a survey with a score below the limit, and the grace is over.

    Clears when somebody has closed the task since: a score stays what it is. A finding a survey, one task an order.
    Rests on nobody's silence.
    """
    said = Said(case.account, case.number, case.facts.answers, case.actions)
    return low_scores(unseen(case.facts.reports(Survey), said), case.number, case.customer, policy, clock)


def low_scores(surveys: Iterable[Survey], order: str, customer: str, policy: Policy, clock: Clock) -> Verdict:
    """Find the surveys of an order, open or closed, whose score is low."""
    return Verdict.all_of(
        _low(survey, order, customer, policy, clock)
        for survey in surveys
        if survey.satisfaction < policy.survey_low.below_percent
    )


def _low(survey: Survey, order: str, customer: str, policy: Policy, clock: Clock) -> Verdict:
    opens_at = survey.answered + policy.survey_low.grace
    found = Found(
        kind=Kind.SURVEY_LOW,
        subject_type=SubjectType.DOCUMENT,
        subject=f"{order}/{survey.id}",
        since=opens_at,
        details={
            "order": order,
            "customer": customer,
            "score": f"{survey.score.normalize():f} ({survey.lowest.normalize():f}–{survey.highest.normalize():f})",
            "comment": survey.comment,
            "answered_by": survey.answered_by,
        },
        task_subject=(SubjectType.ORDER, order),
    )
    return Verdict.at(opens_at, (), clock, found)


SERVICE: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.RESPONSE_OVERDUE, "service", "case", SubjectType.CASE, meaning=response_overdue.__doc__ or ""),
    KindOfFinding(
        Kind.RESOLUTION_OVERDUE, "service", "case", SubjectType.CASE, meaning=resolution_overdue.__doc__ or ""
    ),
    KindOfFinding(
        Kind.VERIFICATION_OVERDUE, "service", "case", SubjectType.CASE, meaning=verification_overdue.__doc__ or ""
    ),
    KindOfFinding(Kind.CASE_UNMATCHED, "service", "case", SubjectType.CASE, case_unmatched),
    KindOfFinding(Kind.SURVEY_LOW, "service", "order", SubjectType.ORDER, survey_low, rolls_up=True),
)
