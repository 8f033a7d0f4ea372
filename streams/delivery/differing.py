"""Where a line differs: despatched against ordered, received against despatched, and what no line has at all."""

from collections.abc import Iterable, Sequence

from contracts.acceptance import Deviation
from contracts.documents import GoodsIssue, IssueState, Order
from contracts.quantity import Quantity, nothing, total
from streams.delivery.acceptances import Acceptances, Told
from streams.delivery.deviations import Deviating
from streams.delivery.lines import Line
from streams.delivery.receiving import Part, Received, left_of


def despatched_short(line: Line) -> Iterable[Deviating]:
    """Less left of a line than was ordered, and nothing more is to come."""
    short = line.view.short
    if line.closed_at is not None and short.value:
        tolerated = short.value <= line.limits.under
        yield _at_despatch(Deviation.SHORT, line, Part(short, line.closed_at), is_tolerated=tolerated)


def despatched_over(line: Line, extra: Quantity) -> Iterable[Deviating]:
    """More left of a line than was ordered and is to be made good: since the goods issue by which it is more."""
    due = line.view.ordered + extra
    left, since = nothing(due.unit), None
    for one in left_of(line.served, due.unit):
        left += one.quantity
        if since is None and left.value > due.value:
            since = one.at
    over = left.less(due)
    if since is not None:
        tolerated = over.value <= line.limits.over
        yield _at_despatch(Deviation.OVER, line, Part(over, since), is_tolerated=tolerated)


def received_otherwise(line: Line, received: Received | None, acceptances: Acceptances) -> Iterable[Deviating]:
    """What the customer tells of a line that differs from what left of it."""
    if received is None:
        return
    parts = {
        Deviation.SHORT: received.missing,
        Deviation.DAMAGED: received.damaged,
        Deviation.REJECTED: received.rejected,
        Deviation.WRONG_ITEM: received.wrong,
        Deviation.QUALITY: received.quality,
        Deviation.OVER: received.surplus,
    }
    told = acceptances.told.get(line.view.line, ())
    for what, part in parts.items():
        if part.since is not None and part.quantity.value:
            yield Deviating(
                what=what,
                line=line.view.line,
                product=", ".join(received.wrong_products) if what is Deviation.WRONG_ITEM else line.view.product,
                quantity=part.quantity,
                open=part.quantity,
                since=part.since,
                is_tolerated=_is_tolerated(line, what, part.quantity),
                note="; ".join(dict.fromkeys(one.part.text for one in told if one.part.text)),
            )


def never_ordered(order: Order, issues: Sequence[GoodsIssue], told: Iterable[Told]) -> list[Deviating]:
    """What was received of products that no line has, beyond what goods issues name of them; in the first told unit."""
    ordered = {line.product.code for line in order.lines}
    received: dict[str, list[Told]] = {}
    for one in told:
        if one.product not in ordered:
            received.setdefault(one.product, []).append(one)
    found = []
    for product, parts in sorted(received.items()):
        unit = parts[0].part.received.unit
        received_in_all = total([one.part.received for one in parts if one.part.received.unit == unit], unit)
        surplus = received_in_all.less(_issued(issues, product, unit))
        if surplus.value:
            since = min(one.at for one in parts)
            found.append(Deviating(Deviation.OVER, product, product, surplus, surplus, since))
    return found


def _at_despatch(what: Deviation, line: Line, part: Part, *, is_tolerated: bool) -> Deviating:
    if part.since is None:
        raise ValueError(f"line {line.view.line} deviates since never")
    return Deviating(
        what=what,
        line=line.view.line,
        product=line.view.product,
        quantity=part.quantity,
        open=part.quantity,
        since=part.since,
        is_tolerated=is_tolerated,
        at_despatch=True,
    )


def _is_tolerated(line: Line, what: Deviation, quantity: Quantity) -> bool:
    """Under and over alone are tolerated, together with what already left less or more than was ordered."""
    view = line.view
    if what is Deviation.SHORT:
        return quantity.value + view.short.value <= line.limits.under
    if what is Deviation.OVER:
        return quantity.value + view.despatched.less(view.ordered).value <= line.limits.over
    return False


def _issued(issues: Iterable[GoodsIssue], product: str, unit: str) -> Quantity:
    left = [issue for issue in issues if issue.state is IssueState.DESPATCHED]
    parts = [line.quantity for issue in left for line in issue.lines if line.product.code == product]
    return total([part for part in parts if part.unit == unit], unit)
