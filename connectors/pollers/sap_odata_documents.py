"""Whole documents of SAP S/4HANA: which entity is which kind, what is read of it, and which can still change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.pollers.sap_odata_api import Row, SapOData

ORDERS = "API_SALES_ORDER_SRV/A_SalesOrder"
DELIVERIES = "API_OUTBOUND_DELIVERY_SRV;v=0002/A_OutbDeliveryHeader"
DELIVERY_ITEMS = "API_OUTBOUND_DELIVERY_SRV;v=0002/A_OutbDeliveryItem"
FIELDS = frozenset(
    {
        "SalesOrder",
        "SoldToParty",
        "PurchaseOrderByCustomer",
        "SalesOrderDate",
        "RequestedDeliveryDate",
        "IncotermsClassification",
        "OverallSDProcessStatus",
        "OverallDeliveryStatus",
        "OverallSDDocumentRejectionSts",
        "SalesOrderItem",
        "Material",
        "SalesOrderItemText",
        "RequestedQuantity",
        "RequestedQuantityUnit",
        "RequestedQuantityISOUnit",
        "SalesDocumentRjcnReason",
        "ScheduleLine",
        "ConfirmedDeliveryDate",
        "ConfdOrderQtyByMatlAvailCheck",
        "DeliveryDocument",
        "BillOfLading",
        "MeansOfTransport",
        "DeliveryDocumentBySupplier",
        "PlannedGoodsIssueDate",
        "ActualGoodsMovementDate",
        "ActualGoodsMovementTime",
        "OverallGoodsMovementStatus",
        "OverallPickingStatus",
        "DeliveryDocumentItem",
        "DeliveryDocumentItemText",
        "ActualDeliveryQuantity",
        "DeliveryQuantityUnit",
        "DeliveryQuantityISOUnit",
        "ReferenceSDDocument",
        "ReferenceSDDocumentItem",
        "ReferenceSDDocumentCategory",
        "PartnerFunction",
        "Supplier",
    }
)
"""An entity is given whole, with prices, texts and who changed it when; of the rest nothing is kept."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: where it is read, by which key, with what belongs to it; changed: how its change shows."""

    name: str
    path: str
    key: str
    expand: tuple[str, ...]
    changed: tuple[str, ...]
    is_open: Callable[[Row], bool]


def _order_is_open(row: Row) -> bool:
    return all(row.get(status) != "C" for status in ("OverallSDProcessStatus", "OverallSDDocumentRejectionSts"))


def _delivery_is_open(row: Row) -> bool:
    return row.get("OverallGoodsMovementStatus") != "C"


ORDER = Kind(
    "order",
    ORDERS,
    "SalesOrder",
    ("to_Item", "to_Item/to_ScheduleLine"),
    ("LastChangeDateTime",),
    _order_is_open,
)
GOODS_ISSUE = Kind(
    "goods_issue",
    DELIVERIES,
    "DeliveryDocument",
    ("to_DeliveryDocumentItem", "to_DeliveryDocumentPartner"),
    ("LastChangeDate", "CreationDate"),
    _delivery_is_open,
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (ORDER, GOODS_ISSUE)}


async def read(api: SapOData, kind: Kind, name: str) -> Row | None:
    """Read the document of a kind with this number; None where there is none."""
    return await api.entity(kind.path, kind.key, name, kind.expand)


def kept(value: Any) -> Any:  # noqa: ANN401 - JSON of any depth
    """Leave out of an entity, and of what belongs to it, all that is not read."""
    if isinstance(value, dict):
        inner = ("results", *(name for name in value if name.startswith("to_")))
        return {name: kept(one) for name, one in value.items() if name in FIELDS or name in inner}
    return [kept(one) for one in value] if isinstance(value, list) else value
