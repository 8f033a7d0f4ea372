"""Documents of Yonyou YonBIP: where each kind is listed and read whole, what is kept of it, which can still change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.pollers.wall_clock import STAMP
from connectors.pollers.yonyou_api import Row

_SECOND = timedelta(seconds=1)
_RETURNED = "1"
_LEFT = frozenset({"1", "2"})
_OVER = frozenset({"ENDORDER", "OPPOSE"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. names_order: the condition's field by which its rows name an order, empty where it is one."""

    name: str
    list_path: str
    detail_path: str
    head: frozenset[str]
    rows: str
    row: frozenset[str]
    names_order: str
    is_open: Callable[[Row], bool]
    includes: Callable[[Row], bool]


def _is_open_order(row: Row) -> bool:
    return row.get("nextStatus") not in _OVER


def _is_open_issue(row: Row) -> bool:
    return str(row.get("status")) not in _LEFT


def _is_issue(row: Row) -> bool:
    """What comes back (出库方向 1) is listed among what leaves."""
    return str(row.get("stockDirection") or "") != _RETURNED


ORDER = Kind(
    "order",
    "/yonbip/sd/voucherorder/list",
    "/yonbip/sd/voucherorder/detail",
    frozenset(
        {"code", "nextStatus", "vouchdate", "agentId", "agentId_name", "purchaseNo", "hopeReceiveDate", "sendDate"}
    ),
    "orderDetails",
    frozenset(
        {"id", "productCode", "productName", "specDescription", "qty", "qtyName", "hopeReceiveDate", "consignTime"}
    ),
    "",
    _is_open_order,
    lambda _: True,
)
GOODS_ISSUE = Kind(
    "goods_issue",
    "/yonbip/scm/salesout/list",
    "/yonbip/scm/salesout/detail",
    frozenset(
        {"code", "status", "vouchdate", "srcBillType", "iLogisticId_name", "cLogisticsBillNo", "cLogisticsCarNum"}
    ),
    "details",
    frozenset(
        {
            "id",
            "product_cCode",
            "product_cName",
            "modelDescription",
            "qty",
            "unitName",
            "firstupcode",
            "firstsourceautoid",
            "upcode",
            "sourceautoid",
        }
    ),
    "details.firstupcode",
    _is_open_issue,
    _is_issue,
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (ORDER, GOODS_ISSUE)}


def kept(kind: Kind, found: Row) -> Row:
    """Leave out of a document all that is not read: prices, people, and when it was touched."""
    record: dict[str, Any] = {name: value for name, value in found.items() if name in kind.head}
    rows = found.get(kind.rows)
    if isinstance(rows, list):
        record[kind.rows] = [
            {name: value for name, value in row.items() if name in kind.row} if isinstance(row, dict) else row
            for row in rows
        ]
    return record


def since(begin: datetime) -> Mapping[str, str]:
    """Write the condition that a document was touched at or after a wall-clock time; there is no `>=` for orders."""
    return {"field": "pubts", "op": "gt", "value1": (begin - _SECOND).strftime(STAMP)}


def naming(kind: Kind, order: str) -> tuple[list[Mapping[str, str]], Mapping[str, str]]:
    """Write the conditions, and what stands beside them, that a document is the order, or names it."""
    if not kind.names_order:
        return [], {"code": order}
    return [{"field": kind.names_order, "op": "eq", "value1": order}], {}
