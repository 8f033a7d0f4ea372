"""Whole documents of ERPNext: what `mappings.erp.erpnext_records` reads of one, and of the records that it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.pollers.erpnext_api import ErpNext, Row

ROWS = ("name", "item_code", "item_name", "qty", "uom", "delivery_date", "against_sales_order", "so_detail")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "Sales Order": (
        "name",
        "docstatus",
        "status",
        "customer",
        "customer_name",
        "po_no",
        "transaction_date",
        "delivery_date",
    ),
    "Delivery Note": (
        "name",
        "docstatus",
        "is_return",
        "return_against",
        "posting_date",
        "posting_time",
        "modified",
        "transporter_name",
        "lr_no",
    ),
}
"""A document is given whole; of the rest nothing is kept."""
OVER = frozenset({"To Bill", "Completed", "Closed", "Cancelled"})
"""Statuses of an order of which nothing more is to be delivered."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its doctype, which of its records are of this kind, and which can still change."""

    name: str
    doctype: str
    includes: Callable[[Row], bool]
    is_open: Callable[[Row], bool]


def _is_draft(row: Row) -> bool:
    return bool(row["docstatus"] == 0)


def _is_return(row: Row) -> bool:
    return bool(row.get("is_return"))


ORDER = Kind("order", "Sales Order", lambda _: True, lambda row: row["status"] not in OVER)
GOODS_ISSUE = Kind("goods_issue", "Delivery Note", lambda row: not _is_return(row), _is_draft)
RETURN_RECEIPT = Kind("return_receipt", "Delivery Note", _is_return, _is_draft)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (ORDER, GOODS_ISSUE, RETURN_RECEIPT)}


class Documents:
    """Reads documents one by one; addresses and countries that they name are read once a session."""

    def __init__(self, api: ErpNext) -> None:
        """Take the API."""
        self._api = api
        self._addresses: dict[str, Row] = {}
        self._countries: dict[str, str] = {}

    async def read(self, kind: Kind, name: str) -> Row | None:
        """Read the document of a kind with this name; None where there is none."""
        found = await self._api.document(kind.doctype, name)
        if found is None or not kind.includes(found):
            return None
        record: Row = {field: found.get(field) for field in FIELDS[kind.doctype]}
        record["items"] = [{field: row[field] for field in ROWS if field in row} for row in found.get("items") or ()]
        if kind is ORDER:
            record["shipping_address"] = await self._address(found.get("shipping_address_name"))
        else:
            record["shipments"] = await self._shipments(name)
        return record

    async def _address(self, name: Any) -> Row | None:  # noqa: ANN401 - a name, or nothing
        if not name:
            return None
        if name not in self._addresses:
            found = await self._api.named("Address", [name], ("city", "pincode", "country"))
            address = found.get(name, {})
            code = await self._country(address.get("country") or "")
            told = {"city": address.get("city"), "pincode": address.get("pincode"), "country_code": code}
            self._addresses[name] = told
        return self._addresses[name]

    async def _country(self, name: str) -> str:
        if name and name not in self._countries:
            found = await self._api.named("Country", [name], ("code",))
            self._countries[name] = found.get(name, {}).get("code") or ""
        return self._countries.get(name, "")

    async def _shipments(self, note: str) -> list[Row]:
        """Give the shipments that were made of a delivery note and not cancelled."""
        made_of = ["Shipment Delivery Note", "delivery_note", "=", note]
        fields = ("carrier", "service_provider", "awb_number")
        rows = self._api.pages("Shipment", [made_of, ["docstatus", "=", 1]], fields)
        return [row async for page in rows for row in page]
