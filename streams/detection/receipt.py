"""Receipt: what the customer received against what left. Damage, shortage and wrong items are coordinated at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from contracts.acceptance import Deviation
from contracts.clock import Clock
from contracts.policy import Policy
from contracts.snapshot import Kind, Severity, SubjectType
from streams.delivery.case import Case
from streams.delivery.deviations import Deviating
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import amount

_COORDINATED = (Deviation.SHORT, Deviation.DAMAGED, Deviation.WRONG_ITEM, Deviation.REJECTED)


def under_received(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a final acceptance leaves out something of a line that had left.

    By default recorded only, within tolerance always: beyond it `receipt_discrepancy` asks. Clears when an acceptance
    tells of the rest, or a remedy covers it. A finding a line. Rests on nobody's silence: the acceptance is final.
    """
    return _each(case, Deviation.SHORT, Kind.UNDER_RECEIVED, policy.under_received.grace, clock)


def damaged(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an acceptance tells of damaged goods.

    By default recorded only: `receipt_discrepancy` asks. Clears when a remedy covers them, or the acceptance is
    corrected. A finding a line. Rests on nobody's silence.
    """
    return _each(case, Deviation.DAMAGED, Kind.DAMAGED, policy.damaged.grace, clock)


def wrong_item(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an acceptance tells of another product in place of a line's.

    By default recorded only: `receipt_discrepancy` asks. Clears when a remedy covers it, or the acceptance is
    corrected. A finding a line. Rests on nobody's silence.
    """
    return _each(case, Deviation.WRONG_ITEM, Kind.WRONG_ITEM, policy.wrong_item.grace, clock)


def over_received(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when more was received than any goods issue tells, or a product that no line has, and the grace is over.

    A deviation within tolerance is recorded and asks nothing. Clears when a goods issue explains it, a remedy covers
    it, or the acceptance is corrected. A finding a line or product, one task an order. Rests on hearing the ERP: the
    goods issue may be told next.
    """
    return _each(case, Deviation.OVER, Kind.OVER_RECEIVED, policy.over_received.grace, clock, (case.hears_erp,))


def _each(
    case: Case, what: Deviation, kind: Kind, grace: timedelta, clock: Clock, rests_on: tuple[str, ...] = ()
) -> Verdict:
    return Verdict.all_of(
        Verdict.at(one.since + grace, rests_on, clock, _found(case, kind, one, one.since + grace))
        for one in _open(case, what)
    )


def _open(case: Case, *kinds: Deviation) -> list[Deviating]:
    return case.receipt.open(*kinds) if case.is_promised else []


def _found(case: Case, kind: Kind, one: Deviating, since: datetime) -> Found:
    return Found(
        kind=kind,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{one.line}",
        since=since,
        details={
            "order": case.number,
            "customer": case.customer,
            "quantity": amount(one.open),
            "line": _listed([one]),
            "received": _received(case, one),
            "note": one.note,
        },
        task_subject=(SubjectType.ORDER, case.number),
        severity=Severity.RECORDED if one.is_tolerated else None,
    )


def _listed(deviations: Iterable[Deviating]) -> str:
    """List them: `1 BRG-6204: 2`; of a product that no line has, its code alone."""
    return ", ".join(
        f"{one.line} {one.product}: {amount(one.open)}"
        if one.line != one.product
        else f"{one.product}: {amount(one.open)}"
        for one in deviations
    )


def _received(case: Case, one: Deviating) -> str:
    """Write what was received and had left of a line: `12 / 10`."""
    views = [line.view for line in case.live_lines if line.view.line == one.line]
    return ", ".join(f"{amount(view.received)} / {amount(view.despatched)}" for view in views if view.received)


def receipt_discrepancy(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an acceptance tells of damage, shortage, a wrong item or a rejection beyond tolerance, or refuses all.

    Clears when remedies cover all of it, or the acceptance is corrected. About the order: sales, production and
    logistics agree on one task how it ends. What is rejected for quality alone is `rejected_quality`. Rests on nobody's
    silence.
    """
    open_ones = [one for one in _open(case, *_COORDINATED) if one.is_open]
    seen = _visible_damage(case)
    instants = [one.since for one in open_ones] + ([seen[0]] if seen else [])
    if not instants:
        return Verdict()
    since = min(instants) + policy.receipt_discrepancy.grace
    reasons = [acceptance.reason for acceptance in case.receipt.acceptances.all] + [one.note for one in open_ones]
    found = Found(
        kind=Kind.RECEIPT_DISCREPANCY,
        subject_type=SubjectType.ORDER,
        subject=case.number,
        since=since,
        details={
            "order": case.number,
            "customer": case.customer,
            "missing": _listed(one for one in open_ones if one.what is Deviation.SHORT),
            "damaged": _listed(one for one in open_ones if one.what is Deviation.DAMAGED),
            "wrong": _listed(one for one in open_ones if one.what is Deviation.WRONG_ITEM),
            "rejected": _listed(one for one in open_ones if one.what is Deviation.REJECTED),
            "seen": seen[1] if seen else "",
            "reason": "; ".join(dict.fromkeys(reason for reason in reasons if reason)),
        },
    )
    return Verdict.at(since, (), clock, found)


def _visible_damage(case: Case) -> tuple[datetime, str] | None:
    """What was seen at packages, where nobody has told which goods are damaged, and no remedy was agreed since."""
    seen = [one for one in case.receipt.acceptances.all if one.visible_damage]
    if not seen or not case.is_promised or any(one.what is Deviation.DAMAGED for one in case.receipt.deviations):
        return None
    if any(not remedy.withdrawn and remedy.deviation in {None, Deviation.DAMAGED} for remedy in case.receipt.remedies):
        return None
    return seen[0].accepted_at.at, "; ".join(dict.fromkeys(one.visible_damage for one in seen))


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
    KindOfFinding(
        Kind.RECEIPT_DISCREPANCY,
        "quantity",
        "order",
        SubjectType.ORDER,
        receipt_discrepancy,
        needs_reason=True,
        needs_approval=True,
    ),
)
