"""Orders and deliveries of SAP S/4HANA as its OData services write them, version 2 in JSON.

Entities of API_SALES_ORDER_SRV (https://api.sap.com/api/API_SALES_ORDER_SRV/overview) and API_OUTBOUND_DELIVERY_SRV, v2
(https://api.sap.com/api/API_OUTBOUND_DELIVERY_SRV_0002/overview). An Edm.DateTime is `/Date(1772409600000)/`, a date
without zone written as milliseconds of UTC; an Edm.Time is `PT09H05M00S`; an Edm.Decimal is text; an empty field is
text without characters, or null (https://www.odata.org/documentation/odata-version-2-0/json-format/).
"""

import re
from datetime import date, time
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from contracts.model import Contract
from mappings.erp.readings import Amount, Told, of_our_time

_BEFORE, _BEHIND = "/Date(", ")/"
_EPOCH, _A_DAY = date(1970, 1, 1).toordinal(), 24 * 60 * 60 * 1000
_TIME = re.compile(r"PT(\d{1,2})H(\d{1,2})M(\d{1,2})S")


def _empty(value: object) -> object:
    return "" if value is None else value


def _day(value: object) -> object:
    if value is None or not isinstance(value, str):
        return value
    milliseconds = value[len(_BEFORE) : -len(_BEHIND)]
    if not (value.startswith(_BEFORE) and value.endswith(_BEHIND) and milliseconds.lstrip("-").isdecimal()):
        raise ValueError("expected /Date(milliseconds)/")
    try:
        return date.fromordinal(_EPOCH + int(milliseconds) // _A_DAY)
    except (ValueError, OverflowError) as error:
        raise ValueError("expected a day of our time") from error


def _clock(value: object) -> object:
    if value is None or not isinstance(value, str):
        return value
    told = _TIME.fullmatch(value)
    if told is None:
        raise ValueError("expected PT..H..M..S")
    return time(int(told[1]), int(told[2]), int(told[3]))


Text = Annotated[str, StringConstraints(strip_whitespace=True), BeforeValidator(_empty)]
Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Day = Annotated[date | None, BeforeValidator(_day), AfterValidator(of_our_time)]
Clock = Annotated[time | None, BeforeValidator(_clock)]
E = TypeVar("E")


class Results(BaseModel, Generic[E]):
    """What a navigation property with many entities says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    results: tuple[E, ...] = ()


class ScheduleLine(Contract):
    """`A_SalesOrderScheduleLine`, in the item's unit. What was confirmed is none of it, all of it or less."""

    ScheduleLine: Text = ""
    RequestedDeliveryDate: Day = None
    ConfirmedDeliveryDate: Day = None
    ConfdOrderQtyByMatlAvailCheck: Amount


class OrderItem(Contract):
    """`A_SalesOrderItem`. SalesDocumentRjcnReason: why it was rejected, empty where it was not."""

    SalesOrderItem: Key
    Material: Text = ""
    SalesOrderItemText: Text = ""
    RequestedQuantity: Amount
    RequestedQuantityUnit: Text = ""
    RequestedQuantityISOUnit: Text = ""
    SalesDocumentRjcnReason: Text = ""
    schedule: Results[ScheduleLine] = Field(default=Results(), alias="to_ScheduleLine")


Progress = Literal["", "A", "B", "C"]
"""Not relevant, not begun, in part, completely."""


class SalesOrder(Contract):
    """`A_SalesOrder`."""

    SalesOrder: Key
    SoldToParty: Text = ""
    PurchaseOrderByCustomer: Text = ""
    SalesOrderDate: Day = None
    RequestedDeliveryDate: Day = None
    IncotermsClassification: Text = ""
    OverallSDProcessStatus: Annotated[Progress, BeforeValidator(_empty)] = ""
    OverallDeliveryStatus: Annotated[Progress, BeforeValidator(_empty)] = ""
    OverallSDDocumentRejectionSts: Annotated[Progress, BeforeValidator(_empty)] = ""
    items: Results[OrderItem] = Field(alias="to_Item")


class DeliveryItem(Contract):
    """`A_OutbDeliveryItem`. ReferenceSDDocumentCategory: C where it serves a sales order."""

    DeliveryDocumentItem: Key
    Material: Text = ""
    DeliveryDocumentItemText: Text = ""
    ActualDeliveryQuantity: Amount
    DeliveryQuantityUnit: Text = ""
    DeliveryQuantityISOUnit: Text = ""
    ReferenceSDDocument: Text = ""
    ReferenceSDDocumentItem: Text = ""
    ReferenceSDDocumentCategory: Text = ""


class DeliveryPartner(Contract):
    """`A_OutbDeliveryPartner`."""

    PartnerFunction: Text = ""
    Supplier: Text = ""


class Delivery(Contract):
    """`A_OutbDeliveryHeader`. The goods movement is posted on the actual date, completely where its status is C."""

    DeliveryDocument: Key
    BillOfLading: Text = ""
    MeansOfTransport: Text = ""
    DeliveryDocumentBySupplier: Text = ""
    PlannedGoodsIssueDate: Day = None
    ActualGoodsMovementDate: Day = None
    ActualGoodsMovementTime: Clock = None
    OverallGoodsMovementStatus: Annotated[Progress, BeforeValidator(_empty)] = ""
    OverallPickingStatus: Annotated[Progress, BeforeValidator(_empty)] = ""
    items: Results[DeliveryItem] = Field(alias="to_DeliveryDocumentItem")
    partners: Results[DeliveryPartner] = Field(default=Results(), alias="to_DeliveryDocumentPartner")


OrderReading = Told[SalesOrder]
DeliveryReading = Told[Delivery]
