"""What is left of a closed delivery: never nothing, and at most 200 bytes while nothing more is told of it.

The delivery's last snapshot stays in its topic, with all that was promised. Here only what still has a future is kept:
the follow-ups that were agreed, whose settings they follow, and facts that came too late. A document that is told again
on purpose (`quayside reopen`) makes it a delivery anew; every version of its order is then told again, too
(`streams.retelling`), and so what it promised first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from contracts.model import read
from contracts.operator_action import OperatorAction
from contracts.order_fact import OrderFact
from contracts.policy import Matter
from contracts.snapshot import Kind
from streams.delivery.follow_ups import Plan
from streams.delivery.told import ToldFact
from streams.facts.feedback import Answer

F = TypeVar("F", bound=OrderFact)

LATE_KEPT = 5
"""Late facts that are kept with their message; beyond that they are counted."""
MESSAGE_KEPT = 2000
"""Characters of a late fact's message that are kept."""
STUB_LIMIT = 200
"""Bytes that a stub takes while nothing more is told of its order; the customer's name gives way to all else."""
CODES = {
    Kind.VISIT_DUE.value: "v",
    Kind.SURVEY_DUE.value: "s",
    Kind.TRAINING_DUE.value: "t",
    Kind.WARRANTY_EXPIRING.value: "w",
}
"""The follow-ups as they are stored."""
_KINDS = {code: kind for kind, code in CODES.items()}


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
        "finished": "d",
        "late": "l",
        "more_late": "m",
        "judged_by": "j",
        "read_until": "r",
        "told": "t",
        "answers": "w",
        "customer_id": "i",
        "country": "y",
        "region": "g",
        "warranty_ends": "e",
        "more_until": "u",
    },
):
    """A closed delivery.

    customer: the name, customer_id: the ERP's own number. plan: when each follow-up opens, finished: those that were
    seen to before it was closed, both by `CODES`. read_until: when somebody last read what came too late; more_until:
    when the last of those was received that are only counted (more_late). told: the after-sales cases that name the
    order, what customers answered and operators did since, by `KIND/ID`; answers: what was done to tasks since, by id.

    Stored as a map, where a delivery is an array: that tells them apart (`streams.delivery.facts`).
    """

    account: str
    order: str
    closed_at: datetime
    zone: str = "UTC"
    customer: str = ""
    plan: Plan = {}
    finished: tuple[str, ...] = ()
    late: tuple[LateFact, ...] = ()
    more_late: int = 0
    judged_by: int = 0
    read_until: datetime | None = None
    told: Mapping[str, ToldFact] = {}
    answers: dict[str, Answer] = {}
    customer_id: str = ""
    country: str = ""
    region: str = ""
    warranty_ends: datetime | None = None
    more_until: datetime | None = None

    @property
    def matter(self) -> Matter:
        """What settings depend on, of what is still known: its carriers and products are not."""
        return Matter(self.account, self.customer_id, self.country, self.region, self.zone)

    @property
    def follow_ups(self) -> Mapping[str, datetime]:
        """The follow-ups that were not seen to when it was closed, by kind of finding."""
        return {_KINDS[code]: opens_at for code, opens_at in self.plan.items()}

    @property
    def done(self) -> tuple[str, ...]:
        """The follow-ups that were seen to before it was closed."""
        return tuple(_KINDS[code] for code in self.finished)

    def actions(self) -> list[OperatorAction]:
        """What operators did since, the undone included, by id."""
        prefix = f"{OperatorAction.kind}/"
        return [read(OperatorAction, fact.body) for name, fact in self.told.items() if name.startswith(prefix)]

    def reports(self, model: type[F]) -> list[F]:
        """The facts of one kind that were told since, by their id."""
        prefix = f"{model.kind}/"
        return [read(model, fact.body) for name, fact in self.told.items() if name.startswith(prefix)]

    def with_late(self, fact: LateFact) -> "Stub":
        """Add a fact that came too late, once; of several that one raw message makes, the first by type is shown."""
        if self.read_until is not None and fact.received_at <= self.read_until:
            return self
        known = {one.origin: one for one in self.late}
        if len(known) >= LATE_KEPT and fact.origin not in known:
            until = max(fact.received_at, self.more_until or fact.received_at)
            return msgspec.structs.replace(self, more_late=self.more_late + 1, more_until=until)
        known[fact.origin] = min(known.get(fact.origin, fact), fact, key=lambda one: (one.type, one.message))
        late = sorted(known.values(), key=lambda one: (one.received_at, one.origin))
        return msgspec.structs.replace(self, late=tuple(late))

    def with_late_read(self, at: datetime) -> "Stub":
        """Note that somebody read all that had come too late by then."""
        until = at if self.read_until is None else max(at, self.read_until)
        left = tuple(fact for fact in self.late if fact.received_at > until)
        return msgspec.structs.replace(self, late=left, more_late=0, more_until=None, read_until=until)


def within_limit(stub: Stub) -> Stub:
    """Keep of the customer's name what fits, in whole characters."""
    surplus = len(msgspec.msgpack.encode(stub)) + 1 - STUB_LIMIT  # a byte for the format's number
    if surplus <= 0:
        return stub
    name = stub.customer.encode()
    return msgspec.structs.replace(stub, customer=name[: max(0, len(name) - surplus)].decode(errors="ignore"))
