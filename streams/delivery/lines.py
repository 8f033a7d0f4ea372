"""An order's lines: what was ordered, what has left, what is still to come, and when each was wholly delivered.

No quantity is short before its line is closed: while a goods issue with it is open (a back-order), it is pending.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.documents import GoodsIssue, IssueState, Order, OrderLine
from contracts.errors import Rejected
from contracts.policy import Policy
from contracts.quantity import Quantity, nothing, total
from contracts.snapshot import LineView
from streams.delivery.parcel import Life
from streams.delivery.serving import Drops, Served, serving
from streams.delivery.tolerance import Limits, limits


@dataclass(frozen=True, slots=True)
class Line:
    """One line. closed_at: since when nothing of it is to come; done_at: when all that left of it was delivered.

    limits: the deviation that asks nothing. served: the parts of goods issues in it.
    """

    view: LineView
    limits: Limits
    served: tuple[Served, ...]
    closed_at: datetime | None
    done_at: datetime | None
    is_wholly_despatched: bool


def fold_lines(
    order: Order, issues: Sequence[GoodsIssue], lives: Mapping[str, Life], drops: Drops, policy: Policy
) -> tuple[Line, ...]:
    """Fold the lines of an order."""
    served, dropped = serving(order, issues, drops)
    return tuple(
        _line(line, served[line.line], lives, dropped.get(line.line, ()), limits(order, line, policy))
        for line in order.lines
    )


def _line(
    line: OrderLine,
    served: Sequence[Served],
    lives: Mapping[str, Life],
    dropped: Sequence[datetime],
    tolerated: Limits,
) -> Line:
    unit = line.ordered.unit
    uncounted = tuple(
        part.issue.document for part in served if any(quantity.unit != unit for quantity in part.quantities)
    )
    despatched = _sum(served, unit, lambda state: state is IssueState.DESPATCHED)
    still_open = _sum(served, unit, lambda state: state.is_open)
    closed_at = _closed_at(served, dropped)
    short = line.ordered.less(despatched) if closed_at and not uncounted and not line.cancelled else nothing(unit)
    view = LineView(
        line=line.line,
        product=line.product.code,
        product_name=line.product.name,
        ordered=line.ordered,
        despatched=despatched,
        open=still_open,
        short=short,
        promised=line.promised,
        cancelled=line.cancelled,
        uncounted=uncounted,
    )
    return Line(
        view=view,
        limits=tolerated,
        served=tuple(served),
        closed_at=closed_at,
        done_at=_done_at(served, lives) if closed_at else None,
        is_wholly_despatched=bool(closed_at) and despatched.value > 0,
    )


def _sum(served: Sequence[Served], unit: str, counts: Callable[[IssueState], bool]) -> Quantity:
    return total(
        [
            quantity
            for part in served
            if counts(part.issue.state)
            for quantity in part.quantities
            if quantity.unit == unit
        ],
        unit,
    )


def _closed_at(served: Sequence[Served], dropped: Sequence[datetime]) -> datetime | None:
    """Since when nothing more is to come: a goods issue served the line once, and none that is open does."""
    if not served or any(part.issue.state.is_open for part in served):
        return None
    return max([*(_ended_at(part.issue) for part in served), *dropped])


def _ended_at(issue: GoodsIssue) -> datetime:
    """When a goods issue that is not open was despatched or cancelled; the contract says that it tells."""
    ended = issue.despatched_at.at if issue.despatched_at else issue.closed_at
    if ended is None:
        raise Rejected(f"goods issue {issue.document} does not say since when it is {issue.state}", code="no_instant")
    return ended


def _done_at(served: Sequence[Served], lives: Mapping[str, Life]) -> datetime | None:
    """When all that left was delivered. A goods issue without a tracked parcel counts from its despatch."""
    instants: list[datetime] = []
    for part in served:
        if part.issue.state is not IssueState.DESPATCHED:
            continue
        delivered = [lives[number].delivered_at if number in lives else None for number in part.parcels]
        if any(at is None for at in delivered):
            return None
        instants += [at for at in (*delivered, _ended_at(part.issue)) if at is not None]
    return max(instants, default=None)
