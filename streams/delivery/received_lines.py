"""Lines with what came into stock for them and what was received of them, as people look at them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from contracts.documents import GoodsIssue, Order
from contracts.policy import Policy
from contracts.quantity import Quantity, nothing
from contracts.snapshot import LineView
from streams.delivery.facts import Delivery
from streams.delivery.lines import Line, fold_lines
from streams.delivery.parcel import Life
from streams.delivery.proving import of_no_number
from streams.delivery.receipt import Receipt, arrived, fold_receipt
from streams.delivery.receiving import Received


def received(
    delivery: Delivery, order: Order, issues: Sequence[GoodsIssue], lives: Mapping[str, Life], policy: Policy
) -> tuple[dict[str, Life], tuple[Line, ...], Receipt]:
    """Fold lines and receipt; a parcel that the customer received has arrived, whatever its carrier told."""
    dropped, proofs = delivery.dropped("goods_issue"), of_no_number(delivery.proofs)
    lines = fold_lines(order, issues, lives, dropped, proofs, policy)
    receipt = fold_receipt(delivery, order, issues, lines)
    told = arrived(lives, issues, receipt)
    if told != lives:
        lines = fold_lines(order, issues, told, dropped, proofs, policy)
    return told, tuple(_with_receipt(_ended(line, receipt), receipt) for line in lines), receipt


def _ended(line: Line, receipt: Receipt) -> Line:
    """What was refused had arrived, though no carrier has told it: it is not awaited any more."""
    if line.done_at is not None or line.closed_at is None or not receipt.acceptances.is_refused:
        return line
    ended = receipt.answered_at([line])
    parts = tuple(part if part.done_at is not None else replace(part, done_at=ended) for part in line.parts)
    return replace(line, done_at=ended, parts=parts)


def _with_receipt(line: Line, receipt: Receipt) -> Line:
    """Add to a line's view when it had arrived, and what its receipt says."""
    view, name = line.view, line.view.line
    told = receipt.lines.get(name)
    shown: dict[str, Quantity | tuple[str, ...] | datetime | bool | None] = {
        "delivered_at": line.done_at,
        "in_full": _in_full(line, receipt),
        "over": view.despatched.less(view.ordered + receipt.extra.get(name, nothing(view.ordered.unit))),
        "stocked": receipt.stock.stocked.get(name),
        "returned": receipt.stock.returned.get(name),
        "uncounted": (
            *view.uncounted,
            *(told.uncounted if told else ()),
            *receipt.stock.uncounted.get(name, ()),
        ),
    }
    if told is not None:
        shown |= _amounts(view, told, is_closed=line.closed_at is not None)
    return replace(line, view=view.model_copy(update=shown))


def _in_full(line: Line, receipt: Receipt) -> bool | None:
    if line.closed_at is None or line.view.uncounted:
        return None
    return all(one.is_tolerated for one in receipt.deviations if one.line == line.view.line)


def _amounts(view: LineView, received: Received, *, is_closed: bool) -> dict[str, Quantity | None]:
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
