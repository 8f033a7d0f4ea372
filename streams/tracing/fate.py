"""The fate of one canonical event at the stage that took it, from that stage's state of its key. Pure."""

from collections.abc import Iterable

from contracts.condition import ConditionReading
from contracts.documents import Document
from contracts.envelope import Event, Origin
from contracts.events import TYPE_OF, decode
from contracts.exchange import DocumentSlice, LinesDropped, ParcelClaim, ParcelFacts, ParcelLink
from contracts.identity import digest
from contracts.lane import LaneEstimate
from contracts.order_fact import OrderFact
from contracts.proof import ProofOfDelivery
from contracts.service import ServiceCase
from contracts.tracking import Tracking
from streams.delivery import facts as delivery_facts
from streams.delivery.drops import stamp_of
from streams.delivery.facts import Delivery
from streams.delivery.stub import Stub
from streams.engine.keyrecord import KeyRecord
from streams.stages import known_case, known_document, known_parcel
from streams.stages.known_case import KnownCase
from streams.stages.known_document import Known
from streams.stages.known_parcel import Parcel
from streams.stages.uses import Use
from streams.tracing import facts_of_parcels
from streams.tracing.outcome import Fate, Outcome

_ANSWERS = frozenset(TYPE_OF[model] for model in (ParcelFacts, ParcelClaim, LaneEstimate))
"""What other stages tell a delivery because of an input, out of all that they know."""


def together(fates: Iterable[tuple[str, Fate]]) -> Fate:
    """Give the one fate of an input whose events, each with its type, had these: the gravest that any of them had.

    That an answer to it was applied does not say that the input itself counts: only where nothing else came of it.
    """
    order = list(Outcome)
    all_told = list(fates)
    its_own = [fate for name, fate in all_told if name not in _ANSWERS or fate.outcome is not Outcome.APPLIED]
    return min(
        its_own or [fate for _, fate in all_told],
        key=lambda fate: order.index(fate.outcome),
        default=Fate(Outcome.APPLIED, "it says nothing"),
    )


def fate_at(stage: str, event: Event, record: KeyRecord | None, *, is_read: bool) -> Fate:
    """Say what a stage made of an event. record: what it keeps of the key; is_read: whether it read so far."""
    if record is None and is_read:
        return Fate(Outcome.APPLIED, "nothing is kept of what it is about")
    if record is None or record.through < event.place.offset:
        return Fate(Outcome.WAITING, f"{stage} has not read it yet")
    if record.rest is not None and _rests(record, event.place):
        return Fate(Outcome.WAITING, f"its key rests: {record.rest.error}")
    return Fate(Outcome.APPLIED) if record.state is None else _in_state(stage, event, record.state)


def _in_state(stage: str, event: Event, state: bytes) -> Fate:
    match stage:
        case "documents":
            return _at_documents(event, known_document.FORMAT.read(state))
        case "resolve":
            return _at_resolve(event, known_parcel.FORMAT.read(state))
        case "cases":
            return _at_cases(event, known_case.FORMAT.read(state))
        case _:
            delivery = delivery_facts.FORMAT.read(state)
            return _at_closed(event, delivery) if isinstance(delivery, Stub) else _at_deliver(event, delivery)


def _rests(record: KeyRecord, place: Origin) -> bool:
    return record.rest is not None and any(
        (waiting.topic, waiting.partition, waiting.offset) == tuple(place) for waiting in record.rest.waiting
    )


def _by_version(told: tuple[object, ...], newest: tuple[object, ...]) -> Fate:
    if told == newest:
        return Fate(Outcome.APPLIED)
    return Fate(Outcome.SUPERSEDED, f"a newer version counts, of {newest[0]}")


def _at_documents(event: Event, known: Known) -> Fate:
    document = decode(event)
    if not isinstance(document, Document):
        return Fate(Outcome.APPLIED)
    return _by_version((document.version, digest(document.encode(), size=8)), known.newest)


def _at_resolve(event: Event, parcel: Parcel) -> Fate:
    match decode(event):
        case Tracking() | ConditionReading() | ProofOfDelivery() as report:
            return facts_of_parcels.at_resolve(event, report, parcel)
        case ParcelLink() as link:
            told = Use.of(link, event.envelope.stamp)
            return _by_version(told.order_of_telling, parcel.uses.get(told.name, told).order_of_telling)
        case _:
            return Fate(Outcome.APPLIED)


def _at_cases(event: Event, known: KnownCase) -> Fate:
    told = decode(event)
    if not isinstance(told, ServiceCase) or known.newest is None:
        return Fate(Outcome.APPLIED)
    return _by_version((told.version, digest(told.encode(), size=8)), known.newest)


def _at_closed(event: Event, stub: Stub) -> Fate:
    closed_at = stub.closed_at.isoformat()
    if any(fact.origin == str(event.envelope.origin) for fact in stub.late):
        return Fate(Outcome.APPLIED, f"it came too late: the delivery was closed at {closed_at}")
    return Fate(Outcome.APPLIED, f"the delivery is closed since {closed_at}")


def _at_deliver(event: Event, delivery: Delivery) -> Fate:
    match decode(event):
        case DocumentSlice() as told:
            known = delivery.slices.get(f"{told.kind}/{told.document}")
            newest = (known.version, known.edition) if known else (told.version, told.edition)
            return _by_version((told.version, told.edition), newest)
        case LinesDropped() as dropped:
            drops = delivery.drops.get(f"{dropped.kind}/{dropped.document}")
            if drops is None or drops.stamp == stamp_of(event):
                return Fate(Outcome.APPLIED)
            return Fate(Outcome.SUPERSEDED, "its document has since been read differently")
        case ProofOfDelivery() as proof:
            return facts_of_parcels.of_proof(event, proof, delivery.proofs)
        case OrderFact() as fact:
            newest_told = delivery.told.get(f"{fact.kind}/{fact.id}")
            said = (fact.version, fact.edition(event.data))
            return _by_version(said, newest_told.order_of_telling if newest_told else said)
        case _:
            return Fate(Outcome.APPLIED)
