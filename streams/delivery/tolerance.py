"""Which deviation of a line is within tolerance: the line's own, the order's, the customer's, or the policy's.

The first that is given counts, whole. Under and over are apart, and of percent and absolute the larger counts.
"""

from decimal import Decimal
from typing import NamedTuple

from contracts.documents import Order, OrderLine, Tolerance
from contracts.policy import Policy


class Limits(NamedTuple):
    """How much less, and how much more, of a line asks nothing; in the line's unit."""

    under: Decimal
    over: Decimal


def limits(order: Order, line: OrderLine, policy: Policy) -> Limits:
    """Give the limits of a line."""
    given: Tolerance | None = line.tolerance or order.tolerance
    tolerance = given or policy.tolerance.of(order.customer.id if order.customer else "")
    ordered = line.ordered.value
    return Limits(
        under=max(tolerance.under, ordered * tolerance.under_percent / 100),
        over=max(tolerance.over, ordered * tolerance.over_percent / 100),
    )
