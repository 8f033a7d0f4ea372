"""Tryton's customer returns as return receipts, and what is produced for orders as goods receipts.

A return (`stock.shipment.out.return`) is received when its incoming moves are done. Goods come back by a sale of their
own with negative quantities; what the wizard "Return Sale" makes has the first sale as its origin, and that is the
order that is served. Which line of it Tryton keeps nowhere: the product says it. A return that was made without the
wizard serves the sale that it names itself. A cancelled one is withdrawn.

A production is received when it is done. It serves the line of the sale for which it was asked (module
sale_supply_production); one that was made to stock is not told.

Both are dated as despatches are (`tryton_shipment`): the day that Tryton keeps, and the instant of the last write to
the moves where it falls on that day. Source: trytond 8.2, modules stock (`shipment.py`), sale (`sale.py`, ReturnSale)
and sale_supply_production.
"""

from collections.abc import Iterable
from datetime import date, datetime

from contracts.connector import Context
from contracts.model import build
from contracts.moment import Moment
from contracts.receipts import GoodsReceipt, ReceiptLine, ReturnLine, ReturnReceipt
from mappings.erp import tryton_records as tryton
from mappings.erp.tryton_shipment import SALE_LINE
from mappings.erp.tryton_values import DatesIn, dates_of, moment_of, moment_on, product_of, quantity_of

CANCELLED = "cancelled"


def return_receipt(reading: tryton.ReturnReading, context: Context) -> ReturnReceipt:
    """Map the reading of a return; moves that serve no sale are left out."""
    if reading.withdrawn or (found := reading.expect("a customer return")).state == CANCELLED:
        return ReturnReceipt(**reading.withdrawal(context))
    moves = [move for move in found.incoming_moves if move.state != CANCELLED]
    done = [move for move in moves if move.state == "done"]
    day = max((move.effective_date for move in done if move.effective_date), default=None)
    is_received = found.state in {"received", "done"} and len(done) == len(moves) > 0
    dates = dates_of(found.company, context)
    return build(
        ReturnReceipt,
        **reading.said(context),
        received_at=_received_at(done, day, reading.read_at, dates) if is_received else None,
        lines=tuple(
            ReturnLine(
                line=str(move.id),
                order=order,
                product=product_of(move.product),
                quantity=quantity_of(move.quantity, move.unit, context.options, f"$.record.incoming_moves[{index}]"),
            )
            for index, move in enumerate(found.incoming_moves)
            if move.state != CANCELLED and (order := _order_of(move))
        ),
    )


def _order_of(move: tryton.ReturningMove) -> str:
    """Name the order that a returning move serves; empty where there is none."""
    if not (move.origin or "").startswith(SALE_LINE) or move.sale is None:
        return ""
    left_with = move.sale.origin.number if isinstance(move.sale.origin, tryton.Origin) else None
    return left_with or move.sale.number or ""


def goods_receipt(reading: tryton.ProductionReading, context: Context) -> GoodsReceipt:
    """Map the reading of a production that was asked for by the line of a sale."""
    if reading.withdrawn or (found := reading.expect("a production")).state == CANCELLED:
        return GoodsReceipt(**reading.withdrawal(context))
    serves = found.origin if isinstance(found.origin, tryton.Origin) else None
    done = [move for move in found.outputs if move.state == "done"]
    dates = dates_of(found.company, context)
    is_received = found.state == "done" and bool(done)
    return build(
        GoodsReceipt,
        **reading.said(context),
        received_at=_received_at(done, found.effective_date, reading.read_at, dates) if is_received else None,
        lines=tuple(
            ReceiptLine(
                line=str(move.id),
                order=serves.number,
                order_line=str(serves.id),
                product=product_of(move.product),
                quantity=quantity_of(move.quantity, move.unit, context.options, f"$.record.outputs[{index}]"),
            )
            for index, move in enumerate(found.outputs)
            if serves is not None and serves.number and move.state != CANCELLED
        ),
    )


def _received_at(
    done: Iterable[tryton.ReturningMove | tryton.Output], day: date | None, read_at: datetime, dates: DatesIn
) -> Moment | None:
    """Give the instant at which moves were done, by the day that Tryton keeps."""
    written = max((move.write_date for move in done if move.write_date), default=None)
    at = None if written is None else min(written, read_at)
    return moment_on(day, dates) if at is None else moment_of(at, day, dates)
