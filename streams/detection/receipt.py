"""Receipt: what the customer received against what left, by line."""

from collections.abc import Iterable
from datetime import datetime

from contracts.acceptance import Deviation
from contracts.clock import Clock
from contracts.policy import Matter, Policy
from contracts.snapshot import Kind, Severity, SubjectType
from streams.delivery.case import Case
from streams.delivery.deviations import Deviating
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import amount


def under_received(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a final acceptance leaves out something of a line that had left.

    By default recorded only, within tolerance always: beyond it `receipt_discrepancy` asks. Clears when an acceptance
    tells of the rest, or a remedy covers it. A finding a line. Rests on nobody's silence: the acceptance is final.
    """
    return _each(case, Deviation.SHORT, Kind.UNDER_RECEIVED, policy, clock)


def damaged(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an acceptance tells of damaged goods.

    By default recorded only: `receipt_discrepancy` asks. Clears when a remedy covers them, or the acceptance is
    corrected. A finding a line. Rests on nobody's silence.
    """
    return _each(case, Deviation.DAMAGED, Kind.DAMAGED, policy, clock)


def wrong_item(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an acceptance tells of another product in place of a line's.

    By default recorded only: `receipt_discrepancy` asks. Clears when a remedy covers it, or the acceptance is
    corrected. A finding a line. Rests on nobody's silence.
    """
    return _each(case, Deviation.WRONG_ITEM, Kind.WRONG_ITEM, policy, clock)


def over_received(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when more was received than any goods issue tells, or a product that no line has, and the grace is over.

    A deviation within tolerance is recorded and asks nothing. Clears when a goods issue explains it, a remedy covers
    it, or the acceptance is corrected. A finding a line or product, one task an order. Rests on hearing the ERP: the
    goods issue may be told next.
    """
    return _each(case, Deviation.OVER, Kind.OVER_RECEIVED, policy, clock, (case.hears_erp,))


def _each(
    case: Case, what: Deviation, kind: Kind, policy: Policy, clock: Clock, rests_on: tuple[str, ...] = ()
) -> Verdict:
    return Verdict.all_of(_judged(case, kind, one, policy, clock, rests_on) for one in open_deviations(case, what))


def _judged(case: Case, kind: Kind, one: Deviating, policy: Policy, clock: Clock, rests_on: tuple[str, ...]) -> Verdict:
    matter = matter_of(case, one)
    opens_at = one.since + policy.about(matter).kind(kind).grace
    return Verdict.at(opens_at, rests_on, clock, _found(case, kind, one, opens_at, matter))


def matter_of(case: Case, one: Deviating) -> Matter:
    """Say what settings for a deviation depend on: its line, or the product that no line has."""
    line = case.line_of.get(one.line)
    return case.matter_of(line) if line else case.matter._replace(products=frozenset({one.product}))


def open_deviations(case: Case, *kinds: Deviation) -> list[Deviating]:
    """Give what no remedy covers of what was received otherwise than it left."""
    return case.receipt.open(*kinds) if case.is_promised else []


def _found(case: Case, kind: Kind, one: Deviating, since: datetime, matter: Matter) -> Found:
    return Found(
        kind=kind,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{one.line}",
        since=since,
        details={
            **case.named,
            "quantity": amount(one.open),
            "line": listed([one]),
            "received": _received(case, one),
            "note": one.note,
        },
        task_subject=(SubjectType.ORDER, case.number),
        matter=matter,
        severity=Severity.RECORDED if one.is_tolerated else None,
    )


def listed(deviations: Iterable[Deviating]) -> str:
    """List them: `1 BRG-6204: 2`; of a product that no line has, its code alone."""
    return ", ".join(
        f"{one.line} {one.product}: {amount(one.open)}"
        if one.line != one.product
        else f"{one.product}: {amount(one.open)}"
        for one in deviations
    )


def _received(case: Case, one: Deviating) -> str:
    """Write what was received and had left of a line: `12 / 10`."""
    line = case.line_of.get(one.line)
    if line is None or line.view.received is None:
        return ""
    return f"{amount(line.view.received)} / {amount(line.view.despatched)}"


RECEIPT: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.UNDER_RECEIVED, "quantity", "order", SubjectType.ORDER, under_received, rolls_up=True),
    KindOfFinding(Kind.DAMAGED, "quantity", "order", SubjectType.ORDER, damaged, rolls_up=True),
    KindOfFinding(Kind.WRONG_ITEM, "quantity", "order", SubjectType.ORDER, wrong_item, rolls_up=True),
    KindOfFinding(
        Kind.OVER_RECEIVED,
        "quantity",
        "order",
        SubjectType.ORDER,
        over_received,
        rolls_up=True,
        needs_reason=True,
        needs_approval=True,
    ),
)
