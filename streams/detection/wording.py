"""How instants, spans, quantities and scans are written in a finding's details: as the people who read them would."""

from datetime import datetime, timedelta
from decimal import Decimal

from contracts.documents import Range
from contracts.moment import Precision, Window, zone
from contracts.quantity import Quantity
from streams.delivery.parcel import Life

_SYMBOLS = {
    "C62": "",
    "H87": "",
    "GRM": "g",
    "KGM": "kg",
    "TNE": "t",
    "MMT": "mm",
    "CMT": "cm",
    "MTR": "m",
    "MTK": "m²",
    "MTQ": "m³",
    "LTR": "l",
    "HUR": "h",
}
"""UN/ECE Recommendation 20, column "Symbol", which every language reads. Pieces (C62, H87) need none."""


def instant(at: datetime, zone_name: str) -> str:
    """Write an instant to the minute, in a zone: `2026-03-02 14:05`."""
    return at.astimezone(zone(zone_name)).strftime("%Y-%m-%d %H:%M")


def day(at: datetime, zone_name: str) -> str:
    """Write the day of an instant, in a zone: `2026-03-02`."""
    return at.astimezone(zone(zone_name)).date().isoformat()


def promise(window: Window | None) -> str:
    """Write until when something was promised: its last day, or its last minute."""
    if window is None:
        return ""
    return window.last_day().isoformat() if window.precision is Precision.DATE else instant(window.closes, window.zone)


def hours(span: timedelta) -> str:
    """Write a span in hours: `48 h`."""
    return f"{span.total_seconds() / 3600:g} h"


def amount(quantity: Quantity) -> str:
    """Write a quantity: `8`, `2.5 kg`; a unit without a symbol by its code."""
    return amount_of(quantity.value, quantity.unit)


def amount_of(value: Decimal, unit: str) -> str:
    """Write so many of a unit: as `amount`."""
    return f"{value.normalize():f} {_SYMBOLS.get(unit, unit)}".rstrip()


def last_scan(life: Life | None, zone_name: str) -> str:
    """Write a parcel's last scan: when, where, in the carrier's own words; empty where there is none."""
    if life is None or life.last is None:
        return ""
    scan = life.last
    said = ": ".join(part for part in (scan.location, scan.raw_text) if part)
    return f"{instant(scan.placed_at, zone_name)} {said}".rstrip()


def lasting(span: timedelta) -> str:
    """Write how long something lasted, to the minute: `40 min`, `1 h 20 min`."""
    whole, minutes = divmod(round(span.total_seconds() / 60), 60)
    parts = [f"{whole} h"] if whole else []
    return " ".join([*parts, f"{minutes} min"] if minutes or not whole else parts)


def within(required: Range, unit: str) -> str:
    """Write a range: `2 … 8 °C`, `≤ 60 %`."""
    low, high = (f"{end.normalize():f}" if end is not None else "" for end in (required.low, required.high))
    if low and high:
        return f"{low} … {high} {unit}"
    return f"≥ {low} {unit}" if low else f"≤ {high} {unit}" if high else ""
