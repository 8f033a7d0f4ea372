"""Remedies: what was agreed for a deviation, and whether it was done."""

from datetime import datetime

from contracts.acceptance import Disposition, Remedy
from contracts.clock import Clock
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.delivery.deviations import in_force
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import amount, instant, promise


def remedy_overdue(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when the window of a remedy has closed, and the grace is over, and it is not done.

    Done is what was told to be, a return that came back, a replacement by the same order once all that was ordered is
    accepted, and what was accepted as it is. Clears with that, or when the remedy is called off. A finding a remedy,
    one task an order. A replacement order is besides a delivery with a promise of its own. Rests on hearing everybody.
    """
    return Verdict.all_of(
        Verdict.at(opens_at, case.hears_everybody, clock, _found(case, remedy, opens_at))
        for remedy in in_force(case.receipt.remedies)
        if not _is_done(remedy, case)
        for opens_at in (_due(remedy, policy) + policy.remedy_overdue.grace,)
    )


def _due(remedy: Remedy, policy: Policy) -> datetime:
    return remedy.promised.closes if remedy.promised else remedy.agreed_at + policy.remedy_overdue.within


def _is_done(remedy: Remedy, case: Case) -> bool:
    if remedy.done_at is not None or remedy.disposition is Disposition.ACCEPTED_AS_IS:
        return True
    if remedy.disposition is Disposition.RETURN:
        return any(
            receipt.received_at is not None and remedy.return_receipt in {"", receipt.document}
            for receipt in case.receipt.returns
        )
    is_by_this_order = remedy.disposition is Disposition.REPLACEMENT and not remedy.replacement_order
    return is_by_this_order and _is_all_accepted(case, remedy.order_line)


def _is_all_accepted(case: Case, line: str) -> bool:
    lines = [one for one in case.live_lines if line in {"", one.view.line}]
    return bool(lines) and all(
        one.view.accepted is not None and one.view.ordered.less(one.view.accepted).value <= one.limits.under
        for one in lines
    )


def _found(case: Case, remedy: Remedy, since: datetime) -> Found:
    what = amount(remedy.quantity) if remedy.quantity else ""
    about = ": ".join(part for part in ("/".join(filter(None, (case.number, remedy.order_line))), what) if part)
    return Found(
        kind=Kind.REMEDY_OVERDUE,
        subject_type=SubjectType.DOCUMENT,
        subject=f"{case.number}/{remedy.id}",
        since=since,
        details={
            **case.named,
            "remedy": remedy.id,
            "agreed": instant(remedy.agreed_at, case.zone),
            "agreed_by": remedy.agreed_by,
            "due": promise(remedy.promised),
            "replacement_order": remedy.replacement_order,
            "return_receipt": remedy.return_receipt,
            "note": remedy.text,
            **{str(kind): about if remedy.disposition is kind else "" for kind in Disposition},
        },
        task_subject=(SubjectType.ORDER, case.number),
    )


REMEDY: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.REMEDY_OVERDUE, "quantity", "order", SubjectType.ORDER, remedy_overdue, rolls_up=True),
)
