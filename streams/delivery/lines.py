"""An order's lines: what was ordered, what has left, what is still to come, and when each was wholly delivered.

No quantity is short before its line is closed: while a goods issue with it is open (a back-order), it is pending. A
line that is promised in parts is closed when all of it has left: what a later part lacks is late, not short.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contracts.documents import DeliveryMethod, GoodsIssue, IssueState, Order, OrderLine
from contracts.policy import Policy
from contracts.quantity import Quantity, nothing, total
from contracts.snapshot import LineView
from streams.delivery.parcel import Life
from streams.delivery.proving import Proof
from streams.delivery.reaching import ended_at, reached_at
from streams.delivery.schedule import Arrival, Part, parts_of, window_of
from streams.delivery.serving import Drops, Served, serving
from streams.delivery.tolerance import Limits, limits


@dataclass(frozen=True, slots=True)
class Line:
    """One line. closed_at: since when nothing of it is to come; done_at: when all that left of it was delivered.

    limits: the deviation that asks nothing. served: the parts of goods issues in it. parts: in which it is promised.
    """

    view: LineView
    limits: Limits
    served: tuple[Served, ...]
    closed_at: datetime | None
    done_at: datetime | None
    is_wholly_despatched: bool
    parts: tuple[Part, ...] = ()


def fold_lines(
    order: Order,
    issues: Sequence[GoodsIssue],
    lives: Mapping[str, Life],
    drops: Drops,
    proofs: Sequence[Proof],
    policy: Policy,
) -> tuple[Line, ...]:
    """Fold the lines of an order. proofs: of delivery, those that name the order and no parcel."""
    served, dropped = serving(order, issues, drops, proofs)
    return tuple(
        _line(order, line, served[line.line], lives, dropped.get(line.line, ()), limits(order, line, policy))
        for line in order.lines
    )


def _line(
    order: Order,
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
    is_in_parts_to_come = bool(line.schedule) and despatched.value < line.ordered.value
    closed_at = None if is_in_parts_to_come else _closed_at(served, dropped)
    short = line.ordered.less(despatched) if closed_at and not uncounted and not line.cancelled else nothing(unit)
    view = LineView(
        line=line.line,
        product=line.product.code,
        product_name=line.product.name,
        specification=line.product.specification,
        ordered=line.ordered,
        despatched=despatched,
        open=still_open,
        short=short,
        promised=window_of(line),
        cancelled=line.cancelled,
        uncounted=uncounted,
    )
    done_at = _done_at(served, lives, order.method) if closed_at else None
    return Line(
        view=view,
        limits=tolerated,
        served=tuple(served),
        closed_at=closed_at,
        done_at=done_at,
        is_wholly_despatched=bool(closed_at) and despatched.value > 0,
        parts=parts_of(line, _arrivals(served, lives, order, unit), done_at),
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
    return max([*(ended_at(part.issue) for part in served), *dropped])


def _done_at(served: Sequence[Served], lives: Mapping[str, Life], method: DeliveryMethod) -> datetime | None:
    """When all that left was delivered."""
    left = [part for part in served if part.issue.state is IssueState.DESPATCHED]
    reached = [reached_at(part, lives, method) for part in left]
    return None if None in reached else max((at for at in reached if at is not None), default=None)


def _arrivals(served: Sequence[Served], lives: Mapping[str, Life], order: Order, unit: str) -> Iterable[Arrival]:
    for part in served:
        at = reached_at(part, lives, order.method) if part.issue.state is IssueState.DESPATCHED else None
        if at is not None:
            yield at, _counted(part, unit)


def _counted(part: Served, unit: str) -> Decimal:
    return sum((quantity.value for quantity in part.quantities if quantity.unit == unit), Decimal(0))
