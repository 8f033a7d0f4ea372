"""In what a receipt deviates, what remedies were agreed for it, and what is still open.

A deviation is open as far as no remedy covers it. Remedies are taken in the order in which they were agreed, each for
the deviations that it names, within its quantity and unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from contracts.acceptance import Deviation, Disposition, Remedy
from contracts.quantity import Quantity, nothing


@dataclass(frozen=True, slots=True)
class Deviating:
    """Something that deviates since an instant. line: an order's line, or a product that no line has.

    open: what no remedy covers. is_tolerated: within tolerance. at_despatch: despatched otherwise than ordered, not
    received otherwise than despatched. note: the customer's own words.
    """

    what: Deviation
    line: str
    product: str
    quantity: Quantity
    open: Quantity
    since: datetime
    is_tolerated: bool = False
    at_despatch: bool = False
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.open.value > 0 and not self.is_tolerated


class Settled(NamedTuple):
    """Deviations with what is still open of them, and by line how much is to be replaced by the same order.

    remedies: with what they have not covered yet.
    """

    deviations: tuple[Deviating, ...]
    replaced: Mapping[str, Quantity]
    remedies: tuple[Remedy, ...]


def settle(found: Sequence[Deviating], remedies: Iterable[Remedy]) -> Settled:
    """Take from each deviation what remedies cover."""
    open_ones = list(found)
    replaced: dict[str, Quantity] = {}
    unused: list[Remedy] = []
    for remedy in in_force(remedies):
        left = remedy.quantity
        for place, one in enumerate(open_ones):
            covered = _covered(remedy, one, left)
            if covered.value == 0:
                continue
            left = left.less(covered) if left else None
            open_ones[place] = replace(one, open=one.open.less(covered))
            if remedy.disposition is Disposition.REPLACEMENT and not remedy.replacement_order:
                replaced[one.line] = replaced.get(one.line, nothing(covered.unit)) + covered
        unused.append(remedy.model_copy(update={"quantity": left}))
    return Settled(tuple(open_ones), replaced, tuple(unused))


def in_force(remedies: Iterable[Remedy]) -> list[Remedy]:
    """Give those that were not called off, in the order in which they were agreed."""
    return sorted((one for one in remedies if not one.withdrawn), key=lambda one: (one.agreed_at, one.id))


def _covered(remedy: Remedy, one: Deviating, left: Quantity | None) -> Quantity:
    """How much of a deviation a remedy covers, of what is left of it."""
    names_it = remedy.order_line in {"", one.line} and remedy.deviation in {None, one.what}
    if not names_it or (left is not None and left.unit != one.open.unit):
        return nothing(one.open.unit)
    return Quantity(value=min(one.open.value, left.value if left else one.open.value), unit=one.open.unit)
