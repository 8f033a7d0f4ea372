"""What Tryton's sales and shipments have in common: days and instants, products, quantities."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from contracts.connector import Context
from contracts.documents import Place, Product
from contracts.model import build
from contracts.moment import Moment, ZoneSource, zone
from contracts.quantity import Quantity
from mappings.erp import tryton_records as tryton
from mappings.erp.tryton_units import UNITS
from mappings.erp.units import unit_code


class DatesIn(NamedTuple):
    """The zone of a document's dates, and who named it."""

    zone: str
    source: ZoneSource


def dates_of(company: tryton.Company, context: Context) -> DatesIn:
    """Give the zone in which Tryton says "today" for a company; where it has none, the account's."""
    if company.timezone:
        return DatesIn(company.timezone, ZoneSource.PAYLOAD)
    return DatesIn(context.zone or "UTC", ZoneSource.ACCOUNT)


def moment_on(day: date | None, dates: DatesIn) -> Moment | None:
    """Place a date at its first instant in its zone."""
    return None if day is None else Moment.on(day, dates.zone, dates.source)


def moment_of(written: datetime, day: date | None, dates: DatesIn) -> Moment:
    """Give the instant of a write where it agrees with the day that Tryton keeps, else that day."""
    if day is None or written.astimezone(zone(dates.zone)).date() == day:
        return Moment(at=written)
    return Moment.on(day, dates.zone, dates.source)


def product_of(variant: tryton.Variant) -> Product:
    """Name a product by its code; else by its id."""
    return Product(code=variant.code or f"#{variant.id}", name=variant.template.name)


def quantity_of(value: Decimal, unit: tryton.Unit, options: Mapping[str, str], path: str) -> Quantity:
    """Map a quantity with its unit, which stands at `path`; raises Rejected at an unknown unit."""
    return build(Quantity, value=value, unit=unit_code(unit.symbol, UNITS, options, f"{path}.unit.symbol"))


def place(address: tryton.Address | None) -> Place:
    """Map an address, as far as deliveries need it: no street, no person."""
    if address is None:
        return Place()
    _, _, region = (address.subdivision.code if address.subdivision else "").partition("-")
    return build(
        Place,
        country=address.country.code if address.country else "",
        region=region,
        city=address.city or "",
        postal_code=address.postal_code or "",
    )
