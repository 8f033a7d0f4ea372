"""What Odoo's orders and pickings have in common: products and quantities."""

from collections.abc import Mapping
from decimal import Decimal

from contracts.documents import Product
from contracts.model import build
from contracts.quantity import Quantity
from mappings.erp import odoo_records as odoo
from mappings.erp.odoo_units import UNITS
from mappings.erp.units import unit_code


def product_of(product: odoo.Product) -> Product:
    """Name a product by its internal reference; else by its id."""
    return Product(code=product.default_code or f"#{product.id}", name=product.name)


def quantity_of(value: Decimal, unit: odoo.Unit, options: Mapping[str, str], path: str) -> Quantity:
    """Map a quantity with its unit, which stands at `path`; raises Rejected at an unknown unit."""
    return build(Quantity, value=value, unit=unit_code(unit.name, UNITS, options, f"{path}.product_uom.name"))
