"""Which goods issues serve which line of an order, which serve it no longer, and who signed for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.documents import GoodsIssue, IssueState, Order
from contracts.identity import tracking_number
from contracts.quantity import Quantity
from streams.delivery.drops import Dropped
from streams.delivery.proving import Proof, first


@dataclass(frozen=True, slots=True)
class Served:
    """One goods issue's part in one line, and the numbers of the goods issue's parcels.

    signed_at: of what travels without a number, when somebody signed for the order.
    """

    issue: GoodsIssue
    quantities: tuple[Quantity, ...]
    parcels: frozenset[str]
    signed_at: datetime | None = None


Drops = Mapping[str, Sequence[Dropped]]
"""Which lines a goods issue serves no longer, by goods issue."""
OfProduct = Mapping[str, Sequence[str]]
"""The lines of each product."""
Serving = Mapping[str, Sequence[Served]]
"""By line."""
Dropping = Mapping[str, Sequence[datetime]]
"""By line."""


def serving(
    order: Order, issues: Sequence[GoodsIssue], drops: Drops, proofs: Sequence[Proof]
) -> tuple[Serving, Dropping]:
    """Say for each line which goods issues serve it, and since when those that did serve it no longer.

    proofs: of delivery, those that name the order and no parcel.
    """
    of_product = lines_of_product(order)
    served = _served(order, issues, of_product, proofs)
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


def _served(order: Order, issues: Sequence[GoodsIssue], of_product: OfProduct, proofs: Sequence[Proof]) -> Serving:
    """Say for each line which goods issues serve it."""
    served: dict[str, list[Served]] = {line.line: [] for line in order.lines}
    for issue in issues:
        parcels = frozenset(tracking_number(package.tracking_number) for package in issue.packages) - {""}
        signed_at = None if parcels else _signed_at(issue, proofs)
        quantities: dict[str, list[Quantity]] = {}
        for issued in issue.lines:
            line = meant(issued.order_line, issued.product.code, of_product)
            quantities.setdefault(line, []).append(issued.quantity)
        for name in quantities.keys() & served.keys():
            served[name].append(Served(issue, tuple(quantities[name]), parcels, signed_at))
    return served


def _signed_at(issue: GoodsIssue, proofs: Sequence[Proof]) -> datetime | None:
    left_at = has_left(issue)
    if issue.state is not IssueState.DESPATCHED or left_at is None:
        return None
    signed = first(proof for proof in proofs if proof.is_after(left_at))
    return max(left_at, signed.at) if signed is not None else None


def has_left(issue: GoodsIssue) -> datetime | None:
    """When the goods of an issue left: the vehicle's departure, where it is told."""
    if issue.transport is not None and issue.transport.departed_at is not None:
        return issue.transport.departed_at.at
    return issue.despatched_at.at if issue.despatched_at else None


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
