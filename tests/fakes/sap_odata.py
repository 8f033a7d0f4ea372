"""An SAP S/4HANA whose OData services answer as documented, from orders and deliveries that a test writes.

Entities and addresses: https://api.sap.com/api/API_SALES_ORDER_SRV/overview and
https://api.sap.com/api/API_OUTBOUND_DELIVERY_SRV_0002/overview; how they are written, and pages that the server ends:
https://www.odata.org/documentation/odata-version-2-0/json-format/ and .../uri-conventions/; what a literal of time is:
https://userapps.support.sap.com/sap/support/knowledge/en/3555785; tokens: RFC 6749, section 4.4.
"""

import base64
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Row = dict[str, Any]
SECRET = "QUAYSIDE:the password"
ORDER, DELIVERY, ITEM = "A_SalesOrder", "A_OutbDeliveryHeader", "A_OutbDeliveryItem"
SERVICES = {
    "API_SALES_ORDER_SRV": (ORDER,),
    "API_OUTBOUND_DELIVERY_SRV;v=0002": (DELIVERY, ITEM),
}
KEYS = {ORDER: "SalesOrder", DELIVERY: "DeliveryDocument", ITEM: "DeliveryDocument"}
_CONDITION = re.compile(r"(\w+) (eq|ge|gt) (?:(datetimeoffset|datetime)?)'((?:[^']|'')*)'")
_ENTITY = re.compile(r"(\w+)(?:\('((?:[^']|'')*)'\))?")


@dataclass
class System:
    """Its entities by set and key, its clock, and its moods.

    page: how many entities it gives at once, whatever was asked. unpublished: services that are not. tokens: that are
    good now; None where users sign on by password. fails: a status (and headers) with which it answers instead.
    """

    now: datetime = datetime(2026, 3, 2, 8, tzinfo=UTC)
    entities: dict[str, dict[str, Row]] = field(default_factory=lambda: {ORDER: {}, DELIVERY: {}})
    page: int = 1000
    unpublished: set[str] = field(default_factory=set)
    tokens: set[str] | None = None
    given: int = 0
    fails: tuple[int, dict[str, str]] | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def write(self, kind: str, name: str, **values: object) -> None:
        """Create an entity, or write some of its properties; it is changed now."""
        row = self.entities[kind].setdefault(name, {KEYS[kind]: name, "SalesOrganization": "1010"})
        if kind == ORDER:
            row["LastChangeDateTime"] = f"/Date({_milliseconds(self.now)}+0000)/"
        elif "CreationDate" in row:
            row["LastChangeDate"] = day(self.now)
        else:
            row |= {"CreationDate": day(self.now), "LastChangeDate": None}
        row |= values

    def delete(self, kind: str, name: str) -> None:
        """Delete an entity; nothing tells of it."""
        del self.entities[kind][name]

    async def token(self, request: Request) -> Response:
        """`POST /oauth/token`."""
        assert (await request.body()) == b"grant_type=client_credentials"
        if not _is_signed(request) or self.tokens is None:
            return JSONResponse({"error": "invalid_client", "error_description": "no such client"}, 401)
        self.given += 1
        self.tokens.add(f"token-{self.given}")
        return JSONResponse({"access_token": f"token-{self.given}", "token_type": "bearer", "expires_in": 3599})

    async def get(self, request: Request) -> Response:
        """`GET /sap/opu/odata/sap/SERVICE/ENTITY`."""
        service, entity = request.path_params["service"], _ENTITY.fullmatch(request.path_params["entity"])
        if refused := self._refused(request, service):
            return refused
        assert entity is not None
        kind, name = entity[1], entity[2]
        if kind not in SERVICES[service]:
            return _error(404, "/IWBEP/CM_MGW_RT/020", f"Resource not found for segment '{kind}'")
        query = dict(request.query_params)
        assert query["$format"] == "json"
        self.asked.append((kind, query))
        expand = set(query.get("$expand", "").split(","))
        if name is None:
            return self._listed(request, kind, query, expand)
        row = self.entities[kind].get(name.replace("''", "'"))
        if row is None:
            return _error(404, "/IWBEP/CM_MGW_RT/020", f"Resource not found for segment '{kind}Type'")
        return JSONResponse({"d": _shown(row, expand)})

    def _listed(self, request: Request, kind: str, query: dict[str, str], expand: set[str]) -> Response:
        rows = [row for row in self._rows(kind) if _holds(row, query.get("$filter", ""))]
        assert query["$orderby"] == KEYS[kind]
        rows.sort(key=lambda row: str(row[KEYS[kind]]).zfill(10))
        rows = rows[: int(query["$top"])]
        begin = int(query.get("$skiptoken", "0"))
        told: Row = {"results": [_shown(row, expand) for row in rows[begin : begin + self.page]]}
        if begin + self.page < len(rows):
            url = request.url.include_query_params(**{"$skiptoken": str(begin + self.page)})
            told["__next"] = str(url.replace(hostname="inside.example", port=8443))
        return JSONResponse({"d": told})

    def _rows(self, kind: str) -> list[Row]:
        if kind != ITEM:
            return list(self.entities[kind].values())
        deliveries = self.entities[DELIVERY].items()
        return [
            {"DeliveryDocument": name, **item}
            for name, delivery in deliveries
            for item in delivery["to_DeliveryDocumentItem"]["results"]
        ]

    def _refused(self, request: Request, service: str) -> Response | None:
        if self.fails:
            return Response("out of order", self.fails[0], self.fails[1])
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not (_is_signed(request) if self.tokens is None else shown in self.tokens):
            return Response("<html>Logon failed</html>", 401, {"content-type": "text/html"})
        if service in self.unpublished:
            return _error(403, "/IWFND/MED/170", f"No service found for namespace '', name '{service}', version '0001'")
        return None


def _is_signed(request: Request) -> bool:
    return request.headers.get("authorization") == "Basic " + base64.b64encode(SECRET.encode()).decode()


def _holds(row: Row, conditions: str) -> bool:
    if not conditions:
        return True
    return all(
        any(_one_holds(row, one) for one in every.removeprefix("(").removesuffix(")").split(" or "))
        for every in conditions.split(" and ")
    )


def _one_holds(row: Row, condition: str) -> bool:
    told = _CONDITION.fullmatch(condition)
    assert told is not None, f"Invalid token detected: {condition}"
    name, how, sort, literal = told.groups()
    value = row.get(name)
    if sort:
        at = _milliseconds(datetime.fromisoformat(literal.removesuffix("Z")).replace(tzinfo=UTC))
        assert how == "ge"
        return value is not None and int(re.findall(r"-?\d+", value)[0]) >= at
    wanted = literal.replace("''", "'")
    return value == wanted if how == "eq" else str(value).zfill(10) > wanted.zfill(10)


def _shown(row: Row, expand: set[str], beneath: str = "") -> Row:
    """Leave out what is not expanded, as `__deferred` does."""
    told: Row = {"__metadata": {"type": "an entity"}}
    for name, value in row.items():
        if not name.startswith("to_"):
            told[name] = value
        elif beneath + name in expand:
            told[name] = {"results": [_shown(one, expand, f"{beneath}{name}/") for one in value["results"]]}
        else:
            told[name] = {"__deferred": {"uri": "an address"}}
    return told


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": {"lang": "en", "value": message}}}, status)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def day(at: datetime) -> str:
    """Write a date."""
    return f"/Date({_milliseconds(at.replace(hour=0, minute=0, second=0, microsecond=0))})/"


def app_of(system: System) -> Starlette:
    """Give it as an application."""
    return Starlette(
        routes=[
            Route("/sap/opu/odata/sap/{service}/{entity:path}", system.get),
            Route("/oauth/token", system.token, methods=["POST"]),
        ]
    )


def sell(system: System, name: str, quantity: str = "10", **order: object) -> None:
    """Write a sales order of one item, promised for the fifth of March."""
    line = {
        "ScheduleLine": "1",
        "RequestedDeliveryDate": day(datetime(2026, 3, 4, tzinfo=UTC)),
        "ConfirmedDeliveryDate": day(datetime(2026, 3, 5, tzinfo=UTC)),
        "ConfdOrderQtyByMatlAvailCheck": quantity,
    }
    item = {
        "SalesOrderItem": "10",
        "Material": "P-11",
        "SalesOrderItemText": "Pump",
        "RequestedQuantity": quantity,
        "RequestedQuantityUnit": "PC",
        "RequestedQuantityISOUnit": "PCE",
        "SalesDocumentRjcnReason": "",
        "to_ScheduleLine": {"results": [line]},
    }
    told = {
        "SoldToParty": "100482",
        "PurchaseOrderByCustomer": "PO-7781",
        "SalesOrderDate": day(datetime(2026, 3, 1, tzinfo=UTC)),
        "IncotermsClassification": "DAP",
        "TotalNetAmount": "1200.00",
        "OverallSDProcessStatus": "A",
        "OverallDeliveryStatus": "A",
        "OverallSDDocumentRejectionSts": "A",
        "to_Item": {"results": [item]},
    }
    system.write(ORDER, name, **(told | order))


def deliver(system: System, name: str, order: str, quantity: str, **delivery: object) -> None:
    """Write an outbound delivery of one item for a sales order, which left on the third of March."""
    item = {
        "DeliveryDocumentItem": "10",
        "Material": "P-11",
        "DeliveryDocumentItemText": "Pump",
        "ActualDeliveryQuantity": quantity,
        "DeliveryQuantityUnit": "PC",
        "ReferenceSDDocument": order,
        "ReferenceSDDocumentItem": "000010",
        "ReferenceSDDocumentCategory": "C",
    }
    told = {
        "BillOfLading": "SF1001",
        "PlannedGoodsIssueDate": day(datetime(2026, 3, 3, tzinfo=UTC)),
        "ActualGoodsMovementDate": day(datetime(2026, 3, 3, tzinfo=UTC)),
        "ActualGoodsMovementTime": "PT09H05M00S",
        "OverallGoodsMovementStatus": "C",
        "OverallPickingStatus": "C",
        "to_DeliveryDocumentItem": {"results": [item]},
        "to_DeliveryDocumentPartner": {"results": [{"PartnerFunction": "SP", "Supplier": "300001"}]},
    }
    system.write(DELIVERY, name, **(told | delivery))
