"""Which deviation of a line asks nothing, by the first tolerance of: line, order, override, customer, policy.

It counts whole. Under and over are apart, and of percent and absolute the larger counts.
"""

from decimal import Decimal
from typing import NamedTuple

from contracts.documents import Order, OrderLine, Tolerance
from contracts.policy import Matter, Policy


class Limits(NamedTuple):
    """How much less, and how much more, of a line asks nothing; in the line's unit."""

    under: Decimal
    over: Decimal


def limits(order: Order, line: OrderLine, policy: Policy) -> Limits:
    """Give the limits of a line."""
    given: Tolerance | None = line.tolerance or order.tolerance
    tolerance = given or _by_policy(order, line, policy)
    ordered = line.ordered.value
    return Limits(
        under=max(tolerance.under, ordered * tolerance.under_percent / 100),
        over=max(tolerance.over, ordered * tolerance.over_percent / 100),
    )


def _by_policy(order: Order, line: OrderLine, policy: Policy) -> Tolerance:
    customer = order.customer.id if order.customer else ""
    if not policy.overrides:
        return policy.tolerance.of(customer)
    there = Matter(
        account=order.account,
        customer=customer,
        country=order.destination.country,
        region=order.destination.region,
        products=frozenset({line.product.code}),
    )
    return policy.about(there).tolerance.of(customer)
