"""What is left of a closed delivery: never nothing, and at most 200 bytes while nothing more is told of it.

The delivery's last snapshot stays in its topic. Here only what still has a future is kept: the follow-ups that were
agreed, and facts that came too late. A document that is told again on purpose (`quayside reopen`) makes it a delivery
anew.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from contracts.model import read
from contracts.order_fact import OrderFact
from contracts.service import Survey
from streams.delivery.follow_ups import Plan
from streams.delivery.told import ToldFact

F = TypeVar("F", bound=OrderFact)

LATE_KEPT = 5
"""Late facts that are kept with their message; beyond that they are counted."""
MESSAGE_KEPT = 2000
"""Characters of a late fact's message that are kept."""
CUSTOMER_KEPT = 48
"""Bytes of the customer's name that are kept."""


class LateFact(msgspec.Struct, frozen=True, array_like=True):
    """A fact that came when the delivery was closed: its type, its origin, when it was received, and itself as JSON."""

    type: str
    origin: str
    received_at: datetime
    message: str


class Stub(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={
        "account": "a",
        "order": "o",
        "closed_at": "c",
        "zone": "z",
        "customer": "n",
        "plan": "p",
        "done": "d",
        "late": "l",
        "more_late": "m",
        "judged_by": "j",
        "read_until": "r",
        "told": "t",
        "scores_seen": "s",
    },
):
    """A closed delivery.

    plan: when each follow-up opens; done: the follow-ups that somebody saw to. read_until: when somebody last read what
    came too late. told: the after-sales cases that name the order and what customers answered since, by `KIND/ID`;
    scores_seen: when somebody last saw to low scores.

    Stored as a map, where a delivery is an array: that tells them apart (`streams.delivery.facts`).
    """

    account: str
    order: str
    closed_at: datetime
    zone: str = "UTC"
    customer: str = ""
    plan: Plan = {}
    done: tuple[str, ...] = ()
    late: tuple[LateFact, ...] = ()
    more_late: int = 0
    judged_by: int = 0
    read_until: datetime | None = None
    told: Mapping[str, ToldFact] = {}
    scores_seen: datetime | None = None

    @property
    def open_plan(self) -> Mapping[str, datetime]:
        """The follow-ups that nobody has seen to."""
        return {kind: opens_at for kind, opens_at in self.plan.items() if kind not in self.done}

    def reports(self, model: type[F]) -> list[F]:
        """The facts of one kind that were told since, by their id."""
        prefix = f"{model.kind}/"
        return [read(model, fact.body) for name, fact in self.told.items() if name.startswith(prefix)]

    def open_surveys(self) -> list[Survey]:
        """The surveys that were told since, and to which nobody has seen."""
        seen = self.scores_seen
        return [survey for survey in self.reports(Survey) if seen is None or survey.version > seen]

    def open_facts(self) -> Mapping[str, ToldFact]:
        """The facts that were told since and still matter."""
        seen = {survey.id for survey in self.reports(Survey)} - {survey.id for survey in self.open_surveys()}
        return {name: fact for name, fact in self.told.items() if name not in {f"{Survey.kind}/{one}" for one in seen}}

    def with_late(self, fact: LateFact) -> "Stub":
        """Add a fact that came too late, once; of several that one raw message makes, the first by type is shown."""
        if self.read_until is not None and fact.received_at <= self.read_until:
            return self
        known = {one.origin: one for one in self.late}
        if len(known) >= LATE_KEPT and fact.origin not in known:
            return msgspec.structs.replace(self, more_late=self.more_late + 1)
        known[fact.origin] = min(known.get(fact.origin, fact), fact, key=lambda one: (one.type, one.message))
        late = sorted(known.values(), key=lambda one: (one.received_at, one.origin))
        return msgspec.structs.replace(self, late=tuple(late))

    def with_late_read(self, at: datetime) -> "Stub":
        """Note that somebody read all that had come too late by then."""
        until = at if self.read_until is None else max(at, self.read_until)
        left = tuple(fact for fact in self.late if fact.received_at > until)
        return msgspec.structs.replace(self, late=left, more_late=0, read_until=until)


def shortened(name: str) -> str:
    """Keep the beginning of a name, in whole characters."""
    return name.encode()[:CUSTOMER_KEPT].decode(errors="ignore")
