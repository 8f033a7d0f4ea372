"""The parts in which a line is promised: each with its window, and when it was met.

A line that is promised at once is one part. A part is met when as much has reached the customer as it and the parts
before it come to, or when all that left of a closed line has: that less left is another finding's matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contracts.documents import OrderLine
from contracts.moment import Window

Arrival = tuple[datetime, Decimal]
"""How much reached the customer when."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part. needed: how much the line must have delivered for it, the parts before it included."""

    promised: Window
    quantity: Decimal
    needed: Decimal
    done_at: datetime | None


def window_of(line: OrderLine) -> Window | None:
    """The window of a line: that of its last part where it is promised in several."""
    if not line.schedule:
        return line.promised
    return max((part.promised for part in line.schedule), key=lambda window: window.closes)


def parts_of(line: OrderLine, arrivals: Iterable[Arrival], done_at: datetime | None) -> tuple[Part, ...]:
    """Divide a line. done_at: when all that left of it was delivered, if nothing more is to come."""
    if not line.schedule:
        whole = line.ordered.value
        return (Part(line.promised, whole, whole, done_at),) if line.promised else ()
    found: list[Part] = []
    needed, arrived = Decimal(0), sorted(arrivals)
    for scheduled in sorted(line.schedule, key=lambda part: part.promised.closes):
        needed += scheduled.quantity.value
        found.append(Part(scheduled.promised, scheduled.quantity.value, needed, _met_at(arrived, needed) or done_at))
    return tuple(found)


def _met_at(arrived: Iterable[Arrival], needed: Decimal) -> datetime | None:
    come = Decimal(0)
    for at, quantity in arrived:
        come += quantity
        if come >= needed:
            return at
    return None
