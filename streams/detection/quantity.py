"""Quantity: what left against what was ordered."""

from datetime import datetime
from decimal import Decimal

from contracts.clock import Clock
from contracts.documents import Tolerance
from contracts.policy import Policy
from contracts.snapshot import Kind, LineView, SubjectType
from streams.delivery.case import Case
from streams.delivery.lines import Line
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import amount, promise


def under_despatched(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a line is closed (no goods issue of it is open), less left than was ordered, and the grace is over.

    A deviation within tolerance asks nothing. Clears when more leaves, a goods issue of it opens again, or the line is
    cancelled. A finding a line, one task an order. Rests on hearing the ERP: the back-order may be told next.
    """
    return Verdict.all_of(
        _short(case, line, line.closed_at, policy, clock)
        for line in case.live_lines
        if line.closed_at is not None and line.view.short.value > _tolerated(line, policy)
    )


def _short(case: Case, line: Line, closed_at: datetime, policy: Policy, clock: Clock) -> Verdict:
    view = line.view
    opens_at = closed_at + policy.under_despatched.grace
    found = Found(
        kind=Kind.UNDER_DESPATCHED,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{view.line}",
        since=opens_at,
        details={
            "order": case.number,
            "customer": case.customer,
            "promised": promise(case.promised),
            "short": amount(view.short),
            "line": f"{_named(view)}: {amount(view.despatched)} / {amount(view.ordered)}",
        },
        task_subject=(SubjectType.ORDER, case.number),
    )
    return Verdict.at(opens_at, (case.hears_erp,), clock, found)


def _named(line: LineView) -> str:
    return " ".join(part for part in (line.line, line.product, line.product_name) if part)


def _tolerated(line: Line, policy: Policy) -> Decimal:
    """What may be missing: the line's own tolerance where the order gives one, else the policy's."""
    percent = Decimal(str(policy.under_despatched.tolerance_percent))
    tolerance = line.tolerance or Tolerance(under_percent=percent)
    return max(tolerance.under, line.view.ordered.value * tolerance.under_percent / 100)


QUANTITY: tuple[KindOfFinding, ...] = (
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
)
