"""Risk: what will not arrive in its window, as far as is known before it closes."""

from datetime import datetime
from decimal import Decimal

from contracts.clock import Clock
from contracts.documents import IssueState
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.delivery.expected import Expected, Ground, by_transit, expected_arrival
from streams.delivery.lines import Line
from streams.delivery.plan import is_fetched, next_part, ship_by
from streams.delivery.quantities import counted
from streams.delivery.reaching import reached_at
from streams.delivery.schedule import Part
from streams.delivery.serving import Served, has_left
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.lateness import until_closed
from streams.detection.wording import instant, promise

_NOT_LEFT = "not_left"


def at_risk(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when the best known arrival of a line lies behind its window, or it has not left when it must have.

    The carrier's ETA counts where it gives one, else what four in five parcels of its lane took, else the policy's
    transit time. Clears when an earlier arrival is
    known, with the delivery, or when the window closes. A finding a line, one task an order. Rests on hearing the ERP
    for what has not left, else on nobody's silence.
    """
    if is_fetched(case):
        return Verdict()
    return Verdict.all_of(
        _at_risk(case, line, part, policy.about(case.matter_of(line)), clock)
        for line in case.live_lines
        if (part := next_part(line)) is not None
    )


def _at_risk(case: Case, line: Line, part: Part, policy: Policy, clock: Clock) -> Verdict:
    gives_way = until_closed(case, line, part)
    grace = policy.at_risk.grace
    if not _all_left(line, part):
        by = ship_by(case, line, part, policy)
        found = _found(case, line, part, by + grace, {"basis": _NOT_LEFT, "ship_by": instant(by, case.zone)})
        return Verdict.between(found.since, gives_way, (case.hears_erp,), clock, found)
    expected = _expected(case, line, part, policy)
    since = expected.behind_since(part.promised.closes) if expected else None
    if expected is None or since is None:
        return Verdict()
    details = {"basis": str(expected.basis), "expected": instant(expected.at, case.zone)}
    if expected.sample:
        details["sample"] = str(expected.sample)
    found = _found(case, line, part, since + grace, details)
    return Verdict.between(found.since, gives_way, (), clock, found)


def _all_left(line: Line, part: Part) -> bool:
    """Whether as much has left as the part needs, or nothing more is to come."""
    if line.closed_at is not None or line.view.uncounted:
        return True
    return line.view.despatched.value >= part.needed


def _expected(case: Case, line: Line, part: Part, policy: Policy) -> Expected | None:
    """When as much as the part needs is expected to have arrived."""
    coming = [
        (expected, quantity)
        for served in line.served
        if served.issue.state is IssueState.DESPATCHED and (expected := _arrival(case, served, policy)) is not None
        for quantity in [counted(served, line.view.ordered.unit)]
    ]
    come = Decimal(0)
    for expected, quantity in sorted(coming, key=lambda one: one[0].at):
        come += quantity
        if come >= part.needed:
            return expected
    return max((expected for expected, _ in coming), key=lambda one: one.at, default=None)


def _arrival(case: Case, served: Served, policy: Policy) -> Expected | None:
    """When a goods issue's part arrives: of several parcels the last."""
    if case.order is None:
        return None
    reached = reached_at(served, case.lives, case.order.method)
    if reached is not None:
        return Expected(Ground.CARRIER, ((reached, reached),))
    if not served.parcels:
        return by_transit(case, served.issue.document, has_left(served.issue), policy)
    lives = [case.lives[number] for number in served.parcels if number in case.lives]
    expected = [found for life in lives if (found := expected_arrival(case, life, policy)) is not None]
    return max(expected, key=lambda one: one.at, default=None)


def _found(case: Case, line: Line, part: Part, since: datetime, details: dict[str, str]) -> Found:
    return Found(
        kind=Kind.AT_RISK,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{line.view.line}",
        since=since,
        details={
            **case.named,
            "promised": promise(part.promised),
            "zone": case.zone,
            "line": f"{line.view.line} ({line.view.product})",
        }
        | details,
        task_subject=(SubjectType.ORDER, case.number),
        matter=case.matter_of(line),
    )


RISK: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.AT_RISK, "delay", "order", SubjectType.ORDER, at_risk, rolls_up=True),
)
