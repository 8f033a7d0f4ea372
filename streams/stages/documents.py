"""Documents: of each ERP document the newest version counts, and everybody it touched is told.

Keyed by account, kind and document. Each order gets its slice of the newest version. An order or parcel that is no
longer named gets an empty slice, or is unlinked, by that version, and is told since when; one that only an older
version names, which came too late, is told the same: so arrival order leaves no trace.

The state is small: the version, per order and parcel a hash of what it was told (empty where it was told that it is no
longer named), and which version named what last (`naming`). Equal content is not told again; emptiness is, since its
version is its only content. Of an order each version is told, superseded ones too: what was promised when it was
confirmed, and what changed since, no newer version says.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec

from contracts.clock import Clock
from contracts.documents import Document, Order
from contracts.envelope import Event
from contracts.errors import Rejected
from contracts.events import decode
from contracts.exchange import DocumentSlice, LinesDropped, ParcelLink
from contracts.identity import digest, order_key, parcel_key
from contracts.policy import Policy
from contracts.topics import DELIVERIES, DOCUMENTS, TRACKING
from streams.engine.stage import Outcome, Output, Stage, Wake
from streams.stages.known_document import FORMAT, GONE, LINE, PARCEL, Known
from streams.stages.output import event_output
from streams.stages.resting import rests_as_a_stage
from streams.stages.slicing import (
    ParcelName,
    drops_of,
    empty_slice,
    hash_of,
    lines_of,
    links_of,
    slices_of,
    unlinked,
)

KEPT = timedelta(days=400)
"""How long after its newest version a document is remembered."""


def step(state: Known | None, event: Event | None, clock: Clock, _policy: Policy) -> Outcome[Known]:
    """Take in one version of a document."""
    if event is None:
        if state is None or clock.now >= state.newest[0] + KEPT:
            return Outcome(None)
        return Outcome(state, (), _forgets(state))
    document = decode(event)
    if not isinstance(document, Document):
        raise Rejected(f"not a document: {event.type}", code="not_a_document")
    edition = (document.version, digest(document.encode(), size=8))
    slices, links = slices_of(document, edition), links_of(document, edition)
    before = state or Known(edition)
    naming = before.naming.with_edition(
        edition, [*((LINE, *name) for name in lines_of(document)), *((PARCEL, *name) for name in links)]
    )
    known = msgspec.structs.replace(before, newest=max(before.newest, edition), naming=naming)
    if state is None or edition > state.newest:
        known, outputs = _newest(known, document, slices, links)
    else:
        known, outputs = _superseded(before, known, document, slices.keys(), links.keys())
        if isinstance(document, Order) and edition != state.newest:
            outputs += [_to_order(told) for told in slices.values()]
    return Outcome(known, (*outputs, *_drops_told(before, known, document)), _forgets(known))


def _newest(
    known: Known,
    document: Document,
    slices: Mapping[str, DocumentSlice],
    links: Mapping[ParcelName, ParcelLink],
) -> tuple[Known, list[Output]]:
    """Tell those whom the newest version names what is new to them, and all others that it does not name them."""
    said = {order: hash_of(told) for order, told in slices.items()}
    linked = {name: hash_of(link) for name, link in links.items()}
    afresh = document.afresh
    is_order = isinstance(document, Order)
    outputs = [
        _to_order(slices[order])
        for order, told in said.items()
        if is_order or afresh or known.orders.get(order) != told
    ]
    outputs += [_to_parcel(links[name]) for name, told in linked.items() if afresh or known.parcels.get(name) != told]
    gone_orders, gone_parcels = known.orders.keys() - slices.keys(), known.parcels.keys() - links.keys()
    outputs += _gone_told(known, document, gone_orders, gone_parcels)
    return _with_told(known, said, linked, gone_orders, gone_parcels), outputs


def _superseded(
    before: Known, known: Known, document: Document, orders: Iterable[str], parcels: Iterable[ParcelName]
) -> tuple[Known, list[Output]]:
    """Tell those whom only an older version names that the newest does not, or that it is so since another time."""
    gone_orders, gone_parcels = set(orders) - known.orders.keys(), set(parcels) - known.parcels.keys()
    then, now = before.since(PARCEL), known.since(PARCEL)
    moved = {name for name, told in known.parcels.items() if told == GONE and then.get(name) != now.get(name)}
    outputs = _gone_told(known, document, gone_orders, gone_parcels | moved)
    return _with_told(known, {}, {}, gone_orders, gone_parcels), outputs


def _with_told(
    known: Known,
    orders: Mapping[str, str],
    parcels: Mapping[ParcelName, str],
    gone_orders: Iterable[str],
    gone_parcels: Iterable[ParcelName],
) -> Known:
    return msgspec.structs.replace(
        known,
        orders={**known.orders, **orders, **dict.fromkeys(gone_orders, GONE)},
        parcels={**known.parcels, **parcels, **dict.fromkeys(gone_parcels, GONE)},
    )


def _gone_told(known: Known, document: Document, orders: Iterable[str], parcels: Iterable[ParcelName]) -> list[Output]:
    since = known.since(PARCEL)
    return [
        *(_to_order(empty_slice(document, order, known.newest)) for order in sorted(orders)),
        *(
            _to_parcel(unlinked(document, name, known.newest, since.get(name, known.newest[0])))
            for name in sorted(parcels)
        ),
    ]


def _drops_told(before: Known, known: Known, document: Document) -> list[Output]:
    """Tell each order for which it has changed which of its lines the document serves no longer, and since when.

    A document that is read afresh tells all of it: whoever asked for that has forgotten it.
    """
    then, now = drops_of(document, before.since(LINE)), drops_of(document, known.since(LINE))
    none = LinesDropped(account=document.account, order="", kind=document.kind, document=document.document)
    changed = [
        order for order in sorted(then.keys() | now.keys()) if document.afresh or then.get(order) != now.get(order)
    ]
    told = [now.get(order) or none.model_copy(update={"order": order}) for order in changed]
    return [event_output(DELIVERIES, order_key(drops.account, drops.order), drops) for drops in told]


def _forgets(state: Known) -> tuple[Wake, ...]:
    return (Wake(state.newest[0] + KEPT),)


def _to_order(told: DocumentSlice) -> Output:
    return event_output(DELIVERIES, order_key(told.account, told.order), told)


def _to_parcel(link: ParcelLink) -> Output:
    return event_output(TRACKING, parcel_key(link.number), link)


STAGE: Stage[Known, Policy] = Stage(
    name="documents", source=DOCUMENTS, step=step, state=FORMAT, quarantined=rests_as_a_stage("documents")
)
