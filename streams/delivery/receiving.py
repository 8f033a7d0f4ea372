"""What was received of a line: the sums of all acceptances, against what was despatched.

Never negative, and never in another unit than the line's: an acceptance in another unit is named, and nothing of the
line is then judged missing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from contracts.documents import IssueState
from contracts.quantity import Quantity, nothing, total
from streams.delivery.acceptances import Acceptances, Told
from streams.delivery.rejections import damaged, for_quality, otherwise, rejected
from streams.delivery.serving import Served


class Part(NamedTuple):
    """So much, since an instant; without one there is nothing."""

    quantity: Quantity
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One line. missing: despatched, answered finally, not received; surplus: received and never despatched.

    Of what deviates, `damaged` (accepted damaged goods too), `quality` and `rejected` (for any other reason) do not
    overlap. wrong: other products in place of the line's, which do not count as received. uncounted: acceptances that
    tell of it in another unit, or do not say which line they mean.
    """

    received: Quantity
    rejected_in_all: Quantity
    missing: Part
    surplus: Part
    damaged: Part
    quality: Part
    rejected: Part
    wrong: Part
    wrong_products: tuple[str, ...] = ()
    is_answered: bool = False
    uncounted: tuple[str, ...] = ()

    @property
    def accepted(self) -> Quantity:
        """What was received and not rejected."""
        return self.received.less(self.rejected_in_all)


class Left(NamedTuple):
    """What left of a line with a goods issue, and when."""

    document: str
    at: datetime
    quantity: Quantity


def receive(line: str, unit: str, served: Sequence[Served], acceptances: Acceptances) -> Received:
    """Sum up what was received of one line."""
    told = acceptances.told.get(line, ())
    wrong = [one for one in told if one.is_wrong_item]
    own = [one for one in told if not one.is_wrong_item and one.part.received.unit == unit]
    odd = {one.acceptance.id for one in told if not one.is_wrong_item and one.part.received.unit != unit}
    uncounted = tuple(sorted(odd | set(acceptances.unclear.get(line, ()))))
    left = left_of(served, unit)
    turned_away = _turned_away(left, acceptances, unit)
    received = total([one.part.received for one in own], unit) + turned_away.quantity
    otherwise_rejected = _sum(own, unit, lambda one: otherwise(one, unit))
    return Received(
        received=received,
        rejected_in_all=total([rejected(one, unit) for one in own], unit) + turned_away.quantity,
        missing=Part(nothing(unit)) if uncounted else _missing(left, own, acceptances, turned_away),
        surplus=Part(nothing(unit)) if uncounted else _surplus(own, total([one.quantity for one in left], unit)),
        damaged=_sum(own, unit, lambda one: damaged(one, unit)),
        quality=_sum(own, unit, lambda one: for_quality(one, unit)),
        rejected=Part(
            otherwise_rejected.quantity + turned_away.quantity,
            min((at for at in (otherwise_rejected.since, turned_away.since) if at), default=None),
        ),
        wrong=_wrong(wrong, unit),
        wrong_products=tuple(sorted({one.product for one in wrong})),
        is_answered=bool(left) and all(one.document in acceptances.answered for one in left),
        uncounted=uncounted,
    )


def left_of(served: Iterable[Served], unit: str) -> list[Left]:
    """Say what left of a line, oldest first, in its unit."""
    found = [
        Left(part.issue.document, part.issue.despatched_at.at, quantity)
        for part in served
        if part.issue.state is IssueState.DESPATCHED and part.issue.despatched_at
        for quantity in part.quantities
        if quantity.unit == unit
    ]
    return sorted(found, key=lambda one: (one.at, one.document))


def _turned_away(left: Iterable[Left], acceptances: Acceptances, unit: str) -> Part:
    refused = [one for one in left if one.document in acceptances.turned_away]
    since = min((acceptances.turned_away[one.document] for one in refused), default=None)
    return Part(total([one.quantity for one in refused], unit), since)


def _missing(left: Iterable[Left], own: Iterable[Told], acceptances: Acceptances, turned_away: Part) -> Part:
    """What was answered finally and not received: since the answer by which more should be there than is."""
    answered = acceptances.answered
    unit = turned_away.quantity.unit
    counting = [one for one in own if not one.acceptance.goods_issue or one.acceptance.goods_issue in answered]
    received = total([one.part.received for one in counting], unit) + turned_away.quantity
    expected, since = nothing(unit), None
    for at, quantity in sorted(
        ((answered[one.document], one.quantity) for one in left if one.document in answered), key=lambda due: due[0]
    ):
        expected += quantity
        if since is None and expected.value > received.value:
            since = at
    return Part(expected.less(received), since)


def _surplus(own: Iterable[Told], despatched: Quantity) -> Part:
    """What was received beyond all that left: since the acceptance by which it is more."""
    received, since = nothing(despatched.unit), None
    for one in own:
        received += one.part.received
        if since is None and received.value > despatched.value:
            since = one.at
    return Part(received.less(despatched), since)


def _sum(told: Iterable[Told], unit: str, of: Callable[[Told], Quantity]) -> Part:
    parts = [(of(one), one.at) for one in told]
    since = min((at for part, at in parts if part.value), default=None)
    return Part(total([quantity for quantity, _ in parts], unit), since)


def _wrong(told: Sequence[Told], unit: str) -> Part:
    """In the unit of the first that was told: wrong items are counted apart from the line's."""
    its_unit = told[0].part.received.unit if told else unit
    return _sum([one for one in told if one.part.received.unit == its_unit], its_unit, lambda one: one.part.received)
