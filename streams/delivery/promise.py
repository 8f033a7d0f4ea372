"""What was promised for each line: what counts, what was promised first, and what the ERP says now.

The promise is frozen when the order is confirmed. A change to which the customer agreed moves it, as the ERP says or an
operator; any other does not. An order that goes back to a draft is promised anew when it is confirmed again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge

import msgspec

from contracts.moment import Window
from contracts.operator_action import Act, OperatorAction
from streams.delivery.order_versions import LineSaid, OrderVersion, OrderVersions, PromisedWindow, Terms


@dataclass(frozen=True, slots=True)
class Change:
    """A version at which a line's terms moved away from those before it."""

    at: datetime
    before: Terms
    after: Terms
    agreed: bool


@dataclass(slots=True)
class Promise:
    """One line's. differs_since: since which version the ERP says something else than what was agreed.

    known_to_differ: what the ERP said when an operator told that the customer agreed to another day: that it goes on
    saying so is no change.
    """

    first: Terms
    counts: Terms
    now: Terms
    differs_since: datetime | None = None
    changes: list[Change] = field(default_factory=list)
    is_frozen: bool = True
    known_to_differ: Terms | None = None

    def say(self, said: LineSaid, at: datetime) -> None:
        """Take in what the next confirmed version says."""
        if said.terms != self.now:
            self.changes.append(Change(at, self.now, said.terms, said.agreed))
        self.now = said.terms
        if said.agreed or not self.is_frozen:
            self.counts, self.is_frozen, self.known_to_differ = said.terms, True, None
        if said.terms in {self.counts, self.known_to_differ}:
            self.differs_since = None
        elif self.differs_since is None:
            self.differs_since = at

    def agree(self, day: date, zone_name: str, at: datetime) -> None:
        """Take in that the customer agreed to another day; how much was promised stays."""
        zones = [part.promised.zone for part in self.counts.schedule]
        zones += [self.counts.promised.zone] if self.counts.promised else []
        promised = PromisedWindow.of(Window.of_days(None, day, zones[0] if zones else zone_name))
        agreed = msgspec.structs.replace(self.counts, promised=promised, schedule=())
        self.changes.append(Change(at, self.counts, agreed, agreed=True))
        self.counts = agreed
        if (self.now.quantity, self.now.unit) == (agreed.quantity, agreed.unit):
            self.known_to_differ, self.differs_since = self.now, None


def promises(
    versions: OrderVersions, actions: Iterable[OperatorAction] = (), zone_name: str = "UTC"
) -> Mapping[str, Promise]:
    """Follow the versions of an order, and what operators say; give the promise of each line that was ever confirmed.

    actions: those in force, oldest first. zone_name: the zone in which a line is promised that had no day before.
    """
    found: dict[str, Promise] = {}
    agreed = ((action.at, action) for action in actions if action.act is Act.AGREE)
    told: Iterable[tuple[datetime, OrderVersion | OperatorAction]] = merge(
        ((version.edition[0], version) for version in versions.versions), agreed, key=lambda one: one[0]
    )
    for at, one in told:
        if isinstance(one, OperatorAction):
            for line in one.lines:
                if line in found and one.promised is not None:
                    found[line].agree(one.promised, zone_name, at)
        elif one.confirmed:
            _confirm(found, versions.said[one.lines], at)
        else:
            for promise in found.values():
                promise.is_frozen = False
    return found


def _confirm(found: dict[str, Promise], lines: Iterable[LineSaid], at: datetime) -> None:
    for said in lines:
        known = found.get(said.line)
        if known is None:
            found[said.line] = Promise(said.terms, said.terms, said.terms)
        else:
            known.say(said, at)


def refused_since(versions: OrderVersions) -> datetime | None:
    """Since which version, without a break, the order's review refuses it."""
    since: datetime | None = None
    for version in versions.versions:
        if not version.refused:
            since = None
        elif since is None:
            since = version.edition[0]
    return since
