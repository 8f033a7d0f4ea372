"""An ERPNext site whose REST API answers as documented, from documents that a test writes.

https://docs.frappe.io/framework/user/en/api/rest and
https://docs.frappe.io/framework/user/en/guides/integration/rest_api/listing_documents; statuses and bodies of refusals:
https://github.com/frappe/frappe/blob/version-15/frappe/exceptions.py and .../frappe/utils/response.py.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.operations import serving
from contracts.settings import Listen

Row = dict[str, Any]
SECRET = "the key:the secret"
PAGE = 20
"""Of a list that asks for no length."""


@dataclass
class Site:
    """Its documents by doctype and name, its wall clock, and its moods.

    now: as the site shows it, without a zone. hidden: doctypes that the user may not read. fails: a status (and
    headers) with which it answers instead. asked: the doctype and filters of every list.
    """

    now: datetime = datetime(2026, 3, 2, 16)
    documents: dict[str, dict[str, Row]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    fails: tuple[int, dict[str, str]] | None = None
    asked: list[tuple[str, list[Any]]] = field(default_factory=list)

    def write(self, doctype: str, name: str, **values: object) -> None:
        """Create a document, or write some of its fields; `modified` is now."""
        row = self.documents.setdefault(doctype, {}).setdefault(name, {"name": name, "docstatus": 0})
        row |= {**values, "modified": self.now.strftime("%Y-%m-%d %H:%M:%S.%f")}

    def delete(self, doctype: str, name: str) -> None:
        """Delete a document; nothing tells of it."""
        del self.documents[doctype][name]

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    async def listing(self, request: Request) -> Response:
        """`GET /api/resource/DOCTYPE`."""
        doctype = request.path_params["doctype"]
        if refused := self._refused(request, doctype):
            return refused
        given = request.query_params
        filters = json.loads(given.get("filters", "[]"))
        self.asked.append((doctype, filters))
        rows = [row for row in self.documents.get(doctype, {}).values() if all(_holds(row, each) for each in filters)]
        assert given["order_by"] == "name asc"
        rows.sort(key=lambda row: str(row["name"]))
        begin, length = int(given.get("limit_start", 0)), int(given.get("limit_page_length", PAGE))
        fields = json.loads(given.get("fields", '["name"]'))
        return JSONResponse({"data": [{one: row.get(one) for one in fields} for row in rows[begin : begin + length]]})

    async def document(self, request: Request) -> Response:
        """`GET /api/resource/DOCTYPE/NAME`."""
        doctype, name = request.path_params["doctype"], request.path_params["name"]
        if refused := self._refused(request, doctype):
            return refused
        row = self.documents.get(doctype, {}).get(name)
        if row is None:
            return _error(404, "DoesNotExistError", f"{doctype} {name} not found")
        return JSONResponse({"data": {"doctype": doctype, "owner": "Administrator", **row}})

    def _refused(self, request: Request, doctype: str) -> Response | None:
        if self.fails:
            return Response("out of order", self.fails[0], self.fails[1])
        if request.headers.get("authorization") != f"token {SECRET}":
            return _error(401, "AuthenticationError", "")
        if doctype in self.hidden:
            return _error(
                403, "PermissionError", f"User does not have doctype access via role permission for {doctype}"
            )
        return None


def _holds(row: Row, condition: list[Any]) -> bool:
    if len(condition) == 4:
        _, name, how, wanted = condition
        children = [child for value in row.values() if isinstance(value, list) for child in value]
        return any(_holds(child, [name, how, wanted]) for child in children if name in child)
    name, how, wanted = condition
    value = row.get(name)
    match how:
        case "=":
            return bool(value == wanted)
        case "in":
            return value in wanted
        case ">":
            return str(value) > str(wanted)
        case ">=":
            return str(value) >= str(wanted)
    raise AssertionError(f"an operator that this site does not have: {how}")


def _error(status: int, exception: str, message: str) -> Response:
    messages = [json.dumps({"message": message})] if message else []
    return JSONResponse({"exc_type": exception, "_server_messages": json.dumps(messages)}, status)


def app_of(site: Site) -> Starlette:
    """Give it as an application."""
    return Starlette(
        routes=[
            Route("/api/resource/{doctype}", site.listing),
            Route("/api/resource/{doctype}/{name:path}", site.document),
        ]
    )


@asynccontextmanager
async def serving_site(site: Site) -> AsyncIterator[str]:
    """Serve it on a free port of this machine; gives its address."""
    async with serving(app_of(site), Listen(port=0)) as port:
        yield f"http://127.0.0.1:{port}"


def webhook(doctype: str, name: str, secret: str) -> tuple[bytes, dict[str, str]]:
    """Write the body and the headers of a webhook, as Frappe's `webhook.py` signs it."""
    body = json.dumps({"doctype": doctype, "name": name}).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return body, {"X-Frappe-Webhook-Signature": signature, "Content-Type": "application/json"}


def sell(site: Site, name: str, qty: float = 10.0, **order: object) -> None:
    """Write a submitted sales order of one row, `NAME-row`."""
    told = {
        "docstatus": 1,
        "status": "To Deliver and Bill",
        "company": "Works",
        "customer": "Hubei Trading",
        "customer_name": "湖北贸易",
        "transaction_date": "2026-03-01",
        "delivery_date": "2026-03-06",
        "shipping_address_name": "Hubei Trading-Shipping",
    }
    row = {"name": f"{name}-row", "item_code": "P-11", "item_name": "Pump", "qty": qty, "uom": "Nos"}
    site.write("Address", "Hubei Trading-Shipping", city="Wuhan", pincode="430000", country="China")
    site.write("Country", "China", code="cn")
    site.write("Sales Order", name, **(told | {"items": [{**row, "delivery_date": "2026-03-05"}]} | order))


def deliver(site: Site, name: str, order: str, qty: float, **note: object) -> None:
    """Write a submitted delivery note of one row for a sales order."""
    told = {"docstatus": 1, "company": "Works", "is_return": 0, "posting_date": "2026-03-03", "posting_time": "9:05:00"}
    row = {"name": f"{name}-row", "item_code": "P-11", "item_name": "Pump", "qty": qty, "uom": "Nos"}
    serves = {"against_sales_order": order, "so_detail": f"{order}-row"}
    site.write("Delivery Note", name, **(told | {"items": [{**row, **serves}]} | note))


def ship(site: Site, name: str, note: str, number: str, **shipment: object) -> None:
    """Write a submitted shipment of a delivery note."""
    told = {"docstatus": 1, "carrier": "SF Express", "awb_number": number}
    site.write("Shipment", name, **(told | {"shipment_delivery_note": [{"delivery_note": note}]} | shipment))
