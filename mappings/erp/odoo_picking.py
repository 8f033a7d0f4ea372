"""Odoo's pickings: those that leave for a customer are goods issues, those that bring goods back are return receipts.

A picking that is validated in part keeps what was done, and its remainder is a picking of its own (`backorder_id`): so
each is told as it stands, and a remainder is another goods issue that is still to come. A move that is not done
stands for its demand, one that is for what was really moved. `ready` (`assigned`) means that the goods are reserved;
whether they were picked is said of pick and pack operations, which are not read.

A carrier's tracking reference (`carrier_tracking_ref`) may hold several numbers, which Odoo's own delivery connectors
join by commas or plus signs; each is a package.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueLine, IssueState, Package
from contracts.moment import Moment
from contracts.quantity import Quantity
from contracts.receipts import ReturnLine, ReturnReceipt
from mappings.erp import odoo_records as odoo
from mappings.erp.odoo_values import product_of, quantity_of

ISSUE_STATES: Mapping[str, IssueState] = {
    "draft": IssueState.PLANNED,
    "waiting": IssueState.PLANNED,
    "confirmed": IssueState.PLANNED,
    "assigned": IssueState.PLANNED,
    "done": IssueState.DESPATCHED,
    "cancel": IssueState.CANCELLED,
}
_JOINED = re.compile(r"[,;+]")
L = TypeVar("L", IssueLine, ReturnLine)


def goods_issue(reading: odoo.PickingReading, context: Context) -> GoodsIssue:
    """Map the reading of a delivery. Left out are moves that serve no sale, and cancelled ones of one that is not."""
    if reading.withdrawn:
        return GoodsIssue(**reading.withdrawal(context))
    picking = reading.expect("a picking")
    state = ISSUE_STATES[picking.state]
    ended = None if state.is_open else ended_at(picking, reading.read_at)
    return GoodsIssue(
        **reading.said(context),
        state=state,
        planned_for=None if picking.scheduled_date is None else Moment(at=picking.scheduled_date),
        despatched_at=Moment(at=ended) if ended and state is IssueState.DESPATCHED else None,
        closed_at=ended,
        lines=_lines(IssueLine, picking, context),
        packages=packages(picking),
    )


def return_receipt(reading: odoo.PickingReading, context: Context) -> ReturnReceipt:
    """Map the reading of a return: announced until it is done. One that was cancelled never came: it is withdrawn."""
    if reading.withdrawn or (picking := reading.expect("a picking")).state == "cancel":
        return ReturnReceipt(**reading.withdrawal(context))
    return ReturnReceipt(
        **reading.said(context),
        received_at=Moment(at=ended_at(picking, reading.read_at)) if picking.state == "done" else None,
        goods_issue=picking.return_id.name if picking.return_id else "",
        lines=_lines(ReturnLine, picking, context),
    )


def ended_at(picking: odoo.Picking, read_at: datetime) -> datetime:
    """Say when a picking was done or cancelled, by the server's clock and never later than our reading."""
    told = picking.date_done if picking.state == "done" else picking.write_date
    return min(told or picking.write_date or picking.create_date or read_at, read_at)


def packages(picking: odoo.Picking) -> tuple[Package, ...]:
    """Give a package for each tracking number."""
    carrier = picking.carrier_id.name if picking.carrier_id else ""
    numbers = [number.strip() for number in _JOINED.split(picking.carrier_tracking_ref or "")]
    return tuple(Package(carrier=carrier, tracking_number=number) for number in numbers if number)


def _lines(line: type[L], picking: odoo.Picking, context: Context) -> tuple[L, ...]:
    """Map the moves that serve a sale."""
    return tuple(
        line(
            line=str(move.id),
            order=served.order,
            order_line=str(served.id),
            product=product_of(move.product_id),
            quantity=_moved(move, f"$.record.move_ids[{index}]", context),
        )
        for index, move in enumerate(picking.move_ids)
        if (served := move.sale_line_id) is not None and (move.state != "cancel" or picking.state == "cancel")
    )


def _moved(move: odoo.Move, path: str, context: Context) -> Quantity:
    moved = move.quantity if move.state == "done" else move.product_uom_qty
    return quantity_of(moved, move.product_uom, context.options, path)
