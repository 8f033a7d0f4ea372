"""Follow-up: what was agreed for the time after delivery, and who is to see to it.

The same rule serves an open delivery and the stub of a closed one: both have a plan, and know what was seen to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.clock import Clock
from contracts.feedback import FeedbackOutcome
from contracts.operator_action import Act
from contracts.policy import Policy
from contracts.service import Survey
from contracts.snapshot import Kind, SubjectType, task_key_of
from streams.delivery.case import Case
from streams.delivery.follow_ups import plan_of
from streams.delivery.stub import Stub
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import day
from streams.engine.stage import Wake


@dataclass(frozen=True, slots=True)
class Planned:
    """An order's follow-ups, wherever they are kept."""

    order: str
    customer: str
    zone: str
    plan: Mapping[str, datetime]
    done: Collection[str]


def planned_of_stub(stub: Stub) -> Planned:
    """Read them from a stub."""
    return Planned(stub.order, stub.customer, stub.zone, stub.plan, stub.done)


def planned_of_case(case: Case, policy: Policy) -> Planned:
    """Read them from a delivery."""
    plan = plan_of(case.order.service if case.order else None, case.counts_from, case.zone, policy)
    return Planned(case.number, case.customer, case.zone, plan, done_of(case, plan))


def done_of(case: Case, plan: Collection[str]) -> tuple[str, ...]:
    """Say which follow-ups were seen to: whoever ends such a task has done it, or was told not to.

    A survey that was answered was made, whoever asked for it.
    """
    delivery, about = case.facts, (SubjectType.ORDER, case.number)
    kinds = {task_key_of(case.account, "order", case.number, about, Kind(kind)): kind for kind in plan}
    ended = {
        kinds[answer.task]
        for answer in delivery.answers.values()
        if answer.task in kinds and answer.outcome is not FeedbackOutcome.OPENED
    }
    ended |= {
        kinds[action.task] for action in case.actions if action.task in kinds and action.act in {Act.CLOSE, Act.CONFIRM}
    }
    if any(name.startswith(f"{Survey.kind}/") for name in delivery.told):
        ended |= {Kind.SURVEY_DUE.value} & set(plan)
    return tuple(sorted(ended | set(delivery.done)))


def due(kind: Kind, planned: Planned, policy: Policy, clock: Clock) -> Verdict:
    """Find a follow-up whose time has come and that nobody has seen to."""
    opens_at = planned.plan.get(kind)
    if opens_at is None or kind in planned.done or not policy.kind(kind).enabled:
        return Verdict()
    ends_at = opens_at + policy.warranty_expiring.lead if kind is Kind.WARRANTY_EXPIRING else None
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
