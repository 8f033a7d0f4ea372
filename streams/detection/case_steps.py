"""What an after-sales case waits for: its answer, its solution, its verification, its order. Judged by `cases`.

A case that was reopened is a new round: everything counts anew from the reopening.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from contracts.clock import Clock
from contracts.policy import CasePolicy, Policy
from contracts.service import ServiceCase
from contracts.snapshot import CaseState, Kind, Severity, SubjectType
from streams.calendars import calendar_of, later
from streams.detection.finding import Found, Verdict
from streams.detection.wording import instant

_NUMBERS = {Severity.GRAVE: "1", Severity.MAJOR: "2", Severity.ORDINARY: "3"}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as its rules look at it. named_since: since when it names the order that it names, or none."""

    case: ServiceCase
    named_since: datetime

    def done(self, *steps: CaseState) -> bool:
        """Whether one of these steps was reached in the present round."""
        return any(self.case.when(step) is not None for step in steps)


CaseRule = Callable[[CaseFacts, Policy, Clock], Verdict]


def response_overdue(facts: CaseFacts, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a case was not answered within the time that its severity allows, and the grace is over.

    The time runs from its report, or from its last reopening. Clears when it is answered, or a later step is reached.
    Rests on hearing ingress, and the account that tells the case where it is polled.
    """
    if facts.done(CaseState.RESPONDED, CaseState.SOLVED, CaseState.VERIFIED, CaseState.CLOSED):
        return Verdict()
    return _overdue(facts, Kind.RESPONSE_OVERDUE, facts.case.began, policy.response_overdue, policy, clock)


def resolution_overdue(facts: CaseFacts, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a case was not solved within the time that its severity allows, and the grace is over.

    The time runs from its report, or from its last reopening. Clears when it is solved, or a later step is reached.
    Rests on hearing ingress, and the account that tells the case where it is polled.
    """
    if facts.done(CaseState.SOLVED, CaseState.VERIFIED, CaseState.CLOSED):
        return Verdict()
    return _overdue(facts, Kind.RESOLUTION_OVERDUE, facts.case.began, policy.resolution_overdue, policy, clock)


def verification_overdue(facts: CaseFacts, policy: Policy, clock: Clock) -> Verdict:
    """Opens when nobody has verified a solution within the time that the severity allows, and the grace is over.

    The time runs from the solution. Clears when it is verified, or the case is closed or reopened. Rests on hearing
    ingress, and the account that tells the case where it is polled.
    """
    solved = facts.case.when(CaseState.SOLVED)
    if solved is None or facts.done(CaseState.VERIFIED, CaseState.CLOSED):
        return Verdict()
    return _overdue(facts, Kind.VERIFICATION_OVERDUE, solved, policy.verification_overdue, policy, clock)


def _overdue(
    facts: CaseFacts, kind: Kind, began: datetime, settings: CasePolicy, policy: Policy, clock: Clock
) -> Verdict:
    graded = settings.graded(facts.case.severity)
    deadline = later(policy, graded, began, graded.within.of(graded.severity))
    opens_at = deadline + graded.grace
    zone = calendar_of(policy).zone
    found = Found(
        kind=kind,
        subject_type=SubjectType.CASE,
        subject=facts.case.case,
        since=opens_at,
        details=details_of(facts.case, zone) | {"deadline": _at(deadline, zone), "began": _at(began, zone)},
        severity=graded.severity,
    )
    return Verdict.at(opens_at, policy.heard_from_after_sales(facts.case.account), clock, found)


def details_of(case: ServiceCase, zone: str) -> dict[str, str]:
    """Say what people need to know of a case, in the zone of their calendar."""
    party = case.customer
    return {
        "case": case.case,
        "title": case.title,
        "severity": _NUMBERS[case.severity] if case.severity else "",
        "order": case.order,
        "product": case.product,
        "customer": (party.name or party.id) if party else "",
        "assigned_to": case.assigned_to,
        "reported": _at(case.reported, zone),
        "reopened": _at(case.began, zone) if case.began > case.reported else "",
        "solved": _at(case.solved, zone) if case.when(CaseState.SOLVED) is not None and case.solved else "",
    }


def _at(at: datetime, zone: str) -> str:
    return f"{instant(at, zone)} {zone}"


def names_no_order(facts: CaseFacts, policy: Policy, clock: Clock) -> Verdict:
    """Find a case that names no order, once the grace is over."""
    case = facts.case
    if case.names_order is not None:
        return Verdict()
    opens_at = facts.named_since + policy.case_unmatched.grace
    return Verdict.at(opens_at, policy.heard_from_after_sales(case.account), clock, unmatched(case, opens_at, policy))


def unmatched(case: ServiceCase, since: datetime, policy: Policy) -> Found:
    """Say that a case's order is unknown."""
    return Found(
        kind=Kind.CASE_UNMATCHED,
        subject_type=SubjectType.CASE,
        subject=case.case,
        since=since,
        details=details_of(case, calendar_of(policy).zone),
    )


CASE_RULES: tuple[tuple[Kind, CaseRule], ...] = (
    (Kind.RESPONSE_OVERDUE, response_overdue),
    (Kind.RESOLUTION_OVERDUE, resolution_overdue),
    (Kind.VERIFICATION_OVERDUE, verification_overdue),
    (Kind.CASE_UNMATCHED, names_no_order),
)


def judge_case(facts: CaseFacts, policy: Policy, clock: Clock) -> Verdict:
    """Ask every rule over cases that the policy has on; nobody is asked about a case that is closed or withdrawn."""
    if not facts.case.is_open:
        return Verdict()
    return Verdict.all_of(rule(facts, policy, clock) for kind, rule in CASE_RULES if policy.kind(kind).enabled)
