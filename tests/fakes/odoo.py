"""An Odoo that answers as documented, over JSON-2 (19) or XML-RPC (18), from records that a test writes.

JSON-2: https://www.odoo.com/documentation/19.0/developer/reference/external_api.html ("Request", "Response"; statuses:
https://github.com/odoo/odoo/blob/19.0/addons/rpc/controllers/json2.py). XML-RPC:
https://www.odoo.com/documentation/18.0/developer/reference/external_api.html, faults as `xmlrpc.py` beside it makes
them. Domains: https://www.odoo.com/documentation/18.0/developer/reference/backend/orm.html, "Search domains".
"""

import operator
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xmlrpc.client import Fault, dumps, loads

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.operations import serving
from contracts.settings import Listen

Row = dict[str, Any]
KEY, LOGIN, DATABASE = "the key", "quayside@example.com", "works"
RELATIONS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("stock.picking", "move_ids"): ("stock.move", "picking_id"),
}
TARGETS = {
    "order_id": "sale.order",
    "partner_id": "res.partner",
    "partner_shipping_id": "res.partner",
    "product_id": "product.product",
    "product_uom": "uom.uom",
    "product_uom_id": "uom.uom",
    "picking_id": "stock.picking",
    "sale_line_id": "sale.order.line",
    "carrier_id": "delivery.carrier",
    "return_id": "stock.picking",
    "state_id": "res.country.state",
    "company_id": "res.company",
}
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, among: value in among,
}
STATUS = {"AccessError": 403, "UserError": 422, "ValueError": 500}
FAULTS = {"AccessError": 4, "UserError": 2, "ValueError": 1}


class OdooError(Exception):
    """An exception of Odoo's, by its name."""

    def __init__(self, name: str, message: str) -> None:
        """Take both."""
        super().__init__(message)
        self.name = name


@dataclass
class Odoo:
    """Its records by model and id, its clock, and its moods.

    hidden: models that the key's user may not read. fails: a status (and headers) with which it answers instead.
    asked: the model and domain of every `search_read`.
    """

    version: int = 19
    now: datetime = datetime(2026, 3, 2, 8, tzinfo=UTC)
    tables: dict[str, dict[int, Row]] = field(default_factory=dict)
    fields: dict[str, set[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    fails: tuple[int, dict[str, str]] | None = None
    key: str = KEY
    asked: list[tuple[str, list[Any]]] = field(default_factory=list)

    def write(self, model: str, number: int, **values: object) -> None:
        """Create a record, or write some of its fields: its `write_date` is now."""
        table = self.tables.setdefault(model, {})
        stamp = self.now.strftime("%Y-%m-%d %H:%M:%S")
        row = table.setdefault(number, {"id": number, "create_date": stamp})
        row |= {"company_id": 1, **values, "write_date": stamp}
        self.fields.setdefault(model, {"id", "create_date", "write_date", "company_id"}).update(values)

    def unlink(self, model: str, number: int) -> None:
        """Delete a record; nothing tells of it."""
        del self.tables[model][number]

    def call(self, model: str, method: str, arguments: Row) -> Any:  # noqa: ANN401 - the method's own
        """Call a method by the names of its arguments, as the user of the key."""
        if model in self.hidden:
            raise OdooError("AccessError", f"You are not allowed to access '{model}' records.")
        if method == "fields_get":
            return {name: {"type": "char"} for name in arguments["allfields"] if name in self.fields[model]}
        if method != "search_read":
            raise OdooError("ValueError", f"no method {method}")
        self.asked.append((model, arguments["domain"]))
        rows = [row for row in self.tables.get(model, {}).values() if self._matches(model, row, arguments["domain"])]
        assert arguments["order"] == "id asc"
        rows.sort(key=operator.itemgetter("id"))
        begin, limit = arguments["offset"], arguments["limit"]
        return [self._shown(model, row, arguments["fields"]) for row in rows[begin : begin + limit]]

    def _matches(self, model: str, row: Row, domain: list[Any]) -> bool:
        return all(
            any(COMPARE[how](value, wanted) for value in self._values(model, row, path) or [False])
            for path, how, wanted in domain
        )

    def _values(self, model: str, row: Row, path: str) -> list[Any]:
        first, _, rest = path.partition(".")
        if relation := RELATIONS.get((model, first)):
            children = [one for one in self.tables.get(relation[0], {}).values() if one.get(relation[1]) == row["id"]]
            return [value for child in children for value in self._values(relation[0], child, rest)]
        if first not in self.fields.get(model, ()):
            raise OdooError("ValueError", f"Invalid field {model}.{first} in leaf")
        value = row.get(first, False)
        if rest:
            there = self.tables.get(TARGETS[first], {}).get(value)
            return self._values(TARGETS[first], there, rest) if there else [False]
        return [value]

    def _shown(self, model: str, row: Row, fields: list[str]) -> Row:
        shown: Row = {"id": row["id"]}
        for name in fields:
            if name not in self.fields[model]:
                raise OdooError("ValueError", f"Invalid field '{name}' on model '{model}'")
            value = row.get(name, False)
            if name in TARGETS and value is not False:
                there = self.tables[TARGETS[name]][value]
                value = [value, there.get("name") or f"{TARGETS[name]},{value}"]
            shown[name] = value
        return shown

    async def json2(self, request: Request) -> Response:
        """`POST /json/2/MODEL/METHOD`."""
        if self.fails:
            return JSONResponse(_error("werkzeug", "out of order"), self.fails[0], self._headers(self.fails[1]))
        if self.version < 19:
            return Response("<h1>Not Found</h1>", 404, media_type="text/html")
        if request.headers.get("authorization") != f"bearer {self.key}":
            return JSONResponse(_error("werkzeug.exceptions.Unauthorized", "Invalid apikey"), 401, self._headers())
        model, method = request.path_params["model"], request.path_params["method"]
        if model not in self.tables and model not in self.hidden:
            return JSONResponse(_error("werkzeug.exceptions.NotFound", f"the model '{model}' does not exist"), 404)
        arguments = await request.json()
        arguments.pop("context")
        try:
            return JSONResponse(self.call(model, method, arguments), headers=self._headers())
        except OdooError as error:
            return JSONResponse(_error(f"odoo.exceptions.{error.name}", str(error)), STATUS[error.name])

    async def xml_rpc(self, request: Request) -> Response:
        """`POST /xmlrpc/2/SERVICE`; every answer has the status 200."""
        if self.fails:
            return Response("out of order", self.fails[0], self._headers(self.fails[1]))
        arguments, method = loads((await request.body()).decode())
        try:
            value: Any = self._rpc(request.path_params["service"], method or "", arguments)
        except OdooError as error:
            return self._xml(Fault(FAULTS[error.name], f"Traceback (most recent call last):\n  …\n{error}\n"))
        except PermissionError:
            return self._xml(Fault(3, "Access Denied"))
        return self._xml((value,))

    def _rpc(self, service: str, method: str, arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401 - the method's own
        if (service, method) == ("common", "authenticate"):
            database, login, key, _ = arguments
            return 7 if (database, login, key) == (DATABASE, LOGIN, self.key) else False
        database, user, key, model, called, positional, named = arguments
        if (database, user, key) != (DATABASE, 7, self.key):
            raise PermissionError
        assert positional == []
        if model not in self.tables and model not in self.hidden:
            raise OdooError("ValueError", f"KeyError: '{model}'")
        named.pop("context")
        return self.call(model, called, named)

    def _xml(self, value: tuple[Any] | Fault) -> Response:
        body = dumps(value, methodresponse=True)
        return Response(body, 200, self._headers(), media_type="text/xml")

    def _headers(self, more: Mapping[str, str] = {}) -> dict[str, str]:
        return {"x-now": self.now.isoformat(), **more}


def _error(name: str, message: str) -> Row:
    return {"name": name, "message": message, "arguments": [message], "context": {}, "debug": "Traceback …"}


def app_of(odoo: Odoo) -> Starlette:
    """Give it as an application."""
    routes = [
        Route("/json/2/{model}/{method}", odoo.json2, methods=["POST"]),
        Route("/xmlrpc/2/{service}", odoo.xml_rpc, methods=["POST"]),
    ]
    return Starlette(routes=routes)


@asynccontextmanager
async def serving_odoo(odoo: Odoo) -> AsyncIterator[str]:
    """Serve it on a free port of this machine; gives its address."""
    async with serving(app_of(odoo), Listen(port=0)) as port:
        yield f"http://127.0.0.1:{port}"


def company(odoo: Odoo) -> Odoo:
    """Fill in a company, a customer in Wuhan, a product, and what has no record yet."""
    odoo.write("res.company", 1, name="Works")
    odoo.write("res.country.state", 5, code="HB")
    odoo.write(
        "res.partner", 3, name="Hubei Trading", ref="C-3", city="Wuhan", zip="430000", country_code="CN", state_id=5
    )
    odoo.write("uom.uom", 1, name="Units")
    odoo.write("product.product", 11, default_code="P-11", name="Pump", type="consu")
    odoo.write("delivery.carrier", 2, name="SF Express")
    unit = "product_uom_id" if odoo.version >= 19 else "product_uom"
    for model, names in {
        "sale.order": "name state client_order_ref date_order commitment_date partner_id partner_shipping_id"
        " delivery_status",
        "sale.order.line": f"order_id display_type product_id product_uom_qty customer_lead is_downpayment {unit}",
        "stock.picking": "name state picking_type_code scheduled_date date_done carrier_id carrier_tracking_ref"
        " return_id",
        "stock.move": "picking_id state product_id product_uom product_uom_qty quantity sale_line_id",
    }.items():
        odoo.tables.setdefault(model, {})
        odoo.fields[model] = {"id", "create_date", "write_date", "company_id", *names.split()}
    return odoo


def sell(odoo: Odoo, number: int, quantity: float = 10.0, **order: object) -> None:
    """Write a sales order of one line; the line's id is ten times the order's, and one more."""
    unit = "product_uom_id" if odoo.version >= 19 else "product_uom"
    told = {"name": f"S{number:05}", "state": "sale", "date_order": "2026-03-01 07:00:00", "partner_id": 3}
    odoo.write("sale.order", number, **(told | {"partner_shipping_id": 3} | order))
    line = {"product_id": 11, "product_uom_qty": quantity, "customer_lead": 2.0, unit: 1}
    odoo.write("sale.order.line", 10 * number + 1, order_id=number, **line)


def deliver(odoo: Odoo, number: int, sale: int, quantity: float, state: str, **picking: object) -> None:
    """Write a picking of one move for a sale; the move's id is ten times the picking's, and one more."""
    told = {"name": f"WH/OUT/{number:05}", "state": state, "picking_type_code": "outgoing"}
    odoo.write("stock.picking", number, **(told | picking))
    moved = {"product_id": 11, "product_uom": 1, "product_uom_qty": quantity, "sale_line_id": 10 * sale + 1}
    done = quantity if state == "done" else 0.0
    odoo.write("stock.move", 10 * number + 1, picking_id=number, state=state, quantity=done, **moved)
