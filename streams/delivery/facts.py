"""A delivery's facts, as they are stored: the newest slice of each document, parcels, people's answers.

Adding a fact is idempotent, and the same facts give the same state in any order.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from contracts.condition import ConditionReading
from contracts.documents import GoodsIssue, Order
from contracts.envelope import Envelope, Event
from contracts.errors import Rejected
from contracts.events import decode
from contracts.exchange import DocumentSlice, LinesDropped, ParcelClaim, ParcelFacts
from contracts.feedback import TaskFeedback
from contracts.identity import parts
from contracts.model import Contract, read
from contracts.operator_action import OperatorAction
from contracts.order_fact import OrderFact
from contracts.proof import ProofOfDelivery
from streams.delivery.drops import Dropped, DropsFact, Stamped, stamp_of, with_drops
from streams.delivery.on_lane import OnLane
from streams.delivery.order_versions import OrderVersions
from streams.delivery.parcel import Span
from streams.delivery.stub import Stub
from streams.delivery.thinning import SCANS_KEPT, bound, thin
from streams.delivery.told import ToldFact, with_told
from streams.engine.stage import StateFormat
from streams.facts import condition_exchange, conditions, proofs
from streams.facts.conditions import Conditions
from streams.facts.exchange import from_contract
from streams.facts.feedback import Answer, add_answer
from streams.facts.history import History, join
from streams.facts.of_parcel import NO_CONDITIONS
from streams.facts.proofs import Proofs

D = TypeVar("D", bound=Contract)
F = TypeVar("F", bound=OrderFact)
Report = OrderFact | OperatorAction | ConditionReading | ProofOfDelivery


class SliceFact(msgspec.Struct, frozen=True, array_like=True):
    """The newest slice of one document. body: the document as JSON, empty where it no longer names the order."""

    version: datetime
    edition: str
    body: bytes

    @property
    def is_empty(self) -> bool:
        """Whether the document no longer names the order."""
        return not self.body


class ClaimFact(msgspec.Struct, frozen=True, array_like=True):
    """The newest claim of a number, by the stamp of the stage that wrote it."""

    stamp: Stamped
    linked: bool
    carrier: str
    document: str
    since: datetime | None
    until: datetime | None

    @property
    def span(self) -> Span:
        """The span of the number's life that is this order's."""
        return Span(self.since, self.until)


class ParcelFact(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one number: what each source told, the claim, how many scans were left out, what was signed."""

    histories: dict[str, History] = {}
    claim: ClaimFact | None = None
    thinned: dict[str, int] = {}
    proofs: Proofs = {}


class Delivery(msgspec.Struct, frozen=True, array_like=True):
    """All facts of one order's delivery. slices and drops by `KIND/DOCUMENT`, parcels by number, answers by their id.

    judged_by: the revision of the policy by which the last snapshot was judged. told: other facts, by `KIND/ID`.
    done: the follow-ups that were seen to before the delivery was closed and opened again.
    versions: what each version of the order promised. proofs: those of delivery that name the order.
    conditions: all readings, of parcels and of the order itself, so that together they stay bounded.
    lanes: what was asked and told of the lane of each parcel, by its number.
    """

    account: str
    order: str
    slices: dict[str, SliceFact] = {}
    parcels: dict[str, ParcelFact] = {}
    answers: dict[str, Answer] = {}
    judged_by: int = 0
    drops: dict[str, DropsFact] = {}
    told: Mapping[str, ToldFact] = {}
    done: tuple[str, ...] = ()
    versions: OrderVersions = OrderVersions()
    proofs: Proofs = {}
    conditions: Conditions = NO_CONDITIONS
    lanes: dict[str, OnLane] = {}

    def order_document(self) -> Order | None:
        """The order itself, where it is known and not withdrawn."""
        orders = self.documents("order", Order)
        return orders[0] if orders else None

    def goods_issues(self) -> list[GoodsIssue]:
        """The goods issues that name the order, its lines alone, by document."""
        return self.documents("goods_issue", GoodsIssue)

    def documents(self, kind: str, model: type[D]) -> list[D]:
        """The documents of one kind that name the order, by document."""
        prefix = f"{kind}/"
        return [
            read(model, fact.body)
            for name, fact in self.slices.items()
            if name.startswith(prefix) and not fact.is_empty
        ]

    def reports(self, model: type[F]) -> list[F]:
        """The facts of one kind that were told whole, by their id."""
        prefix = f"{model.kind}/"
        return [read(model, fact.body) for name, fact in self.told.items() if name.startswith(prefix)]

    def actions(self) -> list[OperatorAction]:
        """What operators did, the undone included, by id."""
        prefix = f"{OperatorAction.kind}/"
        return [read(OperatorAction, fact.body) for name, fact in self.told.items() if name.startswith(prefix)]

    def dropped(self, kind: str) -> dict[str, tuple[Dropped, ...]]:
        """The lines that documents of one kind no longer serve, by document."""
        prefix = f"{kind}/"
        return {name.removeprefix(prefix): fact.lines for name, fact in self.drops.items() if name.startswith(prefix)}


def add(state: Delivery | None, event: Event) -> Delivery:
    """Add what `event` says; raises Rejected where it says nothing that a delivery knows."""
    known = state or fresh(event.key)
    match decode(event):
        case DocumentSlice() as told:
            return _with_slice(known, told)
        case LinesDropped() as dropped:
            return msgspec.structs.replace(known, drops=with_drops(known.drops, dropped, stamp_of(event)))
        case ParcelFacts() as facts:
            return _with_facts(known, facts)
        case ParcelClaim() as claim:
            return _with_claim(known, claim, stamp_of(event))
        case TaskFeedback() as feedback:
            return msgspec.structs.replace(known, answers=add_answer(known.answers, feedback))
        case OrderFact() | OperatorAction() | ConditionReading() | ProofOfDelivery() as report:
            return _with_report(known, report, event.envelope)
        case other:
            raise Rejected(f"{type(other).__name__} is nothing that a delivery knows", code="unroutable")


def fresh(key: bytes) -> Delivery:
    """Begin the delivery of this key; raises Rejected where it is no order's."""
    named = parts(key)
    if len(named) != 2:  # noqa: PLR2004  (account, order)
        raise Rejected(f"not the key of an order: {key!r}", code="bad_key")
    return Delivery(account=named[0], order=named[1])


def _with_report(known: Delivery, report: Report, told: Envelope) -> Delivery:
    """Add what names the order itself."""
    match report:
        case ConditionReading():
            measured = conditions.of_report(report, told.received_at)
            return msgspec.structs.replace(known, conditions=conditions.join(known.conditions, measured))
        case ProofOfDelivery():
            proved = proofs.of_report(report, told.received_at)
            return msgspec.structs.replace(known, proofs=proofs.join(known.proofs, proved))
        case OrderFact() | OperatorAction():
            facts = with_told(known.told, report, told.received_at, str(told.origin))
            return msgspec.structs.replace(known, told=facts)


def _with_slice(known: Delivery, told: DocumentSlice) -> Delivery:
    body = told.content.encode() if told.content else b""
    fact = SliceFact(told.version, told.edition, body)
    if told.order_document is not None:
        versions = known.versions.with_order(told.order_document, (told.version, told.edition))
        known = msgspec.structs.replace(known, versions=versions)
    name = f"{told.kind}/{told.document}"
    newest = known.slices.get(name)
    if newest is not None and (newest.version, newest.edition) >= (fact.version, fact.edition):
        return known
    return msgspec.structs.replace(known, slices=_with(known.slices, name, fact))


def _with_facts(known: Delivery, facts: ParcelFacts) -> Delivery:
    parcel = known.parcels.get(facts.number, ParcelFact())
    histories, thinned = dict(parcel.histories), dict(parcel.thinned)
    for told in facts.histories:
        histories[told.source] = join(histories.get(told.source), from_contract(told))
        thinned.pop(told.source, None)
    changed = msgspec.structs.replace(
        parcel,
        histories=dict(sorted(histories.items())),
        thinned=thinned,
        proofs=proofs.join(parcel.proofs, proofs.from_contract(facts.proofs)),
    )
    measured = condition_exchange.from_contract(facts.number, facts.resolution, facts.series)
    return _thinned(
        msgspec.structs.replace(
            known,
            parcels=_with(known.parcels, facts.number, changed),
            conditions=conditions.join(known.conditions, measured),
        )
    )


def _thinned(known: Delivery) -> Delivery:
    """Leave out scans that changed nothing where there are too many, and count them by source."""
    every = [history for parcel in known.parcels.values() for history in parcel.histories.values()]
    if sum(len(history.scans) for history in every) <= SCANS_KEPT:
        return known
    keep = bound(len(every))
    return msgspec.structs.replace(
        known, parcels={number: _thinned_parcel(parcel, keep) for number, parcel in known.parcels.items()}
    )


def _thinned_parcel(parcel: ParcelFact, keep: int) -> ParcelFact:
    histories = {source: thin(history, keep) for source, history in parcel.histories.items()}
    gone = {
        source: parcel.thinned.get(source, 0) + len(history.scans) - len(histories[source].scans)
        for source, history in parcel.histories.items()
    }
    return msgspec.structs.replace(
        parcel, histories=histories, thinned={source: number for source, number in gone.items() if number}
    )


def _with_claim(known: Delivery, claim: ParcelClaim, stamp: Stamped) -> Delivery:
    parcel = known.parcels.get(claim.number, ParcelFact())
    if parcel.claim is not None and parcel.claim.stamp >= stamp:
        return known
    fact = ClaimFact(stamp, claim.linked, claim.carrier, claim.document, claim.since, claim.until)
    changed = msgspec.structs.replace(parcel, claim=fact)
    return msgspec.structs.replace(known, parcels=_with(known.parcels, claim.number, changed))


V = TypeVar("V")


def _with(mapping: dict[str, V], name: str, value: V) -> dict[str, V]:
    return dict(sorted((mapping | {name: value}).items()))


def _since_format_3(stored: bytes) -> bytes:
    """Take the order that was kept as the only version of it that was ever told."""
    old = msgspec.msgpack.decode(stored, type=Delivery)
    order = old.order_document()
    if order is None:
        return stored
    edition = (order.version, old.slices[f"order/{order.document}"].edition)
    return msgspec.msgpack.encode(msgspec.structs.replace(old, versions=OrderVersions().with_order(order, edition)))


_DELIVERY = msgspec.msgpack.Decoder(Delivery)
_STUB = msgspec.msgpack.Decoder(Stub)
_MAPS = frozenset((*range(0x80, 0x90), 0xDE))
"""The first bytes of a MessagePack map (fixmap, map 16): a stub is one, a delivery is an array."""


def _read(stored: bytes) -> Delivery | Stub:
    return _STUB.decode(stored) if stored[0] in _MAPS else _DELIVERY.decode(stored)


FORMAT: StateFormat[Delivery | Stub] = StateFormat(
    number=3,
    encode=msgspec.msgpack.Encoder().encode,
    decode=_read,
    upcasters={1: bytes, 2: _since_format_3},  # format 2 has one field more, at the end
)
