"""Follow-up: what was agreed for the time after delivery, and who is to see to it.

The same rule serves an open delivery and the stub of a closed one: both have a plan, and know what was seen to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.clock import Clock
from contracts.policy import Policy
from contracts.service import Survey
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.delivery.follow_ups import plan_of, warranty_ends
from streams.delivery.stub import Stub
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.seen_to import Said, made
from streams.detection.wording import day
from streams.engine.stage import Wake
from streams.facts.by_hand import in_force


@dataclass(frozen=True, slots=True)
class Planned:
    """An order's follow-ups, wherever they are kept. ends: when its warranty does."""

    order: str
    customer: str
    zone: str
    plan: Mapping[str, datetime]
    done: Collection[str]
    ends: datetime | None = None


def planned_of_stub(stub: Stub) -> Planned:
    """Read them from a stub."""
    is_surveyed = bool(stub.reports(Survey))
    done = made(stub.follow_ups, said_of_stub(stub), is_surveyed=is_surveyed)
    return Planned(stub.order, stub.customer, stub.zone, stub.follow_ups, {*stub.done, *done}, stub.warranty_ends)


def said_of_stub(stub: Stub) -> Said:
    """Give what was said to the tasks about a closed order."""
    return Said(stub.account, stub.order, stub.answers, in_force(stub.actions()))


def planned_of_case(case: Case, policy: Policy) -> Planned:
    """Read them from a delivery. policy: as it applies to it."""
    terms = case.order.service if case.order else None
    if terms is None:
        return Planned(case.number, case.customer, case.zone, {}, case.facts.done)
    plan = plan_of(terms, case.counts_from, case.zone, policy)
    said = Said(case.account, case.number, case.facts.answers, case.actions)
    is_surveyed = any(name.startswith(f"{Survey.kind}/") for name in case.facts.told)
    done = {*case.facts.done, *made(plan, said, is_surveyed=is_surveyed)}
    ends = warranty_ends(terms, case.counts_from, case.zone)
    return Planned(case.number, case.customer, case.zone, plan, done, ends)


def due(kind: Kind, planned: Planned, policy: Policy, clock: Clock) -> Verdict:
    """Find a follow-up whose time has come and that nobody has seen to."""
    opens_at = planned.plan.get(kind)
    if opens_at is None or kind in planned.done or not policy.kind(kind).enabled:
        return Verdict()
    ends_at = planned.ends if kind is Kind.WARRANTY_EXPIRING else None
    found = Found(
        kind=kind,
        subject_type=SubjectType.ORDER,
        subject=planned.order,
        since=opens_at,
        details={
            "order": planned.order,
            "customer": planned.customer,
            "due": day(opens_at, planned.zone),
            "ends": day(ends_at, planned.zone) if ends_at else "",
        },
    )
    if ends_at is None:
        return Verdict.at(opens_at, (), clock, found)
    if clock.now >= ends_at:
        return Verdict()
    opened = Verdict.at(opens_at, (), clock, found)
    return Verdict(opened.found, (*opened.wakes, Wake(ends_at)))


def visit_due(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when as many days have passed since acceptance as the order's terms say. Clears when the task is ended.

    Counts from delivery where nobody tells acceptances. Rests on nobody's silence.
    """
    return due(Kind.VISIT_DUE, planned_of_case(case, policy), policy, clock)


def survey_due(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when as many days have passed since acceptance as the order's terms say.

    Clears when the task is ended, or a survey is answered.

    Counts from delivery where nobody tells acceptances. Rests on nobody's silence.
    """
    return due(Kind.SURVEY_DUE, planned_of_case(case, policy), policy, clock)


def training_due(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a while has passed since acceptance of an order with training. Clears when the task is ended.

    Counts from delivery where nobody tells acceptances. Rests on nobody's silence.
    """
    return due(Kind.TRAINING_DUE, planned_of_case(case, policy), policy, clock)


def warranty_expiring(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when the warranty, which starts at acceptance, nears its end. Clears when it, or its task, has ended.

    Counts from delivery where nobody tells acceptances. Rests on nobody's silence.
    """
    return due(Kind.WARRANTY_EXPIRING, planned_of_case(case, policy), policy, clock)


FOLLOW_UP: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.VISIT_DUE, "follow-up", "order", SubjectType.ORDER, visit_due, by_word=True),
    KindOfFinding(Kind.SURVEY_DUE, "follow-up", "order", SubjectType.ORDER, survey_due, by_word=True),
    KindOfFinding(Kind.TRAINING_DUE, "follow-up", "order", SubjectType.ORDER, training_due, by_word=True),
    KindOfFinding(Kind.WARRANTY_EXPIRING, "follow-up", "order", SubjectType.ORDER, warranty_expiring),
)
