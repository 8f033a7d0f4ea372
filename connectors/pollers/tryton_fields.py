"""Which fields a reading of Tryton asks for: those that `mappings.erp.tryton_records` reads, and what leads to them.

Tryton answers 500 for a field that a module would bring which is not activated, so those are asked for only where
`ir.model.field` lists their first part. It answers 500 as well for a field behind a Reference (`moves.origin.sale`);
`sale` of a move, which Tryton works out itself, says the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.errors import Rejected

SALE, LINE, SHIPMENT, MOVE, PACKAGE = "sale.sale", "sale.line", "stock.shipment.out", "stock.move", "stock.package"
RETURN, PRODUCTION, COMPLAINT = "stock.shipment.out.return", "production", "sale.complaint"

STAMPS = ("create_date", "write_date")

_PRODUCT = ("unit.symbol", "product.code", "product.template.name")
_LINE = ("type", "movable", "quantity", *_PRODUCT, "shipping_date", "moves.origin_planned_date")
_MOVE = ("state", "quantity", *_PRODUCT, "origin", "sale.number", "write_date")
_ADDRESS = ("city", "postal_code", "country.code", "subdivision.code")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its model, in which states it can still change, which fields are read of it.

    optional: by the field that must exist, what is read only then.
    """

    name: str
    model: str
    open_states: frozenset[str]
    fields: tuple[str, ...]
    optional: Mapping[str, tuple[str, ...]]

    def fields_of(self, existing: frozenset[str]) -> tuple[str, ...]:
        """Give the fields to ask for where the model has `existing` among its optional ones."""
        return self.fields + tuple(
            path for name, paths in sorted(self.optional.items()) if name in existing for path in paths
        )


ORDER = Kind(
    "order",
    SALE,
    frozenset({"draft", "quotation", "confirmed", "processing"}),
    (
        "number",
        "state",
        "reference",
        "sale_date",
        "shipping_date",
        "company.timezone",
        "party.code",
        "party.name",
        *(f"shipment_address.{field}" for field in _ADDRESS),
        *(f"lines.{field}" for field in _LINE),
    ),
    {},
)

GOODS_ISSUE = Kind(
    "goods_issue",
    SHIPMENT,
    frozenset({"draft", "waiting", "assigned", "picked", "packed", "shipped"}),
    (
        "number",
        "state",
        "planned_date",
        "effective_date",
        *STAMPS,
        "company.timezone",
        *(f"warehouse.address.{field}" for field in _ADDRESS),
        *(f"outgoing_moves.{field}" for field in _MOVE),
    ),
    {
        "carrier": (
            "carrier.party.code",
            "carrier.party.name",
            "carrier.carrier_product.code",
            "carrier.carrier_product.template.name",
        ),
        "shipping_reference": ("shipping_reference",),
        "packages": ("packages.number",),
        "packages.shipping_reference": ("packages.shipping_reference",),
    },
)

RETURN_RECEIPT = Kind(
    "return_receipt",
    RETURN,
    frozenset({"draft", "received"}),
    (
        "number",
        "state",
        *STAMPS,
        "company.timezone",
        *(f"incoming_moves.{field}" for field in (*_MOVE, "effective_date", "sale.origin")),
    ),
    {},
)

GOODS_RECEIPT = Kind(
    "goods_receipt",
    PRODUCTION,
    frozenset({"request", "draft", "waiting", "assigned", "running"}),
    (
        "number",
        "state",
        "origin",
        "effective_date",
        *STAMPS,
        "company.timezone",
        *(f"outputs.{field}" for field in ("state", "quantity", *_PRODUCT, "write_date")),
    ),
    {},
)

CASE = Kind(
    "case",
    COMPLAINT,
    frozenset({"draft", "waiting", "approved"}),
    (
        "number",
        "state",
        "date",
        "origin",
        *STAMPS,
        "company.timezone",
        "customer.code",
        "customer.name",
        "type.name",
        "submitted_by.party.name",
    ),
    {},
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (ORDER, GOODS_ISSUE, RETURN_RECEIPT, GOODS_RECEIPT, CASE)}


def refuse_hidden(model: str, record: Mapping[str, object], fields: tuple[str, ...]) -> None:
    """Raise Rejected where a field that was asked for is not in the record.

    Tryton leaves out, without a word, what the key's user may not read.
    """
    for path in fields:
        level = [record]
        for step in path.split("."):
            if any(step not in found for found in level):
                raise Rejected(
                    f"Tryton hides `{path}` of {model}: the key's user may not read it (groups Sales and Stock may)",
                    code="refused",
                )
            level = [inner for found in level for inner in _records(found[step])]


def _records(value: object) -> list[Mapping[str, object]]:
    found = value if isinstance(value, list) else [value]
    return [inner for inner in found if isinstance(inner, dict)]
