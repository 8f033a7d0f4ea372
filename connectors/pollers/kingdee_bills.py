"""Bills of Kingdee: which form is which kind of document, which of their fields are read, and flat rows as bills.

A query answers flat: a row of the bill a line, each with the fields of its head. So what belongs to one bill is put
together by its id. A bill without a number was put aside (暂存) and is nobody's yet.

Which bills changed is asked first, by their heads alone. No page says that an audit, a cancellation or a closing sets
FModifyDate, and each has a date of its own, so all dates of a bill are asked for; they are local in the server's zone
(`wall_clock`).
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.pollers import kingdee_api
from connectors.pollers.kingdee_api import Kingdee
from connectors.pollers.wall_clock import STAMP
from contracts.errors import Rejected

Row = dict[str, Any]

BILLS_A_QUERY = 50
_ENTRY = ("FMaterialId.FNumber", "FMaterialId.FName", "FMaterialId.FSpecification", "FUnitID.FNumber", "FUnitID.FName")


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of bill. changed: dates that a change sets; entry: the key of a row's id; order: which names the order."""

    kind: str
    id: str
    changed: tuple[str, ...]
    head: tuple[str, ...]
    entry: str
    entries: tuple[str, ...]
    order: str
    is_open: Callable[[Row], bool]


def _is_open_order(bill: Row) -> bool:
    return "B" not in {bill["FCancelStatus"], bill["FCloseStatus"]}


def _is_open_outstock(bill: Row) -> bool:
    return bool(bill["FCancelStatus"] != "B" and bill["FDocumentStatus"] != "C")


_DATES = ("FCreateDate", "FModifyDate", "FApproveDate", "FCancelDate")
ORDER = Form(
    "order",
    "SAL_SaleOrder",
    (*_DATES, "FCloseDate"),
    ("FBillNo", "FDocumentStatus", "FCancelStatus", "FCloseStatus", "FDate", "FCustId.FNumber", "FCustId.FName"),
    "FSaleOrderEntry_FEntryID",
    (*_ENTRY, "FQty", "FDeliveryDate", "FMrpTerminateStatus"),
    "FBillNo",
    _is_open_order,
)
GOODS_ISSUE = Form(
    "goods_issue",
    "SAL_OUTSTOCK",
    _DATES,
    ("FBillNo", "FDocumentStatus", "FCancelStatus", "FDate", "FCancelDate", "FCarrierID.FName", "FCarriageNO"),
    "FEntity_FEntryID",
    (*_ENTRY, "FRealQty", "FSoorDerno", "FSOEntryId"),
    "FSoorDerno",
    _is_open_outstock,
)
FORMS: Mapping[str, Form] = {form.kind: form for form in (ORDER, GOODS_ISSUE)}


async def heads(api: Kingdee, form: Form, condition: str) -> AsyncIterator[list[Row]]:
    """Give ids and dates of the bills that meet a condition, page by page, each behind the last id."""
    last, fields = 0, ("FID", *form.changed)
    while True:
        both = " and ".join(one for one in (condition, f"FID > {last}") if one)
        rows = await api.rows(form.id, fields, both, "FID asc")
        if rows:
            last, before = max(_id(api, form, row) for row in rows), last
            if last <= before:
                raise Rejected(f"{api.caller.title} gives bills of {form.id} again and again", code="refused")
            yield rows
        if len(rows) < kingdee_api.PAGE:
            return


async def bills(api: Kingdee, form: Form, ids: Collection[int]) -> AsyncIterator[tuple[int, Row]]:
    """Read the bills with these ids that there are, each with its rows."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), BILLS_A_QUERY):
        some = ",".join(str(one) for one in wanted[start : start + BILLS_A_QUERY])
        for number, bill in (await _read(api, form, f"FID in ({some})")).items():
            yield number, bill


async def _read(api: Kingdee, form: Form, condition: str) -> dict[int, Row]:
    fields, at = ("FID", *form.head, form.entry, *form.entries), 0
    found, entries = dict[int, Row](), dict[int, dict[Any, Row]]()
    while True:
        rows = await api.rows(form.id, fields, condition, f"FID asc, {form.entry} asc", at)
        for row in rows:
            number = _id(api, form, row)
            found.setdefault(number, {name: row[name] for name in form.head})
            if isinstance(row[form.entry], int) and row[form.entry]:
                of_bill = entries.setdefault(number, {})
                of_bill[row[form.entry]] = {name: row[name] for name in (form.entry, *form.entries)}
        if len(rows) < kingdee_api.PAGE:
            return {
                number: {**head, "entries": list(entries.get(number, {}).values())}
                for number, head in found.items()
                if head["FBillNo"]
            }
        at += len(rows)


def _id(api: Kingdee, form: Form, row: Row) -> int:
    number: object = row["FID"]
    if not isinstance(number, int):
        raise Rejected(f"{api.caller.title} gives bills of {form.id} without their ids", code="refused")
    return number


def since(form: Form, begin: datetime) -> str:
    """Write the condition that a bill was changed at or after a wall-clock time."""
    return "(" + " or ".join(f"{name} >= '{begin:{STAMP}}'" for name in form.changed) + ")"


def changed_at(form: Form, row: Row) -> str:
    """Give the latest of a bill's dates as the mark is written, empty where it has none."""
    told = [str(row[name]).partition(".")[0].replace("T", " ") for name in form.changed if row[name]]
    return max(told, default="")
