"""All that was told of one tracking number: what each source scanned, what loggers measured, what was signed."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from contracts.exchange import ParcelFacts
from streams.facts import condition_exchange, conditions, exchange, proofs, reading
from streams.facts.conditions import Conditions
from streams.facts.history import History
from streams.facts.proofs import Proofs

NO_CONDITIONS = Conditions()


class FactsOfParcel(NamedTuple):
    """What is known of a number. histories by source, proofs by source and id."""

    histories: Mapping[str, History]
    conditions: Conditions
    proofs: Proofs

    def new_since(self, before: "FactsOfParcel") -> "FactsOfParcel":
        """Give what is new; joined to `before`, it is all of this again."""
        return FactsOfParcel(
            {name: told for name, told in self.histories.items() if before.histories.get(name) != told},
            conditions.new_in(self.conditions, before.conditions),
            {name: told for name, told in self.proofs.items() if before.proofs.get(name) != told},
        )

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is told."""
        return not self.histories and not self.proofs and self.conditions == NO_CONDITIONS

    @property
    def waiting(self) -> int:
        """How many facts would wait where nobody claims the number; merged readings are bounded by themselves."""
        return sum(len(history.scans) for history in self.histories.values()) + len(self.proofs)

    def told_to(self, account: str, order: str, number: str) -> ParcelFacts:
        """Write it for an order that uses the number."""
        return ParcelFacts(
            account=account,
            order=order,
            number=number,
            histories=tuple(exchange.to_contract(history) for history in self.histories.values()),
            resolution=self.conditions.resolution,
            series=condition_exchange.to_contract(self.conditions),
            proofs=proofs.to_contract(self.proofs),
        )

    def last_received(self) -> datetime | None:
        """The latest first receipt of anything that was told."""
        instants = [reading.last_received(history) for history in self.histories.values()]
        instants += [fact.received_at for fact in self.proofs.values()]
        measured = conditions.last_received(self.conditions)
        return max([*instants, measured] if measured else instants, default=None)
