"""Which of Odoo's fields and records a reading asks for: those that `mappings.erp.odoo_records` reads.

Names differ between versions: the unit of a sale's line is `product_uom_id` from 19 on; a picking's `return_id` and the
tracking reference of module `stock_delivery` are not in every database. `fields_get` tells it, once a session.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SALE, SALE_LINE, PICKING, MOVE = "sale.order", "sale.order.line", "stock.picking", "stock.move"
PRODUCT, UNIT, PARTNER, STATE = "product.product", "uom.uom", "res.partner", "res.country.state"

SALE_FIELDS = (
    "name",
    "state",
    "client_order_ref",
    "date_order",
    "create_date",
    "commitment_date",
    "partner_id",
    "partner_shipping_id",
)
SALE_OPTIONAL = ("delivery_status",)
SALE_LINE_FIELDS = (
    "order_id",
    "display_type",
    "product_id",
    "product_uom_qty",
    "customer_lead",
    "is_downpayment",
)
UNIT_OF_LINE = ("product_uom_id", "product_uom")
"""Of these the first that there is."""
PICKING_FIELDS = ("name", "state", "picking_type_code", "scheduled_date", "date_done", "create_date", "write_date")
PICKING_OPTIONAL = ("carrier_id", "carrier_tracking_ref", "return_id")
MOVE_FIELDS = ("picking_id", "state", "product_id", "product_uom", "product_uom_qty", "quantity", "sale_line_id")
LOOKED_UP: Mapping[str, tuple[str, ...]] = {
    PRODUCT: ("default_code", "name", "type"),
    UNIT: ("name",),
    PARTNER: ("name", "ref", "city", "zip", "country_code", "state_id"),
    STATE: ("code",),
}
"""Records that others name, by model: what is read of them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its model, which of its records are of this kind, in which states they can still change."""

    name: str
    model: str
    domain: tuple[object, ...]
    open_states: frozenset[str]


SERVES_A_SALE = ["move_ids.sale_line_id", "!=", False]
ORDER = Kind("order", SALE, (), frozenset({"draft", "sent", "sale", "done"}))
GOODS_ISSUE = Kind(
    "goods_issue",
    PICKING,
    (["picking_type_code", "in", ["outgoing", "dropship"]], SERVES_A_SALE),
    frozenset({"draft", "waiting", "confirmed", "assigned"}),
)
RETURN_RECEIPT = Kind(
    "return_receipt",
    PICKING,
    (["picking_type_code", "=", "incoming"], SERVES_A_SALE),
    frozenset({"draft", "waiting", "confirmed", "assigned"}),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (ORDER, GOODS_ISSUE, RETURN_RECEIPT)}
KIND_OF_TYPE: Mapping[str, str] = {
    "outgoing": GOODS_ISSUE.name,
    "dropship": GOODS_ISSUE.name,
    "incoming": RETURN_RECEIPT.name,
}
"""By the type of a picking's operation; `internal`, `mrp_operation`, `repair_operation` move nothing to customers."""


def there(fields: Iterable[str], existing: frozenset[str]) -> tuple[str, ...]:
    """Give those of the fields that a model has."""
    return tuple(field for field in fields if field in existing)
