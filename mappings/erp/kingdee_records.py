"""Bills of Kingdee (金蝶) K/3 Cloud, grouped from the flat rows of ExecuteBillQuery, their fields named by its keys.

Forms SAL_SaleOrder (销售订单) and SAL_OUTSTOCK (销售出库单). Times are local in the server's zone and do not say it
(`2026-03-05T00:00:00`). Document status: Z 暂存 (put aside), A 创建 (new), B 审核中 (in audit), C 已审核 (audited),
D 重新审核 (to be audited again); a bill or a row is cancelled, closed or ended (B), or not (A).

Sources: https://qliang.cloud/api/cce5a25d-172e-3801-84f8-266d490fe308 (the statuses, and which dates a bill has) and
https://codetd.com/article/8002203 (how keys name fields of an entry and of what a field points at). Kingdee's own pages
want an account; which fields there are, the system itself tells (QueryBusinessInfo).
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from contracts.model import Contract
from mappings.erp.chinese_values import local_time
from mappings.erp.readings import OUR_TIME, Amount, Told

_FORM = "YYYY-MM-DDTHH:MM:SS"


def _text(value: object) -> object:
    return "" if value is None else value.strip() if isinstance(value, str) else value


def _wall_clock(value: object) -> object:
    if value is None or value == "":
        return None
    told = value.partition(".")[0] if isinstance(value, str) else ""
    if len(told) != len(_FORM):
        raise ValueError(f"expected {_FORM}")
    return local_time(told, _FORM)


def _of_our_time(value: datetime | None) -> datetime | None:
    """The first years of the calendar are an empty date over there."""
    return value if value is None or value.year in OUR_TIME else None


Text = Annotated[str, BeforeValidator(_text)]
Wall = Annotated[datetime | None, BeforeValidator(_wall_clock), AfterValidator(_of_our_time)]
DocumentStatus = Literal["Z", "A", "B", "C", "D"]
Switch = Annotated[Literal["A", "B", ""], BeforeValidator(_text)]
"""A: no, B: yes; empty where the form has none."""


class Entry(Contract):
    """A row of either form."""

    material: Text = Field(default="", alias="FMaterialId.FNumber")
    name: Text = Field(default="", alias="FMaterialId.FName")
    specification: Text = Field(default="", alias="FMaterialId.FSpecification")
    unit: Text = Field(default="", alias="FUnitID.FNumber")
    unit_name: Text = Field(default="", alias="FUnitID.FName")


class OrderEntry(Entry):
    """A row of an order. FDeliveryDate: 要货日期; FMrpCloseStatus: whether it is closed; FMrpTerminateStatus: ended."""

    id: int = Field(alias="FSaleOrderEntry_FEntryID", gt=0)
    quantity: Amount = Field(alias="FQty")
    delivery_date: Wall = Field(default=None, alias="FDeliveryDate")
    terminated: Switch = Field(default="", alias="FMrpTerminateStatus")


class SaleOrder(Contract):
    """SAL_SaleOrder."""

    number: str = Field(alias="FBillNo", min_length=1)
    status: DocumentStatus = Field(alias="FDocumentStatus")
    cancelled: Switch = Field(default="", alias="FCancelStatus")
    closed: Switch = Field(default="", alias="FCloseStatus")
    date: Wall = Field(default=None, alias="FDate")
    customer: Text = Field(default="", alias="FCustId.FNumber")
    customer_name: Text = Field(default="", alias="FCustId.FName")
    entries: tuple[OrderEntry, ...] = ()


class OutstockEntry(Entry):
    """A row of an outstock. FSoorDerno: the order's number; FSOEntryId: the id of its row."""

    id: int = Field(alias="FEntity_FEntryID", gt=0)
    quantity: Amount = Field(alias="FRealQty")
    order: Text = Field(default="", alias="FSoorDerno")
    order_entry: int | None = Field(default=None, alias="FSOEntryId")


class Outstock(Contract):
    """SAL_OUTSTOCK. FCarriageNO: 运输单号, the carrier's number; FCancelDate: since when it is cancelled."""

    number: str = Field(alias="FBillNo", min_length=1)
    status: DocumentStatus = Field(alias="FDocumentStatus")
    cancelled: Switch = Field(default="", alias="FCancelStatus")
    date: Wall = Field(default=None, alias="FDate")
    cancelled_at: Wall = Field(default=None, alias="FCancelDate")
    carrier: Text = Field(default="", alias="FCarrierID.FName")
    carriage_number: Text = Field(default="", alias="FCarriageNO")
    entries: tuple[OutstockEntry, ...] = ()


OrderReading = Told[SaleOrder]
OutstockReading = Told[Outstock]
