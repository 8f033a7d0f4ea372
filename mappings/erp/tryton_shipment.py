"""Tryton's customer shipments as goods issues.

A shipment is despatched when it is shipped or done. Tryton keeps the date of that (`effective_date`, in the company's
zone) and no time; the time is that of the last write to its moves, which `do` makes, as long as it falls on that day.
Between `ship` and `do` there is no date: then it is the shipment's own last write. Both are by the server's clock and
never later than our reading.

It leaves from its warehouse's address. Tracking numbers (module stock_package_shipping) stand on the packages; the
shipment's own number names the whole consignment, and counts as a package's only where no package has one. A carrier's
service is the product by which Tryton charges it.
"""

from collections.abc import Mapping
from datetime import datetime

from contracts.connector import Context
from contracts.documents import GoodsIssue, IssueLine, IssueState, Package
from mappings.erp import tryton_records as tryton
from mappings.erp.tryton_values import dates_of, moment_of, moment_on, place, product_of, quantity_of

ISSUE_STATES: Mapping[str, IssueState] = {
    "draft": IssueState.PLANNED,
    "waiting": IssueState.PLANNED,
    "assigned": IssueState.PLANNED,
    "picked": IssueState.PICKED,
    "packed": IssueState.PICKED,
    "shipped": IssueState.DESPATCHED,
    "done": IssueState.DESPATCHED,
    "cancelled": IssueState.CANCELLED,
}

SALE_LINE = "sale.line,"


def goods_issue(reading: tryton.ShipmentReading, context: Context) -> GoodsIssue:
    """Map the reading of a shipment. A line names its order; moves that serve no sale are left out."""
    if reading.withdrawn:
        return GoodsIssue(**reading.withdrawal(context))
    shipment = reading.expect("a shipment")
    state = ISSUE_STATES[shipment.state]
    dates = dates_of(shipment.company, context)
    ended = None if state.is_open else ended_at(shipment, reading.read_at)
    return GoodsIssue(
        **reading.said(context),
        state=state,
        planned_for=moment_on(shipment.planned_date, dates),
        despatched_at=moment_of(ended, shipment.effective_date, dates)
        if ended and state is IssueState.DESPATCHED
        else None,
        closed_at=ended,
        lines=tuple(
            issue_line(move, f"$.record.outgoing_moves[{index}]", context.options)
            for index, move in enumerate(shipment.outgoing_moves)
            if serves_a_sale(move) and (move.state != "cancelled" or state is IssueState.CANCELLED)
        ),
        packages=packages(shipment),
        origin=place(shipment.warehouse.address if shipment.warehouse else None),
    )


def serves_a_sale(move: tryton.Move) -> bool:
    """Tell moves that come from the line of a numbered sale."""
    return bool((move.origin or "").startswith(SALE_LINE) and move.sale and move.sale.number)


def issue_line(move: tryton.Move, path: str, options: Mapping[str, str]) -> IssueLine:
    """Map one move that serves a sale."""
    return IssueLine(
        line=str(move.id),
        order=move.sale.number if move.sale and move.sale.number else "",
        order_line=(move.origin or "").removeprefix(SALE_LINE),
        product=product_of(move.product),
        quantity=quantity_of(move.quantity, move.unit, options, path),
    )


def ended_at(shipment: tryton.Shipment, read_at: datetime) -> datetime:
    """Say when a shipment was despatched or cancelled: see above."""
    done = [move.write_date for move in shipment.outgoing_moves if move.state == "done" and move.write_date]
    return min(max(done, default=shipment.write_date or shipment.create_date), read_at)


def packages(shipment: tryton.Shipment) -> tuple[Package, ...]:
    """Map the packages, each with its tracking number where it has one."""
    by = {"carrier": (shipment.carrier.party.name or "") if shipment.carrier else "", "service": service(shipment)}
    found = tuple(
        Package(mark=package.number, tracking_number=package.shipping_reference or "", **by)
        for package in shipment.packages
    )
    if shipment.shipping_reference and not any(package.tracking_number for package in found):
        return (*found, Package(tracking_number=shipment.shipping_reference, **by))
    return found


def service(shipment: tryton.Shipment) -> str:
    """Name the carrier's service by the product that it is charged as, by its code, else its name."""
    charged = shipment.carrier.carrier_product if shipment.carrier else None
    return (charged.code or charged.template.name) if charged else ""
