"""A line as people look at it, with what came into stock for it and what was received of it."""

from dataclasses import replace
from datetime import datetime

from contracts.quantity import Quantity, nothing
from contracts.snapshot import LineView
from streams.delivery.lines import Line
from streams.delivery.receipt import Receipt
from streams.delivery.receiving import Received


def with_receipt(line: Line, receipt: Receipt) -> Line:
    """Add to a line's view when it had arrived, and what its receipt says."""
    view, name = line.view, line.view.line
    received = receipt.lines.get(name)
    shown: dict[str, Quantity | tuple[str, ...] | datetime | bool | None] = {
        "delivered_at": line.done_at,
        "in_full": _in_full(line, receipt),
        "over": view.despatched.less(view.ordered + receipt.extra.get(name, nothing(view.ordered.unit))),
        "stocked": receipt.stock.stocked.get(name),
        "returned": receipt.stock.returned.get(name),
        "uncounted": (
            *view.uncounted,
            *(received.uncounted if received else ()),
            *receipt.stock.uncounted.get(name, ()),
        ),
    }
    if received is not None:
        shown |= _received(view, received, is_closed=line.closed_at is not None)
    return replace(line, view=view.model_copy(update=shown))


def _in_full(line: Line, receipt: Receipt) -> bool | None:
    if line.closed_at is None or line.view.uncounted:
        return None
    return all(one.is_tolerated for one in receipt.deviations if one.line == line.view.line)


def _received(view: LineView, received: Received, *, is_closed: bool) -> dict[str, Quantity | None]:
    is_judged = received.is_answered and is_closed and not received.uncounted
    return {
        "received": received.received,
        "rejected": received.rejected_in_all,
        "accepted": received.accepted,
        "damaged": received.damaged.quantity,
        "short_against_despatch": received.missing.quantity if received.is_answered else None,
        "over_against_despatch": received.surplus.quantity,
        "short_against_order": view.ordered.less(received.received) if is_judged else None,
        "over_against_order": received.received.less(view.ordered),
    }
