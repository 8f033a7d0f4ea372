"""What is kept of a tracking number, for how long, and how it is stored."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from contracts.clock import BEFORE_TIME, Clock
from contracts.model import read
from contracts.operator_action import OperatorAction
from contracts.policy import Policy
from streams.delivery.told import ToldFact
from streams.engine.stage import StateFormat
from streams.facts.conditions import Conditions
from streams.facts.feedback import Answer
from streams.facts.history import History
from streams.facts.of_parcel import NO_CONDITIONS, FactsOfParcel
from streams.facts.proofs import Proofs
from streams.stages.links_by_hand import uses_with_links
from streams.stages.uses import Use

USES_KEPT = timedelta(days=400)


class Parcel(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a number. histories by source, uses by (account, order, document), feedback by its id.

    told: operators' actions, by `KIND/ID`. proofs: by source and id.
    """

    number: str
    histories: dict[str, History]
    uses: dict[str, Use]
    answers: dict[str, Answer]
    told_alone: tuple[str, ...] = ()
    told: Mapping[str, ToldFact] = {}
    conditions: Conditions = NO_CONDITIONS
    proofs: Proofs = {}

    def actions(self) -> list[OperatorAction]:
        """What operators did, the undone included, by id."""
        return [read(OperatorAction, fact.body) for fact in self.told.values()]

    def every_use(self) -> Mapping[str, Use]:
        """The uses as documents and operators say, by name."""
        return uses_with_links(self.uses, self.actions())

    @property
    def facts(self) -> FactsOfParcel:
        """All that was told of it."""
        return FactsOfParcel(self.histories, self.conditions, self.proofs)


def aged(state: Parcel, clock: Clock, policy: Policy) -> Parcel:
    """Drop the facts some time after the last of them."""
    facts_until = facts_kept_until(state, policy)
    if facts_until is not None and clock.now >= facts_until:
        return msgspec.structs.replace(state, histories={}, answers={}, conditions=NO_CONDITIONS, proofs={})
    return state


def is_forgotten(state: Parcel, clock: Clock) -> bool:
    """Whether nothing is left to know: no facts, and no use whose document was heard of for long."""
    return state.facts.is_nothing and clock.now >= uses_kept_until(state)


def facts_kept_until(state: Parcel, policy: Policy) -> datetime | None:
    """Until when the facts are kept; None without any."""
    last = state.facts.last_received()
    return last + policy.orphan_tracking.keep if last is not None else None


def uses_kept_until(state: Parcel) -> datetime:
    """Until when it is known whose the number was."""
    versions = [*(use.version for use in state.uses.values()), *(fact.version for fact in state.told.values())]
    return max(versions) + USES_KEPT if versions else BEFORE_TIME


FORMAT: StateFormat[Parcel] = StateFormat(
    number=2,
    encode=msgspec.msgpack.Encoder().encode,
    decode=msgspec.msgpack.Decoder(Parcel).decode,
    upcasters={1: bytes},  # format 2 has one field more in each use, and one in the parcel, at the end
)
