"""The delivery plan: by when each part of a line must leave, worked back from its window by the lane's transit time.

Working days are those of the destination (`policy` is meant as it applies to the delivery: `Policy.about`).
"""

from collections.abc import Iterable
from datetime import datetime

from contracts.documents import DeliveryMethod, Order, Package
from contracts.policy import Policy
from contracts.policy.transit import Lane
from contracts.quantity import Quantity
from contracts.snapshot import LineView, PartView
from streams.delivery.case import Case
from streams.delivery.lines import Line
from streams.delivery.schedule import Part
from streams.delivery.working_days import days_before


def transit_days(order: Order, packages: Iterable[Package], policy: Policy) -> int:
    """How many working days goods are on their way, by carrier, service and destination, as far as they are known."""
    named = sorted((package.carrier, package.service) for package in packages if package.carrier)
    carrier, service = named[0] if named else ("", "")
    place = order.destination
    lane = Lane(carrier, service, place.country, place.region)
    return policy.transit.working_days(order.method, lane, policy.carrier)


def transit_of(case: Case, line: Line, policy: Policy) -> int:
    """How many working days a line's goods are on their way."""
    if case.order is None:
        return 0
    return transit_days(case.order, (package for part in line.served for package in part.issue.packages), policy)


def ship_by(case: Case, line: Line, part: Part, policy: Policy) -> datetime:
    """By when a part must leave; what the customer fetches must be ready when its window closes."""
    return days_before(part.promised.closes, transit_of(case, line, policy), policy)


def next_part(line: Line) -> Part | None:
    """The first part that was not met; None where there is none."""
    return next((part for part in line.parts if part.done_at is None), None)


def is_fetched(case: Case) -> bool:
    """Whether the customer fetches the goods."""
    return case.order is not None and case.order.method is DeliveryMethod.SELF_PICKUP


def planned(case: Case, policy: Policy) -> tuple[LineView, ...]:
    """Show with each line by when it, and each part of it, must leave."""
    return tuple(_planned(case, line, policy) for line in case.lines)


def _planned(case: Case, line: Line, policy: Policy) -> LineView:
    if not line.parts or line.view.cancelled:
        return line.view
    unit = line.view.ordered.unit
    parts = tuple(
        PartView(
            quantity=Quantity(value=part.quantity, unit=unit),
            promised=part.promised,
            ship_by=ship_by(case, line, part, policy),
            done_at=part.done_at,
        )
        for part in line.parts
    )
    awaited = next((part for part in parts if part.done_at is None), parts[-1])
    return line.view.model_copy(update={"ship_by": awaited.ship_by, "parts": parts if len(parts) > 1 else ()})
