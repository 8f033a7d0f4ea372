"""What is told of a tracking number that no use of it claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from contracts.operator_action import OperatorAction
from contracts.policy import Policy
from streams.delivery.parcel import Life, Span, life
from streams.delivery.proving import Proof, first, proofs_of
from streams.facts.conditions import instant
from streams.facts.feedback import Answer
from streams.facts.history import History
from streams.facts.of_parcel import FactsOfParcel
from streams.facts.reading import first_received
from streams.stages.uses import Use, linked


@dataclass(frozen=True, slots=True)
class Reported:
    """What is known of a number. uses: also by operators' word; actions: theirs, the undone included.

    told: the accounts under which a snapshot of it was written that still wants something.
    """

    number: str
    facts: FactsOfParcel
    uses: Mapping[str, Use]
    answers: Mapping[str, Answer]
    actions: Sequence[OperatorAction]
    told: tuple[str, ...]


class Told(NamedTuple):
    """Who told something of it, and when first."""

    source: str
    account: str
    first_received: datetime


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What is told of a number that no use of it claims."""

    told: tuple[Told, ...]
    histories: tuple[History, ...]
    proofs: tuple[Proof, ...]

    def life(self, number: str) -> Life:
        """Fold it."""
        return life(number, "", self.histories, Span(), first(self.proofs))


def unclaimed_of(known: Reported, policy: Policy) -> Unclaimed:
    """Give what no use claims. Readings tell no carrier: any use may be theirs."""
    held = linked(known.uses.values())

    def is_unclaimed(carrier: str) -> bool:
        return not any(policy.same_carrier(use.carrier, carrier) for use in held)

    histories = [one for one in known.facts.histories.values() if one.scans and is_unclaimed(one.carrier)]
    proofs = [one for one in proofs_of(known.facts.proofs) if is_unclaimed(one.told.carrier)]
    told = [Told(one.source, one.account, first_received(one)) for one in histories]
    told += [Told(one.told.source, one.told.account, one.received_at) for one in proofs]
    if not held:
        told += [
            Told(source, series.account, instant(min(bucket.received_at for bucket in series.buckets)))
            for (_, source, _, _), series in known.facts.conditions.series.items()
        ]
    return Unclaimed(tuple(told), tuple(histories), tuple(proofs))
