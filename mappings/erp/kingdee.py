"""Kingdee (金蝶) K/3 Cloud: sales orders become orders, outstocks goods issues.

The payload is one reading of our own poller (`connectors.pollers.kingdee`; its form: `connectors.pollers.payload`).

An order is confirmed while it is audited; one that is to be audited again is a draft until it is. Closed it is
completed, cancelled it is cancelled. A row that was ended (行终止) is cancelled. Its promise is 要货日期, in the
account's zone. Lines are named by the ids of their rows. No field tells a customer's agreement to a change, so no line
is ever `agreed`; where the goods go is free text and is not read.

An outstock has left on its date when it is audited, and is planned before. A row that serves no order is left out. The
carrier's number is 运输单号; several in one field, apart by commas, semicolons or blanks, are packages each.

Options of the account: `unit.NAME` (`mappings.erp.options`), by the unit's number.
"""

from contracts.connector import Context, Mapped
from contracts.documents import (
    GoodsIssue,
    IssueLine,
    IssueState,
    Order,
    OrderLine,
    OrderState,
    Party,
    Product,
)
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Window
from contracts.quantity import Quantity
from mappings.erp import kingdee_records as kingdee
from mappings.erp.chinese_units import known
from mappings.erp.chinese_values import moment_on, packages_of
from mappings.erp.options import own_unit
from mappings.erp.readings import Kinds, mapped
from mappings.erp.units import unit_code

YES, AUDITED = "B", "C"


def to_events(payload: object, context: Context) -> Mapped:
    """Map one reading to its document; raises Rejected with the JSON path of the first wrong value."""
    return mapped(payload, KINDS, context)


def order(reading: kingdee.OrderReading, context: Context) -> Order:
    """Map the reading of an order."""
    if reading.withdrawn:
        return Order(**reading.withdrawal(context))
    sale = reading.expect("a sales order")
    return build(
        Order,
        **reading.said(context),
        state=order_state(sale),
        customer=Party(id=sale.customer, name=sale.customer_name) if sale.customer else None,
        ordered_at=None if sale.date is None else moment_on(sale.date, context),
        lines=tuple(
            OrderLine(
                line=str(entry.id),
                product=_product(entry, f"$.record.entries[{at}]"),
                ordered=_quantity(entry.quantity, entry, context, f"$.record.entries[{at}]"),
                promised=None
                if entry.delivery_date is None
                else Window.of_days(None, entry.delivery_date.date(), context.zone or "UTC"),
                cancelled=entry.terminated == YES,
            )
            for at, entry in enumerate(sale.entries)
        ),
    )


def order_state(sale: kingdee.SaleOrder) -> OrderState:
    """Say how far an order is."""
    if sale.cancelled == YES:
        return OrderState.CANCELLED
    if sale.closed == YES:
        return OrderState.COMPLETED
    return OrderState.CONFIRMED if sale.status == AUDITED else OrderState.DRAFT


def goods_issue(reading: kingdee.OutstockReading, context: Context) -> GoodsIssue:
    """Map the reading of an outstock."""
    if reading.withdrawn:
        return GoodsIssue(**reading.withdrawal(context))
    outstock = reading.expect("an outstock")
    if outstock.date is None:
        raise Rejected("found nothing; expected the outstock's date", code="invalid", path="$.record.FDate")
    state, on = issue_state(outstock), moment_on(outstock.date, context)
    ended = {
        IssueState.DESPATCHED: on,
        IssueState.CANCELLED: moment_on(outstock.cancelled_at or outstock.date, context),
    }
    return build(
        GoodsIssue,
        **reading.said(context),
        state=state,
        planned_for=on if state.is_open else None,
        despatched_at=on if state is IssueState.DESPATCHED else None,
        closed_at=min(ended[state].at, reading.read_at) if state in ended else None,
        lines=tuple(
            IssueLine(
                line=str(entry.id),
                order=entry.order,
                order_line=str(entry.order_entry) if entry.order_entry else "",
                product=_product(entry, f"$.record.entries[{at}]"),
                quantity=_quantity(entry.quantity, entry, context, f"$.record.entries[{at}]"),
            )
            for at, entry in enumerate(outstock.entries)
            if entry.order
        ),
        packages=packages_of(outstock.carrier, outstock.carriage_number),
    )


def issue_state(outstock: kingdee.Outstock) -> IssueState:
    """Say how far an outstock is."""
    if outstock.cancelled == YES:
        return IssueState.CANCELLED
    return IssueState.DESPATCHED if outstock.status == AUDITED else IssueState.PLANNED


def _product(entry: kingdee.Entry, path: str) -> Product:
    if not entry.material:
        raise Rejected("found a row without material", code="invalid", path=f"{path}['FMaterialId.FNumber']")
    return Product(code=entry.material, name=entry.name, specification=entry.specification)


def _quantity(value: object, entry: kingdee.Entry, context: Context, path: str) -> Quantity:
    """Map a quantity by its unit's number, else by the unit's name; raises Rejected where neither is known."""
    name = entry.unit
    if not own_unit(context.options, name) and not known((name,)):
        name = entry.unit_name if known((entry.unit_name,)) else name
    code = unit_code(name, known((name,)), context.options, f"{path}['FUnitID.FNumber']")
    return build(Quantity, value=value, unit=code)


KINDS: Kinds = {"order": (kingdee.OrderReading, order), "goods_issue": (kingdee.OutstockReading, goods_issue)}
