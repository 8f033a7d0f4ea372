"""Documents of Yonyou (用友) YonBIP as the details of its open platform give them.

销售订单 (`/yonbip/sd/voucherorder/detail`) and 销售出库单 (`/yonbip/scm/salesout/detail`), by the pages of
https://open.yonyoucloud.com, "销售订单列表查询" (`nextStatus` and its eight values), "销售出库列表查询" and
"销售出库详情查询". Times are local and do not say their zone (`2026-03-05 00:00:00`). An id is a number or text. No
page states what the statuses of a 销售出库单 are; those of the platform's other stock documents are taken: 0 开立
(open), 1 已审核 (audited), 2 已关闭 (closed), 3 审核中 (in audit).
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from contracts.model import Contract
from mappings.erp.chinese_values import local_time
from mappings.erp.readings import Amount, Told, of_our_time

_FORM = "YYYY-MM-DD HH:MM:SS"
_LENGTHS = frozenset({len("YYYY-MM-DD"), len(_FORM)})


def _text(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return "" if value is None else value.strip() if isinstance(value, str) else value


def _wall_clock(value: object) -> object:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) not in _LENGTHS:
        raise ValueError(f"expected {_FORM}")
    return local_time(value, _FORM)


Text = Annotated[str, BeforeValidator(_text)]
Id = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Wall = Annotated[datetime | None, BeforeValidator(_wall_clock), AfterValidator(of_our_time)]
NextStatus = Literal[
    "CONFIRMORDER",
    "APPROVING",
    "DELIVERGOODS",
    "DELIVERY_PART",
    "DELIVERY_TAKE_PART",
    "TAKEDELIVERY",
    "ENDORDER",
    "OPPOSE",
]
StockStatus = Annotated[Literal["0", "1", "2", "3"], BeforeValidator(_text)]


class OrderDetail(Contract):
    """A row of an order, in its main unit. hopeReceiveDate: 期望收货日期; consignTime: when it is to leave."""

    id: Id
    product: Text = Field(default="", alias="productCode")
    name: Text = Field(default="", alias="productName")
    specification: Text = Field(default="", alias="specDescription")
    quantity: Amount = Field(alias="qty")
    unit: Text = Field(default="", alias="qtyName")
    hoped_for: Wall = Field(default=None, alias="hopeReceiveDate")
    consigned: Wall = Field(default=None, alias="consignTime")


class SaleOrder(Contract):
    """销售订单."""

    code: str = Field(min_length=1)
    status: NextStatus = Field(alias="nextStatus")
    date: Wall = Field(default=None, alias="vouchdate")
    customer: Text = Field(default="", alias="agentId")
    customer_name: Text = Field(default="", alias="agentId_name")
    purchase_number: Text = Field(default="", alias="purchaseNo")
    hoped_for: Wall = Field(default=None, alias="hopeReceiveDate")
    sent: Wall = Field(default=None, alias="sendDate")
    details: tuple[OrderDetail, ...] = Field(default=(), alias="orderDetails")


class SalesOutDetail(Contract):
    """A row of a 销售出库单: its first source is the order (源头单据), its source what stands before it (来源单据)."""

    id: Id
    product: Text = Field(default="", alias="product_cCode")
    name: Text = Field(default="", alias="product_cName")
    specification: Text = Field(default="", alias="modelDescription")
    quantity: Amount = Field(alias="qty")
    unit: Text = Field(default="", alias="unitName")
    first_code: Text = Field(default="", alias="firstupcode")
    first_row: Text = Field(default="", alias="firstsourceautoid")
    source_code: Text = Field(default="", alias="upcode")
    source_row: Text = Field(default="", alias="sourceautoid")


class SalesOut(Contract):
    """销售出库单. srcBillType: 1 of a 发货单, 2 of a 销售订单; cLogisticsBillNo: 物流单号; cLogisticsCarNum: 车牌号."""

    code: str = Field(min_length=1)
    status: StockStatus
    date: Wall = Field(alias="vouchdate")
    source_type: Text = Field(default="", alias="srcBillType")
    carrier: Text = Field(default="", alias="iLogisticId_name")
    bill_number: Text = Field(default="", alias="cLogisticsBillNo")
    vehicle: Text = Field(default="", alias="cLogisticsCarNum")
    details: tuple[SalesOutDetail, ...] = ()


OrderReading = Told[SaleOrder]
SalesOutReading = Told[SalesOut]
