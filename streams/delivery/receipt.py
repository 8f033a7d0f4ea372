"""The receiving side of a delivery: stock, acceptances, deviations and remedies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.acceptance import Acceptance, Deviation, Remedy
from contracts.documents import GoodsIssue, IssueState, Order
from contracts.identity import tracking_number
from contracts.quantity import Quantity, total
from contracts.receipts import GoodsReceipt, ReturnReceipt
from contracts.tracking import TrackingStatus
from streams.delivery.acceptances import Acceptances, read_acceptances
from streams.delivery.deviations import Deviating, settle
from streams.delivery.differing import despatched_over, despatched_short, never_ordered, received_otherwise
from streams.delivery.facts import Delivery
from streams.delivery.lines import Line
from streams.delivery.parcel import Life
from streams.delivery.receiving import Received, receive
from streams.delivery.stock import InStock, in_stock

_GOING_BACK = {TrackingStatus.RETURNING, TrackingStatus.RETURNED}


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that came in and was received. lines: by order line, once anything was accepted or refused.

    deviations: what differs, with what is still open of it. extra: by line, how much more than ordered may leave: what
    came back, and what is to be replaced.
    """

    acceptances: Acceptances = field(default_factory=Acceptances)
    lines: Mapping[str, Received] = field(default_factory=dict)
    stock: InStock = field(default_factory=InStock)
    returns: tuple[ReturnReceipt, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    deviations: tuple[Deviating, ...] = ()
    extra: Mapping[str, Quantity] = field(default_factory=dict)

    def open(self, *kinds: Deviation, at_despatch: bool = False) -> list[Deviating]:
        """Give the deviations of these kinds that no remedy covers, within tolerance or not."""
        return [
            one
            for one in self.deviations
            if one.what in kinds and one.open.value > 0 and one.at_despatch is at_despatch
        ]

    def answered_at(self, lines: Iterable[Line]) -> datetime | None:
        """When the last of all that left of some lines was accepted or refused finally; None before."""
        return _last(self.acceptances.answered, lines)

    def accepted_at(self, lines: Iterable[Line]) -> datetime | None:
        """When the last of all that left of some lines was taken in finally; None before."""
        return _last(self.acceptances.taken_in, lines)


NOTHING_RECEIVED = Receipt()
"""Of a delivery of which nothing came in or was received."""


def _last(instants: Mapping[str, datetime], lines: Iterable[Line]) -> datetime | None:
    left = {part.issue.document for line in lines for part in line.served if part.issue.state is IssueState.DESPATCHED}
    return max(instants[document] for document in left) if left and left <= instants.keys() else None


def fold_receipt(delivery: Delivery, order: Order, issues: Sequence[GoodsIssue], lines: Iterable[Line]) -> Receipt:
    """Fold what came in and was received."""
    acceptances = read_acceptances(order, issues, delivery.reports(Acceptance))
    live = [line for line in lines if not line.view.cancelled]
    received = (
        {line.view.line: receive(line.view.line, line.view.ordered.unit, line.served, acceptances) for line in live}
        if acceptances.all
        else {}
    )
    remedies = tuple(delivery.reports(Remedy))
    returns = tuple(delivery.documents("return_receipt", ReturnReceipt))
    stock = in_stock(order, delivery.documents("goods_receipt", GoodsReceipt), returns)
    found = [one for line in live for one in despatched_short(line)]
    found += [one for line in live for one in received_otherwise(line, received.get(line.view.line), acceptances)]
    found += never_ordered(order, issues, acceptances.told.get("", ()))
    settled = settle(found, remedies)
    extra = {line.view.line: _extra(line, stock, settled.replaced) for line in live}
    over = settle([one for line in live for one in despatched_over(line, extra[line.view.line])], settled.remedies)
    return Receipt(
        acceptances=acceptances,
        lines=received,
        stock=stock,
        returns=returns,
        remedies=remedies,
        deviations=(*settled.deviations, *over.deviations),
        extra=extra,
    )


def _extra(line: Line, stock: InStock, replaced: Mapping[str, Quantity]) -> Quantity:
    name, unit = line.view.line, line.view.ordered.unit
    parts = [stock.returned.get(name), replaced.get(name)]
    return total([part for part in parts if part is not None and part.unit == unit], unit)


def arrived(lives: Mapping[str, Life], issues: Iterable[GoodsIssue], receipt: Receipt) -> dict[str, Life]:
    """Take the customer's word that parcels have arrived, where their carriers have not told it.

    Of a goods issue in several parcels only when nothing is missing: else one of them may be lost.
    """
    found = dict(lives)
    is_missing = any(line.missing.quantity.value for line in receipt.lines.values())
    for issue in issues:
        at = receipt.acceptances.taken_in.get(issue.document)
        numbers = {tracking_number(package.tracking_number) for package in issue.packages} & lives.keys()
        if at is None or (is_missing and len(numbers) > 1):
            continue
        for number in numbers:
            if lives[number].delivered_at is None and lives[number].status not in _GOING_BACK:
                found[number] = replace(lives[number], delivered_at=at, status=TrackingStatus.DELIVERED)
    return found
