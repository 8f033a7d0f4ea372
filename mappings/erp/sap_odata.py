"""SAP S/4HANA, read by OData: sales orders become orders, outbound deliveries goods issues.

The payload is one reading of our own poller (`connectors.pollers.sap_odata`; its form: `connectors.pollers.payload`).

An order is confirmed as soon as it is there; rejected as a whole it is cancelled, delivered or processed completely it
is completed. An item is promised by the schedule lines of which something was confirmed, on their confirmed dates;
where nothing was, by the date that the customer asked for. SAP tells no agreement of a customer to a change, so no line
is ever `agreed`. Addresses are not read: older releases give none with an order.

A delivery has left when its goods movement is posted completely, on the actual date and time; posted in part, or
picked completely, it is picked. An item that serves no sales order (its reference's category is C) is left out. Dates
and times are local in the account's zone, and do not say it.

Options of the account: `unit.NAME` (`mappings.erp.options`), by the unit's ISO code or SAP's own name; `tracking`: in
which field of a delivery the carrier's number stands, `BillOfLading` unless told otherwise, or `none`.
"""

from collections.abc import Mapping

from contracts.connector import Context, Mapped
from contracts.documents import (
    DeliveryMethod,
    GoodsIssue,
    IssueLine,
    IssueState,
    Order,
    OrderLine,
    OrderState,
    Package,
    Party,
    Product,
)
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Moment, ZoneSource
from mappings.erp import sap_odata_records as sap
from mappings.erp.readings import Kinds, mapped
from mappings.erp.sap_values import moment_at, plain, promise, quantity_of

TRACKING = "tracking"
TRACKING_FIELDS = ("BillOfLading", "MeansOfTransport", "DeliveryDocumentBySupplier", "none")
COMPLETELY, SALES_ORDER, EX_WORKS = "C", "C", "EXW"
FORWARDERS = frozenset({"SP", "CR"})
"""The carrier's partner function, in German and in English, where SP is the sold-to party: which is no supplier."""


def to_events(payload: object, context: Context) -> Mapped:
    """Map one reading to its document; raises Rejected with the JSON path of the first wrong value."""
    return mapped(payload, KINDS, context)


def order(reading: sap.OrderReading, context: Context) -> Order:
    """Map the reading of a sales order."""
    if reading.withdrawn:
        return Order(**reading.withdrawal(context))
    sale = reading.expect("a sales order")
    zone = context.zone or "UTC"
    return build(
        Order,
        **reading.said(context),
        state=state_of(sale),
        customer=Party(id=plain(sale.SoldToParty)) if sale.SoldToParty else None,
        reference=sale.PurchaseOrderByCustomer,
        method=DeliveryMethod.SELF_PICKUP if sale.IncotermsClassification == EX_WORKS else DeliveryMethod.THIRD_PARTY,
        ordered_at=Moment.on(sale.SalesOrderDate, zone, ZoneSource.ACCOUNT) if sale.SalesOrderDate else None,
        lines=tuple(
            _line(sale, item, f"$.record.to_Item.results[{at}]", zone, context)
            for at, item in enumerate(sale.items.results)
        ),
    )


def state_of(sale: sap.SalesOrder) -> OrderState:
    """Say how far an order is."""
    if sale.OverallSDDocumentRejectionSts == COMPLETELY:
        return OrderState.CANCELLED
    done = COMPLETELY in {sale.OverallSDProcessStatus, sale.OverallDeliveryStatus}
    return OrderState.COMPLETED if done else OrderState.CONFIRMED


def _line(sale: sap.SalesOrder, item: sap.OrderItem, path: str, zone: str, context: Context) -> OrderLine:
    iso, commercial, where = item.RequestedQuantityISOUnit, item.RequestedQuantityUnit, f"{path}.RequestedQuantityUnit"
    told = item.schedule.results
    confirmed = sorted(
        (line.ConfirmedDeliveryDate, line.ConfdOrderQtyByMatlAvailCheck)
        for line in told
        if line.ConfirmedDeliveryDate and line.ConfdOrderQtyByMatlAvailCheck > 0
    )
    parts = [(day, quantity_of(value, iso, commercial, context.options, where)) for day, value in confirmed]
    asked = max((line.RequestedDeliveryDate for line in told if line.RequestedDeliveryDate), default=None)
    promised, schedule = promise(parts, asked or sale.RequestedDeliveryDate, zone)
    return build(
        OrderLine,
        line=plain(item.SalesOrderItem),
        product=_product(item.Material, item.SalesOrderItemText, path),
        ordered=quantity_of(item.RequestedQuantity, iso, commercial, context.options, where),
        promised=promised,
        cancelled=bool(item.SalesDocumentRjcnReason),
        schedule=schedule,
    )


def goods_issue(reading: sap.DeliveryReading, context: Context) -> GoodsIssue:
    """Map the reading of an outbound delivery."""
    if reading.withdrawn:
        return GoodsIssue(**reading.withdrawal(context))
    delivery = reading.expect("an outbound delivery")
    zone, planned = context.zone or "UTC", delivery.PlannedGoodsIssueDate
    left = _left(delivery, zone)
    return build(
        GoodsIssue,
        **reading.said(context),
        state=issue_state(delivery),
        planned_for=Moment.on(planned, zone, ZoneSource.ACCOUNT) if planned and not left else None,
        despatched_at=left,
        closed_at=min(left.at, reading.read_at) if left else None,
        lines=tuple(
            IssueLine(
                line=plain(item.DeliveryDocumentItem),
                order=plain(item.ReferenceSDDocument),
                order_line=plain(item.ReferenceSDDocumentItem),
                product=_product(item.Material, item.DeliveryDocumentItemText, path),
                quantity=quantity_of(
                    item.ActualDeliveryQuantity,
                    item.DeliveryQuantityISOUnit,
                    item.DeliveryQuantityUnit,
                    context.options,
                    f"{path}.DeliveryQuantityUnit",
                ),
            )
            for item, path in _serving(delivery)
        ),
        packages=_packages(delivery, context.options),
    )


def issue_state(delivery: sap.Delivery) -> IssueState:
    """Say how far a delivery is."""
    if delivery.OverallGoodsMovementStatus == COMPLETELY:
        return IssueState.DESPATCHED
    begun = delivery.OverallGoodsMovementStatus == "B" or delivery.OverallPickingStatus == COMPLETELY
    return IssueState.PICKED if begun else IssueState.PLANNED


def _left(delivery: sap.Delivery, zone: str) -> Moment | None:
    if issue_state(delivery) is not IssueState.DESPATCHED:
        return None
    if delivery.ActualGoodsMovementDate is None:
        reason = "found nothing; expected the date of a goods movement that is posted"
        raise Rejected(reason, code="invalid", path="$.record.ActualGoodsMovementDate")
    return moment_at(delivery.ActualGoodsMovementDate, delivery.ActualGoodsMovementTime, zone)


def _serving(delivery: sap.Delivery) -> list[tuple[sap.DeliveryItem, str]]:
    return [
        (item, f"$.record.to_DeliveryDocumentItem.results[{at}]")
        for at, item in enumerate(delivery.items.results)
        if item.ReferenceSDDocument and item.ReferenceSDDocumentCategory in {SALES_ORDER, ""}
    ]


def _packages(delivery: sap.Delivery, options: Mapping[str, str]) -> tuple[Package, ...]:
    number = str(getattr(delivery, options.get(TRACKING, TRACKING_FIELDS[0]), ""))
    partners = delivery.partners.results
    carrier = next((one.Supplier for one in partners if one.PartnerFunction in FORWARDERS and one.Supplier), "")
    return (Package(carrier=plain(carrier), tracking_number=number),) if number else ()


def _product(material: str, text: str, path: str) -> Product:
    if not material and not text:
        raise Rejected("found an item that names no product", code="invalid", path=f"{path}.Material")
    return Product(code=plain(material) or text, name=text)


KINDS: Kinds = {"order": (sap.OrderReading, order), "goods_issue": (sap.DeliveryReading, goods_issue)}
