"""Yonyou (用友) YonBIP: 销售订单 become orders, 销售出库单 goods issues.

The payload is one reading of our own poller (`connectors.pollers.yonyou`; its form: `connectors.pollers.payload`).

An order's state is its next status (`ORDER_STATES`). A row is promised for 期望收货日期, its own or else the order's;
where there is none, `delivery_days` after it is to leave. Dates are local in the account's zone, and do not say it.
Rows are named by their ids, and their quantities are in the main unit. No field tells a customer's agreement to a
change, so no line is ever `agreed`.

A 销售出库单 has left on its date when it is audited or closed, and is planned before. Only what comes from a 销售订单,
directly or by a 发货单, serves orders; of anything else no line is told. The carrier's number is 物流单号; several in
one field, apart by commas, semicolons or blanks, are packages each. One with 车牌号 goes by that vehicle.

Options of the account: `unit.NAME` and `delivery_days` (`mappings.erp.options`).
"""

from collections.abc import Mapping

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
    Transport,
)
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Window
from contracts.quantity import Quantity
from mappings.erp import yonyou_records as yonyou
from mappings.erp.chinese_units import known
from mappings.erp.chinese_values import moment_on, packages_of
from mappings.erp.options import delivery_time
from mappings.erp.readings import Kinds, mapped
from mappings.erp.units import unit_code

ORDER_STATES: Mapping[str, OrderState] = {
    "CONFIRMORDER": OrderState.DRAFT,
    "APPROVING": OrderState.DRAFT,
    "DELIVERGOODS": OrderState.CONFIRMED,
    "DELIVERY_PART": OrderState.CONFIRMED,
    "DELIVERY_TAKE_PART": OrderState.CONFIRMED,
    "TAKEDELIVERY": OrderState.CONFIRMED,
    "ENDORDER": OrderState.COMPLETED,
    "OPPOSE": OrderState.CANCELLED,
}
"""开立, 审批中, 待发货, 部分发货, 部分发货待收货, 待收货, 已完成, 已取消."""
ISSUE_STATES: Mapping[str, IssueState] = {
    "0": IssueState.PLANNED,
    "3": IssueState.PLANNED,
    "1": IssueState.DESPATCHED,
    "2": IssueState.DESPATCHED,
}
DELIVERY, ORDER = "1", "2"
"""What a 销售出库单 was made of: a 发货单, or the order itself."""


def to_events(payload: object, context: Context) -> Mapped:
    """Map one reading to its document; raises Rejected with the JSON path of the first wrong value."""
    return mapped(payload, KINDS, context)


def order(reading: yonyou.OrderReading, context: Context) -> Order:
    """Map the reading of an order."""
    if reading.withdrawn:
        return Order(**reading.withdrawal(context))
    sale = reading.expect("a sales order")
    return build(
        Order,
        **reading.said(context),
        state=ORDER_STATES[sale.status],
        customer=Party(id=sale.customer, name=sale.customer_name) if sale.customer else None,
        reference=sale.purchase_number,
        ordered_at=None if sale.date is None else moment_on(sale.date, context),
        lines=tuple(
            OrderLine(
                line=row.id,
                product=_product(row, f"$.record.orderDetails[{at}].productCode"),
                ordered=_quantity(row, context, f"$.record.orderDetails[{at}].qtyName"),
                promised=_promised(sale, row, context),
            )
            for at, row in enumerate(sale.details)
        ),
    )


def goods_issue(reading: yonyou.SalesOutReading, context: Context) -> GoodsIssue:
    """Map the reading of a 销售出库单."""
    if reading.withdrawn:
        return GoodsIssue(**reading.withdrawal(context))
    issue = reading.expect("a sales issue")
    if issue.date is None:
        raise Rejected("found nothing; expected its date", code="invalid", path="$.record.vouchdate")
    state, on = ISSUE_STATES[issue.status], moment_on(issue.date, context)
    left = state is IssueState.DESPATCHED
    return build(
        GoodsIssue,
        **reading.said(context),
        state=state,
        planned_for=None if left else on,
        despatched_at=on if left else None,
        closed_at=min(on.at, reading.read_at) if left else None,
        lines=tuple(
            IssueLine(
                line=row.id,
                order=served,
                order_line=served_row,
                product=_product(row, f"$.record.details[{at}].product_cCode"),
                quantity=_quantity(row, context, f"$.record.details[{at}].unitName"),
            )
            for at, row in enumerate(issue.details)
            for served, served_row in [_serves(issue, row)]
            if served
        ),
        packages=packages_of(issue.carrier, issue.bill_number),
        transport=Transport(vehicle=issue.vehicle) if issue.vehicle else None,
    )


def _serves(issue: yonyou.SalesOut, row: yonyou.SalesOutDetail) -> tuple[str, str]:
    """Give the order that a row serves, and which row of it, both empty where it serves none."""
    if issue.source_type not in {DELIVERY, ORDER}:
        return "", ""
    if row.first_code:
        return row.first_code, row.first_row
    return (row.source_code, row.source_row) if issue.source_type == ORDER else ("", "")


def _promised(sale: yonyou.SaleOrder, row: yonyou.OrderDetail, context: Context) -> Window | None:
    zone, leaves = context.zone or "UTC", row.consigned or sale.sent
    if hoped_for := row.hoped_for or sale.hoped_for:
        return Window.of_days(None, hoped_for.date(), zone)
    return None if leaves is None else Window.of_days(None, (leaves + delivery_time(context.options)).date(), zone)


def _product(row: yonyou.OrderDetail | yonyou.SalesOutDetail, path: str) -> Product:
    if not row.product:
        raise Rejected("found a row without product", code="invalid", path=path)
    return Product(code=row.product, name=row.name, specification=row.specification)


def _quantity(row: yonyou.OrderDetail | yonyou.SalesOutDetail, context: Context, path: str) -> Quantity:
    return build(Quantity, value=row.quantity, unit=unit_code(row.unit, known((row.unit,)), context.options, path))


KINDS: Kinds = {"order": (yonyou.OrderReading, order), "goods_issue": (yonyou.SalesOutReading, goods_issue)}
