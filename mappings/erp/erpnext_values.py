"""What the rows of ERPNext's orders and deliveries have in common: products and quantities."""

from collections.abc import Mapping
from decimal import Decimal

from contracts.documents import Product
from contracts.errors import Rejected
from contracts.model import build
from contracts.quantity import Quantity
from mappings.erp import erpnext_records as erpnext
from mappings.erp.erpnext_units import UNITS
from mappings.erp.units import unit_code


def product_of(item: erpnext.Item, path: str) -> Product:
    """Name a product by its code, which is its name; a row without one has at least a text."""
    code = item.item_code or item.item_name
    if code is None:
        raise Rejected("found a row without item", code="invalid", path=path)
    return Product(code=code, name=item.item_name or "")


def quantity_of(value: Decimal, item: erpnext.Item, options: Mapping[str, str], path: str) -> Quantity:
    """Map a quantity with the unit of its row; raises Rejected at an unknown unit."""
    return build(Quantity, value=value, unit=unit_code(item.uom, UNITS, options, f"{path}.uom"))
