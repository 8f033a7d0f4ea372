"""What a source told of a parcel's arrival, one telling after another: facts that its newest report does not hold.

Tellings are only ever added. Beyond what is kept the middle ones are dropped, by the order of the reports that tell
them, so that what is left is a function of what was told. Of one telling received twice the earlier receipt counts.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from contracts.clock import BEFORE_TIME

FIRST, LAST = 4, 12
"""How many tellings of a source are kept."""

Rank = tuple[str, datetime, int]


class EtaFact(msgspec.Struct, frozen=True, array_like=True):
    """One telling: the rank of the report, when it says that the parcel arrives, and its earliest receipt."""

    rank: Rank
    eta: datetime
    received_at: datetime

    @property
    def placed_at(self) -> datetime:
        """When it was told: with the report's latest scan, or at its receipt where it has none."""
        return self.received_at if self.rank[1] == BEFORE_TIME else self.rank[1]


def join_etas(one: Iterable[EtaFact], other: Iterable[EtaFact]) -> tuple[EtaFact, ...]:
    """Join what was told."""
    found: dict[tuple[Rank, datetime], EtaFact] = {}
    for fact in (*one, *other):
        name = (fact.rank, fact.eta)
        known = found.get(name)
        if known is None or fact.received_at < known.received_at:
            found[name] = fact
    ordered = [found[name] for name in sorted(found)]
    return tuple(ordered if len(ordered) <= FIRST + LAST else ordered[:FIRST] + ordered[-LAST:])


def as_told(etas: Iterable[EtaFact]) -> list[EtaFact]:
    """Order tellings by their reports; those of one rank by their receipt."""
    return sorted(etas, key=lambda fact: (fact.rank, fact.received_at, fact.eta))
