"""Yonyou's open platform as documented, from orders and issues that a test writes.

Tokens, return codes and limits: "获取 access_token" and "返回码说明" of https://open.yonyoucloud.com; lists and
details: "销售订单列表查询", "销售出库列表查询" and "销售出库详情查询" there. A refusal is a success of HTTP.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Row = dict[str, Any]
KEY, APP_SECRET = "41832a3d2df94989b500da6a22268747", "the app secret"
SECRET = f"{KEY}:{APP_SECRET}"
ORDER, ISSUE = "sd/voucherorder", "scm/salesout"
ROWS = {ORDER: "orderDetails", ISSUE: "details"}
HEADS = ("id", "code", "vouchdate", "pubts", "nextStatus", "status")
LISTED = {ORDER: {"eq", "gt"}, ISSUE: {"eq", "gt", "egt"}}
_STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass
class Tenant:
    """Its documents by kind and id, the platform's wall clock, and its moods.

    now: as it is shown, without a zone. tokens: that are good now. ungranted: lists that the app may not read. codes:
    what the next calls are refused with, whatever they ask. as_text: whether a bad token is told as plain text.
    vanishing: how many documents are deleted while their list is read, one after each page.
    """

    now: datetime = datetime(2026, 3, 2, 16)
    documents: dict[str, dict[int, Row]] = field(default_factory=lambda: {ORDER: {}, ISSUE: {}})
    tokens: set[str] = field(default_factory=set)
    given: int = 0
    written: int = 0
    ungranted: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)
    as_text: bool = False
    vanishing: int = 0
    asked: list[Row] = field(default_factory=list)

    def write(self, kind: str, code: str, **values: object) -> int:
        """Create a document, or write some of its fields; gives its id. `pubts` is now."""
        row = self.document(kind, code)
        if row is None:
            self.written += 1
            row = {"id": 2283114439348480 + self.written, "code": code}
            self.documents[kind][row["id"]] = row
        row |= {"pubts": self.now.strftime(_STAMP), "creator": "somebody", **values}
        found: int = row["id"]
        return found

    def document(self, kind: str, code: str) -> Row | None:
        """Give a document by its number."""
        return next((row for row in self.documents[kind].values() if row["code"] == code), None)

    def delete(self, kind: str, code: str) -> None:
        """Delete a document; nothing tells of it."""
        row = self.document(kind, code)
        assert row is not None
        del self.documents[kind][row["id"]]

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    async def token(self, request: Request) -> Response:
        """Give a token (getAccessToken)."""
        given = dict(request.query_params)
        text = f"appKey{given['appKey']}timestamp{given['timestamp']}"
        signed = base64.b64encode(hmac.new(APP_SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()
        if given["appKey"] != KEY or given["signature"] != signed:
            return _told("10018", "应用不存在或appKey已停用")
        self.given += 1
        self.tokens.add(f"token+{self.given}/=")
        data = {"access_token": f"token+{self.given}/=", "expire": 7200}
        return JSONResponse({"code": "00000", "message": "成功！", "data": data})

    async def listing(self, request: Request) -> Response:
        """`POST …/list`."""
        kind = request.path_params["kind"]
        if refused := self._refused(request, kind):
            return refused
        asked = await request.json()
        self.asked.append(asked)
        assert asked["isSum"] is True
        rows = [
            row for row in self.documents[kind].values() if all(_holds(kind, row, one) for one in asked["simpleVOs"])
        ]
        rows = [row for row in rows if asked.get("code", row["code"]) == row["code"]]
        rows.sort(key=lambda row: int(row["id"]))
        begin = (asked["pageIndex"] - 1) * asked["pageSize"]
        shown = [{name: row[name] for name in HEADS if name in row} for row in rows[begin : begin + asked["pageSize"]]]
        if self.vanishing and shown:
            self.vanishing -= 1
            del self.documents[kind][shown[0]["id"]]
        return JSONResponse({"code": "200", "data": {"recordCount": len(rows), "recordList": shown}})

    async def detail(self, request: Request) -> Response:
        """`GET …/detail`."""
        kind = request.path_params["kind"]
        if refused := self._refused(request, kind):
            return refused
        number = request.query_params["id"]
        row = self.documents[kind].get(int(number)) if number.isdigit() else None
        if row is None:
            return _told("999", "单据未找到") if kind == ISSUE else _told("1002", "数据不存在")
        return JSONResponse({"code": 200, "message": "操作成功", "data": row})

    def _refused(self, request: Request, kind: str) -> Response | None:
        if self.codes:
            return _told(self.codes.pop(0), "触发了限流")
        if request.query_params.get("access_token") not in self.tokens:
            return PlainTextResponse("非法token") if self.as_text else _told("310036", "非法token")
        return _told("310037", f"API未被授权: {kind}") if kind in self.ungranted else None


def _holds(kind: str, row: Row, condition: Row) -> bool:
    name, how, wanted = condition["field"], condition["op"], condition["value1"]
    assert how in LISTED[kind], f"an op that {kind} does not have: {how}"
    if name.startswith("details."):
        return any(_compared(one.get(name.removeprefix("details.")), how, wanted) for one in row["details"])
    return _compared(row.get(name), how, wanted)


def _compared(value: object, how: str, wanted: str) -> bool:
    return str(value) == wanted if how == "eq" else str(value) > wanted


def _told(code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message})


def app_of(tenant: Tenant) -> Starlette:
    """Give it as an application."""
    token = "/iuap-api-auth/open-auth/selfAppAuth/base/v1/getAccessToken"
    return Starlette(
        routes=[
            Route(token, tenant.token),
            Route("/iuap-api-gateway/yonbip/{kind:path}/list", tenant.listing, methods=["POST"]),
            Route("/iuap-api-gateway/yonbip/{kind:path}/detail", tenant.detail),
        ]
    )


def row_of(tenant: Tenant, code: str) -> int:
    """Give the id of the first row of an order."""
    order = tenant.document(ORDER, code)
    found: int = order["orderDetails"][0]["id"] if order else 0
    return found


def sell(tenant: Tenant, code: str, quantity: float = 10, **order: object) -> None:
    """Write an order of one row that is to be delivered, promised for the fifth of March."""
    row = {
        "id": 7001 + tenant.written if tenant.document(ORDER, code) is None else row_of(tenant, code),
        "productCode": "P-11",
        "productName": "泵",
        "specDescription": "3 kW",
        "qty": quantity,
        "qtyName": "件",
        "hopeReceiveDate": "2026-03-05 00:00:00",
        "oriSum": 1200,
    }
    told = {
        "nextStatus": "DELIVERGOODS",
        "vouchdate": "2026-03-01 00:00:00",
        "agentId": 1822523165643008,
        "agentId_name": "湖北贸易",
        "purchaseNo": "PO-7781",
    }
    tenant.write(ORDER, code, **({"orderDetails": [row]} | told | order))


def deliver(tenant: Tenant, code: str, order: str, quantity: float, **issue: object) -> None:
    """Write an audited issue of one row, made of a 发货单 for an order."""
    row = {
        "id": str(9001 + tenant.written),
        "product_cCode": "P-11",
        "product_cName": "泵",
        "qty": quantity,
        "unitName": "件",
        "firstupcode": order,
        "firstsourceautoid": str(row_of(tenant, order)),
        "upcode": "FH-1",
        "sourceautoid": "5",
    }
    told = {
        "status": 1,
        "stockDirection": "0",
        "vouchdate": "2026-03-03 00:00:00",
        "srcBillType": "1",
        "iLogisticId_name": "顺丰速运",
        "cLogisticsBillNo": "SF1001",
        "cLogisticsCarNum": "",
    }
    tenant.write(ISSUE, code, **({"details": [row]} | told | issue))
