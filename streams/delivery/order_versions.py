"""What each version of an order promised: facts that the newest version alone does not hold.

Versions are only ever added. Beyond what is kept the middle ones are dropped: of the versions that confirm the first,
of those that say that the customer agreed and of all the last. So what is left is a function of the set of versions,
whatever order they arrive in and however often.
"""

from datetime import datetime
from decimal import Decimal

import msgspec

from contracts.documents import Order, OrderLine, OrderState
from contracts.identity import digest
from contracts.moment import Precision, Window

FIRST_CONFIRMED, LAST_AGREED, LAST = 8, 8, 16
"""How many are kept of each sort of version."""

Edition = tuple[datetime, str]
"""A version of a document, and the hash that orders two contents of one version."""
CONFIRMED = {OrderState.CONFIRMED, OrderState.COMPLETED}


class PromisedWindow(msgspec.Struct, frozen=True, array_like=True):
    """A window, as it is stored."""

    opens: datetime | None
    closes: datetime
    precision: Precision
    zone: str

    @classmethod
    def of(cls, window: Window) -> "PromisedWindow":
        """Store a window."""
        return cls(window.opens, window.closes, window.precision, window.zone)

    def window(self) -> Window:
        """Give the window back."""
        return Window(opens=self.opens, closes=self.closes, precision=self.precision, zone=self.zone)


class PromisedPart(msgspec.Struct, frozen=True, array_like=True):
    """A scheduled part of a line, as it is stored."""

    quantity: Decimal
    promised: PromisedWindow


class Terms(msgspec.Struct, frozen=True, array_like=True):
    """What one version of an order said of one line: how much, when, in which parts."""

    quantity: Decimal
    unit: str
    promised: PromisedWindow | None = None
    schedule: tuple[PromisedPart, ...] = ()

    @classmethod
    def of(cls, line: OrderLine) -> "Terms":
        """Read a line's terms; a quantity's superfluous zeros say nothing."""
        return cls(
            quantity=_plain(line.ordered.value),
            unit=line.ordered.unit,
            promised=PromisedWindow.of(line.promised) if line.promised else None,
            schedule=tuple(
                PromisedPart(_plain(part.quantity.value), PromisedWindow.of(part.promised)) for part in line.schedule
            ),
        )


class LineSaid(msgspec.Struct, frozen=True, array_like=True):
    """A line of a version: its terms, and whether the customer agreed to them."""

    line: str
    terms: Terms
    agreed: bool


class OrderVersion(msgspec.Struct, frozen=True, array_like=True):
    """One version. lines: under which hash they are kept; equal lines are kept once."""

    edition: Edition
    confirmed: bool
    agreed: bool
    lines: str
    refused: bool = False


class OrderVersions(msgspec.Struct, frozen=True, array_like=True):
    """The versions that are kept, oldest first, and what they said, by its hash."""

    versions: tuple[OrderVersion, ...] = ()
    said: dict[str, tuple[LineSaid, ...]] = {}

    def with_order(self, order: Order, edition: Edition) -> "OrderVersions":
        """Add a version of an order."""
        lines = tuple(LineSaid(line.line, Terms.of(line), line.agreed) for line in order.lines if not line.cancelled)
        name = digest(msgspec.msgpack.encode(lines), size=8)
        told = OrderVersion(
            edition=edition,
            confirmed=order.state in CONFIRMED,
            agreed=any(line.agreed for line in lines),
            lines=name,
            refused=order.review is not None and not order.review.accepted,
        )
        if told in self.versions:
            return self
        kept = _kept({*self.versions, told})
        said = {**self.said, name: lines}
        needed = sorted({version.lines for version in kept})
        return OrderVersions(kept, {name: said[name] for name in needed})


def _kept(versions: set[OrderVersion]) -> tuple[OrderVersion, ...]:
    ordered = sorted(versions, key=lambda version: (version.edition, version.lines))
    first = [version for version in ordered if version.confirmed][:FIRST_CONFIRMED]
    agreed = [version for version in ordered if version.agreed][-LAST_AGREED:]
    kept = {*first, *agreed, *ordered[-LAST:]}
    return tuple(version for version in ordered if version in kept)


def _plain(value: Decimal) -> Decimal:
    return value.normalize() + 0
