"""Which goods issues serve which line of an order, and which serve it no longer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.documents import GoodsIssue, Order
from contracts.identity import tracking_number
from contracts.quantity import Quantity
from streams.delivery.drops import Dropped


@dataclass(frozen=True, slots=True)
class Served:
    """One goods issue's part in one line, and the numbers of the goods issue's parcels."""

    issue: GoodsIssue
    quantities: tuple[Quantity, ...]
    parcels: frozenset[str]


Drops = Mapping[str, Sequence[Dropped]]
"""Which lines a goods issue serves no longer, by goods issue."""
OfProduct = Mapping[str, Sequence[str]]
"""The lines of each product."""
Serving = Mapping[str, Sequence[Served]]
"""By line."""
Dropping = Mapping[str, Sequence[datetime]]
"""By line."""


def serving(order: Order, issues: Sequence[GoodsIssue], drops: Drops) -> tuple[Serving, Dropping]:
    """Say for each line which goods issues serve it, and since when those that did serve it no longer."""
    of_product = lines_of_product(order)
    served = _served(order, issues, of_product)
    return served, _dropped(drops, served, of_product)


def lines_of_product(order: Order) -> OfProduct:
    """Name the lines of each product."""
    found: dict[str, list[str]] = {}
    for line in order.lines:
        found.setdefault(line.product.code, []).append(line.line)
    return found


def meant(named: str, product: str, of_product: OfProduct) -> str:
    """Say which line is meant: the one that is named, or, without a name, the only one that has the product."""
    same_product = of_product.get(product, ())
    return named or (same_product[0] if len(same_product) == 1 else "")


def _served(order: Order, issues: Sequence[GoodsIssue], of_product: OfProduct) -> Serving:
    """Say for each line which goods issues serve it."""
    served: dict[str, list[Served]] = {line.line: [] for line in order.lines}
    for issue in issues:
        parcels = frozenset(tracking_number(package.tracking_number) for package in issue.packages) - {""}
        quantities: dict[str, list[Quantity]] = {}
        for issued in issue.lines:
            line = meant(issued.order_line, issued.product.code, of_product)
            quantities.setdefault(line, []).append(issued.quantity)
        for name in quantities.keys() & served.keys():
            served[name].append(Served(issue, tuple(quantities[name]), parcels))
    return served


def _dropped(drops: Drops, served: Serving, of_product: OfProduct) -> Dropping:
    """Say of each line since when goods issues serve it no longer; one that serves it under another name does."""
    serving = {(part.issue.document, line) for line, parts in served.items() for part in parts}
    found: dict[str, list[datetime]] = {}
    for document, lines in drops.items():
        for dropped in lines:
            line = meant(dropped.line, dropped.product, of_product)
            if (document, line) not in serving:
                found.setdefault(line, []).append(dropped.since)
    return found
