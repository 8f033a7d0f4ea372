"""Discrepancy: damage, shortage, wrong items and rejections, coordinated at once by sales, production and logistics."""

from datetime import datetime

from contracts.acceptance import Deviation
from contracts.clock import Clock
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.receipt import listed, open_deviations

_COORDINATED = (Deviation.SHORT, Deviation.DAMAGED, Deviation.WRONG_ITEM, Deviation.REJECTED)


def receipt_discrepancy(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an acceptance tells of damage, shortage, a wrong item or a rejection beyond tolerance, or refuses all.

    Clears when remedies cover all of it, or the acceptance is corrected. About the order: sales, production and
    logistics agree on one task how it ends. What is rejected for quality alone is `rejected_quality`. Rests on nobody's
    silence.
    """
    open_ones = [one for one in open_deviations(case, *_COORDINATED) if one.is_open]
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
            **case.named,
            "missing": listed(one for one in open_ones if one.what is Deviation.SHORT),
            "damaged": listed(one for one in open_ones if one.what is Deviation.DAMAGED),
            "wrong": listed(one for one in open_ones if one.what is Deviation.WRONG_ITEM),
            "rejected": listed(one for one in open_ones if one.what is Deviation.REJECTED),
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


DISCREPANCY: tuple[KindOfFinding, ...] = (
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
