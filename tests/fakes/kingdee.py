"""A Kingdee K/3 Cloud whose WebAPI answers as documented, from bills that a test writes.

ExecuteBillQuery: https://codetd.com/article/8002203 (flat rows, at most 2000); refusals inside a success, sessions and
signatures: the kit `kingdee.cdp.webapi.sdk` 8.2 that Kingdee publishes for Python.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Row = dict[str, Any]
APP, APP_SECRET = "210001_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4", "the app secret"
SECRET = f"{APP}:{APP_SECRET}"
GATEWAY_KEY = b"UVJWUANVXl8KXFlfWV1YSBNCShcUQRNL"
ACCOUNT_SET, USER = "66c3712248af25", "quayside"
SALE, OUTSTOCK = "SAL_SaleOrder", "SAL_OUTSTOCK"
ENTRY_OF = {SALE: "FSaleOrderEntry_FEntryID", OUTSTOCK: "FEntity_FEntryID"}
MOST = 2000
_STAMP = "%Y-%m-%dT%H:%M:%S.%f"
_CONDITION = re.compile(r"([\w.]+) (>=|=|>|in) (.+)")


@dataclass
class AccountSet:
    """Its bills by form and id, the server's wall clock, and its moods.

    now: as the server shows it, without a zone. hidden: forms that the user may not read. fails: a status (and headers)
    with which it answers instead. sessions: that are open. asked: every query.
    """

    now: datetime = datetime(2026, 3, 2, 16)
    bills: dict[str, dict[int, Row]] = field(default_factory=lambda: {SALE: {}, OUTSTOCK: {}})
    hidden: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    opened: int = 0
    written: int = 0
    fails: tuple[int, dict[str, str]] | None = None
    asked: list[Row] = field(default_factory=list)

    def write(self, form: str, number: str, rows: list[Row] | None = None, **values: Any) -> int:  # noqa: ANN401 - any field
        """Create a bill, or write some of its fields; gives its id. `FModifyDate` is now."""
        bill = self.bill(form, number)
        if bill is None:
            bill = {"FID": 100_001 + self.written, "FBillNo": number, "FCreateDate": self._stamp(), "rows": []}
            self.bills[form][bill["FID"]] = bill
            self.written += 1
        if rows is not None:
            bill["rows"] = rows
        bill |= {"FModifyDate": self._stamp(), "FSaleOrgId.FNumber": "100", **values}
        found: int = bill["FID"]
        return found

    def audit(self, form: str, number: str) -> None:
        """Audit a bill: that has a date of its own."""
        bill = self.bill(form, number)
        assert bill is not None
        bill |= {"FDocumentStatus": "C", "FApproveDate": self._stamp()}

    def bill(self, form: str, number: str) -> Row | None:
        """Give a bill by its number."""
        return next((bill for bill in self.bills[form].values() if bill["FBillNo"] == number), None)

    def delete(self, form: str, number: str) -> None:
        """Delete a bill; nothing tells of it."""
        bill = self.bill(form, number)
        assert bill is not None
        del self.bills[form][bill["FID"]]

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def _stamp(self) -> str:
        return self.now.strftime(_STAMP)

    async def log_in(self, request: Request) -> Response:
        """LoginByAppSecret."""
        given = (await request.json())["parameters"]
        if given != [ACCOUNT_SET, USER, APP, APP_SECRET, "2052"]:
            return JSONResponse({"LoginResultType": 0, "Message": "应用密钥不正确"})
        self.opened += 1
        session = f"session-{self.opened}"
        self.sessions.add(session)
        answer = JSONResponse({"LoginResultType": 1, "KDSVCSessionId": session})
        answer.set_cookie("kdservice-sessionid", session)
        return answer

    async def query(self, request: Request) -> Response:
        """ExecuteBillQuery."""
        if self.fails:
            return Response("out of order", self.fails[0], self.fails[1])
        if request.cookies.get("kdservice-sessionid") not in self.sessions and not _is_signed(request):
            return _refused("会话信息已丢失，请重新登录", 1)
        asked = (await request.json())["data"]
        self.asked.append(asked)
        form = asked["FormId"]
        if form in self.hidden:
            return _refused(f"用户没有{form}的查看权限", 4)
        fields = asked["FieldKeys"].split(",")
        rows = [row for row in self._flat(form, fields) if _holds(row, asked["FilterString"])]
        keys = [key.removesuffix(" asc") for key in asked["OrderString"].split(", ") if key]
        rows.sort(key=lambda row: [row.get(key) or 0 for key in keys])
        begin, most = asked["StartRow"], min(asked["Limit"] or MOST, MOST)
        return JSONResponse([[row.get(name) for name in fields] for row in rows[begin : begin + most]])

    def _flat(self, form: str, fields: list[str]) -> list[Row]:
        of_rows = ENTRY_OF[form] in fields
        found = []
        for bill in self.bills[form].values():
            head = {name: value for name, value in bill.items() if name != "rows"}
            if of_rows:
                found += [head | row for row in bill["rows"]] or [head]
            else:
                numbers = [{key: row.get(key) for key in ("FSoorDerno",)} for row in bill["rows"]] or [{}]
                found += [head | numbers[0]] if form == SALE else [head | one for one in numbers]
        return found


def _holds(row: Mapping[str, Any], conditions: str) -> bool:
    return all(
        any(_one_holds(row, one) for one in _inner(every).split(" or ")) for every in conditions.split(" and ") if every
    )


def _inner(condition: str) -> str:
    return condition[1:-1] if condition.startswith("(") else condition


def _one_holds(row: Mapping[str, Any], condition: str) -> bool:
    told = _CONDITION.fullmatch(condition)
    assert told is not None, f"语法错误: {condition}"
    name, how, wanted = told.groups()
    value = row.get(name)
    match how:
        case "=":
            return bool(value == wanted[1:-1].replace("''", "'"))
        case ">":
            return int(value or 0) > int(wanted)
        case "in":
            return str(value) in wanted[1:-1].split(",")
    return value is not None and str(value).replace("T", " ") >= wanted[1:-1]


def _refused(message: str, code: int) -> Response:
    errors = [{"FieldName": None, "Message": message, "DIndex": 0}]
    status = {"ErrorCode": 500, "IsSuccess": False, "Errors": errors, "SuccessEntitys": [], "MsgCode": code}
    return JSONResponse([[{"Result": {"ResponseStatus": status}}]])


def _signed(text: str, key: bytes) -> str:
    return base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).hexdigest().encode()).decode()


def _is_signed(request: Request) -> bool:
    given = request.headers
    data = f"{ACCOUNT_SET},{USER},2052,0"
    nonce, timestamp = given.get("x-api-nonce", ""), given.get("x-api-timestamp", "")
    text = f"POST\n{quote(request.url.path, safe='')}\n\nx-api-nonce:{nonce}\nx-api-timestamp:{timestamp}\n"
    expected = {
        "X-Kd-Appkey": APP,
        "X-Kd-Appdata": base64.b64encode(data.encode()).decode(),
        "X-Kd-Signature": _signed(APP + data, APP_SECRET.encode()),
        "X-Api-ClientID": "210001",
        "X-Api-Signature": _signed(text, GATEWAY_KEY),
    }
    return all(given.get(name) == value for name, value in expected.items())


def app_of(account_set: AccountSet) -> Starlette:
    """Give it as an application."""
    services = "/K3Cloud/Kingdee.BOS.WebApi.ServicesStub."
    return Starlette(
        routes=[
            Route(services + "DynamicFormService.ExecuteBillQuery.common.kdsvc", account_set.query, methods=["POST"]),
            Route(services + "AuthService.LoginByAppSecret.common.kdsvc", account_set.log_in, methods=["POST"]),
        ]
    )


def _material(entry: int, **row: object) -> Row:
    told = {"FMaterialId.FNumber": "P-11", "FMaterialId.FName": "泵", "FMaterialId.FSpecification": "3 kW"}
    return told | {"FUnitID.FNumber": "Pcs", "FUnitID.FName": "个", "id": entry} | row


def sell(there: AccountSet, number: str, quantity: float = 10.0, **order: Any) -> None:  # noqa: ANN401 - any field
    """Write an audited order of one row, promised for the fifth of March."""
    entry = sum(ord(letter) * 31**at for at, letter in enumerate(reversed(number))) % 900_000 + 1
    row = _material(entry, FQty=quantity, FDeliveryDate="2026-03-05T00:00:00", FMrpTerminateStatus="A")
    row[ENTRY_OF[SALE]] = row.pop("id")
    told: Row = {
        "FDocumentStatus": "C",
        "FCancelStatus": "A",
        "FCloseStatus": "A",
        "FDate": "2026-03-01T00:00:00",
        "FCustId.FNumber": "CUST0001",
        "FCustId.FName": "湖北贸易",
    }
    there.write(SALE, number, **({"rows": [row]} | told | order))


def entry_of(there: AccountSet, number: str) -> int:
    """Give the id of the first row of an order."""
    bill = there.bill(SALE, number)
    found: int = bill["rows"][0][ENTRY_OF[SALE]] if bill else 0
    return found


def deliver(there: AccountSet, number: str, order: str, quantity: float, **outstock: Any) -> None:  # noqa: ANN401 - any field
    """Write an audited outstock of one row for an order."""
    row = _material(5000 + len(there.bills[OUTSTOCK]), FRealQty=quantity, FSoorDerno=order)
    row |= {ENTRY_OF[OUTSTOCK]: row.pop("id"), "FSOEntryId": entry_of(there, order)}
    told: Row = {
        "FDocumentStatus": "C",
        "FCancelStatus": "A",
        "FDate": "2026-03-03T00:00:00",
        "FCancelDate": None,
        "FCarrierID.FName": "顺丰速运",
        "FCarriageNO": "SF1001",
    }
    there.write(OUTSTOCK, number, **({"rows": [row]} | told | outstock))
