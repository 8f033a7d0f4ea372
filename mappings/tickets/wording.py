"""How facts read in a ticket, whatever system it stands in: people, times, windows and scans as text.

Times are in the zone of the promised window, else in UTC, and say so. What is not known is empty.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal

from contracts.moment import Precision, Window, zone
from contracts.quantity import Quantity, total
from contracts.snapshot import DeliveryStatus, ParcelView, View

Language = Literal["en", "zh-CN"]

LABELS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "order": "Order",
        "customer": "Customer",
        "promised": "Promised",
        "last_scan": "Last scan",
        "due": "To be done by",
        "colon": ": ",
    },
    "zh-CN": {
        "order": "订单",
        "customer": "客户",
        "promised": "承诺交期",
        "last_scan": "最近一次扫描",
        "due": "处理期限",
        "colon": "：",
    },
}
STATUSES: Mapping[Language, Mapping[DeliveryStatus, str]] = {
    "en": {
        DeliveryStatus.DRAFT: "Not confirmed yet",
        DeliveryStatus.CONFIRMED: "Confirmed",
        DeliveryStatus.PARTIALLY_DESPATCHED: "Partially despatched",
        DeliveryStatus.DESPATCHED: "Despatched",
        DeliveryStatus.IN_TRANSIT: "On its way",
        DeliveryStatus.PARTIALLY_DELIVERED: "Partially delivered",
        DeliveryStatus.DELIVERED: "Delivered",
        DeliveryStatus.PARTIALLY_ACCEPTED: "Partially accepted",
        DeliveryStatus.ACCEPTED: "Accepted",
        DeliveryStatus.REFUSED: "Refused",
        DeliveryStatus.RETURNED: "Returned",
        DeliveryStatus.CANCELLED: "Cancelled",
        DeliveryStatus.UNKNOWN: "Unknown",
    },
    "zh-CN": {
        DeliveryStatus.DRAFT: "待确认",
        DeliveryStatus.CONFIRMED: "已确认",
        DeliveryStatus.PARTIALLY_DESPATCHED: "部分发货",
        DeliveryStatus.DESPATCHED: "已发货",
        DeliveryStatus.IN_TRANSIT: "运输中",
        DeliveryStatus.PARTIALLY_DELIVERED: "部分送达",
        DeliveryStatus.DELIVERED: "已送达",
        DeliveryStatus.PARTIALLY_ACCEPTED: "部分验收",
        DeliveryStatus.ACCEPTED: "已验收",
        DeliveryStatus.REFUSED: "拒收",
        DeliveryStatus.RETURNED: "已退回",
        DeliveryStatus.CANCELLED: "已取消",
        DeliveryStatus.UNKNOWN: "未知",
    },
}


def one_line(text: str) -> str:
    """Join a text's words by single spaces: a field of one line is kept by its system as it was written."""
    return " ".join(text.split())


def customer_of(view: View | None) -> str:
    """Name a customer by name and number."""
    if view is None:
        return ""
    name, number = one_line(view.customer_name), one_line(view.customer)
    return f"{name} ({number})" if name and number and name != number else name or number


def zone_of(view: View | None) -> str:
    """Choose the zone in which people are told times."""
    return view.promised.zone if view and view.promised else "UTC"


def window(promised: Window | None) -> str:
    """Write the promised days, or, where an instant was promised, that instant."""
    if promised is None:
        return ""
    if promised.precision is not Precision.DATE:
        return time(promised.closes, promised.zone)
    last = promised.last_day()
    first = promised.opens.astimezone(zone(promised.zone)).date() if promised.opens else last
    return last.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def scan(parcel: ParcelView | None, zone_name: str) -> str:
    """Tell a parcel's newest scan: when, whose, where and what."""
    if parcel is None or parcel.last_scan_at is None:
        return ""
    parts = (f"{parcel.carrier} {parcel.number}", parcel.last_location, parcel.last_scan_text)
    told = " · ".join(line for part in parts if (line := one_line(part)))
    return f"{time(parcel.last_scan_at, zone_name)} · {told}"


def amounts(quantities: Iterable[Quantity]) -> str:
    """Add up by unit, never across units: `120 C62, 5 KGM`."""
    by_unit: dict[str, list[Quantity]] = {}
    for quantity in quantities:
        by_unit.setdefault(quantity.unit, []).append(quantity)
    return ", ".join(str(total(of_it, unit)) for unit, of_it in sorted(by_unit.items()))


def time(at: datetime, zone_name: str) -> str:
    """Write an instant in a zone, to the minute."""
    return f"{at.astimezone(UTC if zone_name == 'UTC' else zone(zone_name)):%Y-%m-%d %H:%M} ({zone_name})"
