"""What SAP's IDocs and its OData services have in common: numbers with leading zeros, times, promises, quantities.

Inside, SAP fills numbers up with zeros (conversion exit ALPHA): an IDoc says `0000012345` of what OData calls `12345`.
Both become `12345`, so that a delivery of one finds the order of the other.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from contracts.documents import ScheduledDelivery
from contracts.model import build
from contracts.moment import Moment, Window, ZoneSource
from contracts.quantity import Quantity
from mappings.erp.options import own_unit
from mappings.erp.sap_units import COMMERCIAL, ISO
from mappings.erp.units import unit_code


def plain(number: str) -> str:
    """Give a number without the zeros before it; what is no number stays as it is."""
    number = number.strip()
    return number.lstrip("0") or number[:1] if number.isascii() and number.isdigit() else number


def moment_at(day: date | None, clock: time | None, zone: str) -> Moment | None:
    """Give a date, at its time where that is told: zeros are SAP's empty time."""
    if day is None:
        return None
    if clock is None or clock == time(0):
        return Moment.on(day, zone, ZoneSource.ACCOUNT)
    return Moment.local(datetime.combine(day, clock), zone, ZoneSource.ACCOUNT)


def promise(
    parts: Sequence[tuple[date, Quantity]], requested: date | None, zone: str
) -> tuple[Window | None, tuple[ScheduledDelivery, ...]]:
    """Give an item's promise, and its parts where it has several: by its schedule lines, else by the date asked for."""
    schedule = tuple(
        ScheduledDelivery(quantity=quantity, promised=Window.of_days(None, day, zone)) for day, quantity in parts
    )
    if schedule:
        return schedule[-1].promised, schedule if len(schedule) > 1 else ()
    return None if requested is None else Window.of_days(None, requested, zone), ()


def quantity_of(value: Decimal, iso: str, commercial: str, options: Mapping[str, str], path: str) -> Quantity:
    """Map a quantity by its unit's ISO code, else by SAP's own name of it; raises Rejected at an unknown unit."""
    if iso and (iso in ISO or own_unit(options, iso)):
        code = unit_code(iso, ISO, options, path)
    else:
        code = unit_code(commercial or iso, COMMERCIAL if commercial else ISO, options, path)
    return build(Quantity, value=value, unit=code)
