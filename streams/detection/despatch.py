"""Despatch: what left against what was ordered."""

from datetime import datetime

from contracts.acceptance import Deviation
from contracts.clock import Clock
from contracts.policy import Matter, Policy
from contracts.snapshot import Kind, LineView, Severity, SubjectType
from streams.delivery.case import Case
from streams.delivery.deviations import Deviating
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import amount, promise


def under_despatched(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a line is closed (no goods issue of it is open), less left than was ordered, and the grace is over.

    A deviation within tolerance is recorded and asks nothing. Clears when more leaves, a goods issue of it opens again,
    a remedy covers what is missing, or the line is cancelled. A finding a line, one task an order. Rests on hearing the
    ERP: the back-order may be told next.
    """
    return _deviating(case, Deviation.SHORT, Kind.UNDER_DESPATCHED, policy, clock)


def over_despatched(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when more of a line left than was ordered, came back and is to be replaced, and the grace is over.

    A deviation within tolerance is recorded and asks nothing. Clears when the order is raised, the goods issue
    corrected, goods come back, or a remedy covers it. A finding a line, one task an order. Rests on hearing the ERP:
    the raised order may be told next.
    """
    return _deviating(case, Deviation.OVER, Kind.OVER_DESPATCHED, policy, clock)


def _deviating(case: Case, what: Deviation, kind: Kind, policy: Policy, clock: Clock) -> Verdict:
    return Verdict.all_of(
        _judged(case, kind, one, policy, clock)
        for one in case.receipt.open(what, at_despatch=True)
        if one.line in case.line_of
    )


def _judged(case: Case, kind: Kind, one: Deviating, policy: Policy, clock: Clock) -> Verdict:
    matter = case.matter_of(case.line_of[one.line])
    opens_at = one.since + policy.about(matter).kind(kind).grace
    return Verdict.at(opens_at, (case.hears_erp,), clock, _found(case, kind, one, opens_at, matter))


def _found(case: Case, kind: Kind, one: Deviating, since: datetime, matter: Matter) -> Found:
    view = case.line_of[one.line].view
    name = "short" if one.what is Deviation.SHORT else "over"
    return Found(
        kind=kind,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{view.line}",
        since=since,
        details={
            **case.named,
            "promised": promise(case.promised),
            name: amount(one.open),
            "line": f"{named(view)}: {amount(view.despatched)} / {amount(view.ordered)}",
        },
        task_subject=(SubjectType.ORDER, case.number),
        matter=matter,
        severity=Severity.RECORDED if one.is_tolerated else None,
    )


def named(line: LineView) -> str:
    """Name a line as people do: its number, its product, the product's name."""
    return " ".join(part for part in (line.line, line.product, line.product_name) if part)


DESPATCH: tuple[KindOfFinding, ...] = (
    KindOfFinding(
        Kind.UNDER_DESPATCHED,
        "quantity",
        "order",
        SubjectType.ORDER,
        under_despatched,
        rolls_up=True,
        needs_reason=True,
        needs_approval=True,
    ),
    KindOfFinding(
        Kind.OVER_DESPATCHED,
        "quantity",
        "order",
        SubjectType.ORDER,
        over_despatched,
        rolls_up=True,
        needs_reason=True,
        needs_approval=True,
    ),
)
