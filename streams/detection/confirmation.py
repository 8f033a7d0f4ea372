"""Confirmation: orders that wait for it, that their review refused, and what changed after it."""

from datetime import datetime
from decimal import Decimal

from contracts.clock import Clock
from contracts.documents import OrderState
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.delivery.lines import Line
from streams.delivery.order_versions import PromisedWindow, Terms
from streams.delivery.promise import Promise
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import amount_of, instant, promise


def order_unconfirmed(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an order is still a draft some time after it was ordered, and no review has refused it.

    Clears when it is confirmed, refused or cancelled. About the order. Rests on hearing the ERP.
    """
    order = case.order
    if order is None or order.state is not OrderState.DRAFT or order.ordered_at is None or _is_refused(case):
        return Verdict()
    opens_at = order.ordered_at.at + policy.order_unconfirmed.within + policy.order_unconfirmed.grace
    details = dict(case.named) | {"ordered_at": instant(order.ordered_at.at, case.zone), "zone": case.zone}
    found = Found(Kind.ORDER_UNCONFIRMED, SubjectType.ORDER, case.number, opens_at, details)
    return Verdict.at(opens_at, (case.hears_erp,), clock, found)


def review_refused(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when the order's review refuses it, and the grace is over, and the order still stands.

    Clears when a review accepts it, or it is cancelled. About the order. Rests on hearing the ERP: it may be cancelled
    next.
    """
    order = case.order
    if order is None or order.state is OrderState.CANCELLED or order.review is None or order.review.accepted:
        return Verdict()
    refused_at = order.review.at.at if order.review.at else (case.refused_since or order.version)
    opens_at = refused_at + policy.review_refused.grace
    details = dict(case.named) | {"reason": order.review.reason, "reviewer": order.review.by}
    found = Found(Kind.REVIEW_REFUSED, SubjectType.ORDER, case.number, opens_at, details)
    return Verdict.at(opens_at, (case.hears_erp,), clock, found)


def changed_after_confirmation(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a line's quantity or promised date differs from what was confirmed, and the grace is over.

    A change to which the customer agreed is none. Clears when the customer agrees, the ERP says again what was
    confirmed, or the line is cancelled or delivered. A finding a line, one task an order. Rests on hearing the ERP.
    """
    return Verdict.all_of(
        _changed(case, line, promised, promised.differs_since, policy, clock)
        for line in case.live_lines
        if line.done_at is None
        and (promised := case.promises.get(line.view.line)) is not None
        and promised.differs_since is not None
    )


def _changed(case: Case, line: Line, promised: Promise, since: datetime, policy: Policy, clock: Clock) -> Verdict:
    opens_at = since + policy.changed_after_confirmation.grace
    found = Found(
        kind=Kind.CHANGED_AFTER_CONFIRMATION,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{line.view.line}",
        since=opens_at,
        details=dict(case.named)
        | {"line": f"{line.view.line} {line.view.product}", "confirmed": _told(promised.counts)}
        | {"now": _told(promised.now)},
        task_subject=(SubjectType.ORDER, case.number),
    )
    return Verdict.at(opens_at, (case.hears_erp,), clock, found)


def _is_refused(case: Case) -> bool:
    return case.order is not None and case.order.review is not None and not case.order.review.accepted


def _told(terms: Terms) -> str:
    """Write a line's terms as people do: `10: 2026-03-06`; of one in parts each: `4: 2026-03-04; 6: 2026-03-11`."""
    if terms.schedule:
        return "; ".join(_part(part.quantity, terms.unit, part.promised) for part in terms.schedule)
    return _part(terms.quantity, terms.unit, terms.promised)


def _part(quantity: Decimal, unit: str, promised: PromisedWindow | None) -> str:
    window = promised.window() if promised is not None else None
    return ": ".join(filter(None, (amount_of(quantity, unit), promise(window))))


CONFIRMATION: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.ORDER_UNCONFIRMED, "delay", "order", SubjectType.ORDER, order_unconfirmed),
    KindOfFinding(Kind.REVIEW_REFUSED, "delay", "order", SubjectType.ORDER, review_refused),
    KindOfFinding(
        Kind.CHANGED_AFTER_CONFIRMATION, "delay", "order", SubjectType.ORDER, changed_after_confirmation, rolls_up=True
    ),
)
