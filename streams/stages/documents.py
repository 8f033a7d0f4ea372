"""Documents: of each ERP document the newest version counts, and everybody it touched is told.

Keyed by account, kind and document. Each order gets its slice of the newest version. An order or parcel that is no
longer named gets an empty slice, or is unlinked, by that version; one that only an older version names, which came
too late, is told the same: so arrival order leaves no trace.

The state is small: the version, and per order and parcel a hash of what it was told (empty where it was told that it
is no longer named). Equal content is not told again; emptiness is, since its version is its only content.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from contracts.clock import Clock
from contracts.documents import Document, GoodsIssue, Order
from contracts.envelope import Event
from contracts.errors import Rejected
from contracts.events import decode
from contracts.exchange import DocumentSlice, ParcelLink
from contracts.identity import digest, order_key, parcel_key, tracking_number
from contracts.policy import Policy
from contracts.topics import DELIVERIES, DOCUMENTS, TRACKING
from streams.engine.stage import Outcome, Output, Stage, StateFormat, Wake
from streams.stages.output import event_output
from streams.stages.resting import rests_as_a_stage

GONE = ""
KEPT = timedelta(days=400)
"""How long after its newest version a document is remembered."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a document. orders: order to hash; parcels: number and order to hash."""

    version: datetime
    edition: str
    orders: dict[str, str]
    parcels: dict[str, str]


Told = dict[str, DocumentSlice]
Linked = dict[str, ParcelLink]


def step(state: Known | None, event: Event | None, clock: Clock, _policy: Policy) -> Outcome[Known]:
    """Take in one version of a document."""
    if event is None:
        if state is None or clock.now >= state.version + KEPT:
            return Outcome(None)
        return Outcome(state, (), _forgets(state))
    document = decode(event)
    if not isinstance(document, Document):
        raise Rejected(f"not a document: {event.type}", code="not_a_document")
    edition = digest(document.encode(), size=8)
    slices, links = slices_of(document, edition), links_of(document, edition)
    if state is not None and (document.version, edition) <= (state.version, state.edition):
        return _superseded(state, document, slices, links)
    return _newest(state, document, edition, slices, links)


def slices_of(document: Document, edition: str) -> Told:
    """Cut a document into what it says of each order."""
    if document.withdrawn:
        return {}
    match document:
        case Order():
            return {
                document.document: _slice(
                    document, document.document, document.version, edition, order_document=document
                )
            }
        case GoodsIssue():
            return {
                order: _slice(
                    document,
                    order,
                    document.version,
                    edition,
                    goods_issue=document.model_copy(
                        update={"lines": tuple(line for line in document.lines if line.order == order)}
                    ),
                )
                for order in document.orders()
            }
        case _:
            raise Rejected(f"nobody cuts a {document.kind} into slices", code="unroutable")


def links_of(document: Document, edition: str) -> Linked:
    """Say which parcels of a document carry which orders."""
    if document.withdrawn or not isinstance(document, GoodsIssue):
        return {}
    moments = (document.despatched_at, document.planned_for)
    despatched_at = next((moment.at for moment in moments if moment is not None), document.version)
    return {
        _parcel_name(package.tracking_number, order): ParcelLink(
            account=document.account,
            order=order,
            document=document.document,
            version=document.version,
            edition=edition,
            number=tracking_number(package.tracking_number),
            carrier=package.carrier,
            despatched_at=despatched_at,
        )
        for package in document.packages
        if tracking_number(package.tracking_number)
        for order in document.orders()
    }


def _newest(state: Known | None, document: Document, edition: str, slices: Told, links: Linked) -> Outcome[Known]:
    orders, parcels = (dict(state.orders), dict(state.parcels)) if state else ({}, {})
    outputs: list[Output] = []
    for order, told in slices.items():
        said = _hash(told)
        if orders.get(order) != said:
            outputs.append(_to_order(told))
        orders[order] = said
    for name, link in links.items():
        said = _hash(link)
        if parcels.get(name) != said:
            outputs.append(_to_parcel(link))
        parcels[name] = said
    gone_orders, gone_parcels = orders.keys() - slices.keys(), parcels.keys() - links.keys()
    outputs += _tell_gone(document, document.version, edition, gone_orders, gone_parcels)
    orders |= dict.fromkeys(gone_orders, GONE)
    parcels |= dict.fromkeys(gone_parcels, GONE)
    known = Known(document.version, edition, orders, parcels)
    return Outcome(known, tuple(outputs), _forgets(known))


def _superseded(state: Known, document: Document, slices: Told, links: Linked) -> Outcome[Known]:
    """Tell those whom only an older version names that the newest does not."""
    orders, parcels = slices.keys() - state.orders.keys(), links.keys() - state.parcels.keys()
    known = msgspec.structs.replace(
        state,
        orders=state.orders | dict.fromkeys(orders, GONE),
        parcels=state.parcels | dict.fromkeys(parcels, GONE),
    )
    return Outcome(known, tuple(_tell_gone(document, state.version, state.edition, orders, parcels)), _forgets(known))


def _forgets(state: Known) -> tuple[Wake, ...]:
    return (Wake(state.version + KEPT),)


def _tell_gone(
    document: Document, version: datetime, edition: str, orders: Iterable[str], parcels: Iterable[str]
) -> list[Output]:
    gone = [_to_order(_slice(document, order, version, edition)) for order in sorted(orders)]
    for name in sorted(parcels):
        number, order = name.split("\n", 1)
        gone.append(
            _to_parcel(
                ParcelLink(
                    account=document.account,
                    order=order,
                    document=document.document,
                    version=version,
                    edition=edition,
                    number=number,
                    despatched_at=version,
                    linked=False,
                )
            )
        )
    return gone


def _slice(
    document: Document,
    order: str,
    version: datetime,
    edition: str,
    *,
    order_document: Order | None = None,
    goods_issue: GoodsIssue | None = None,
) -> DocumentSlice:
    return DocumentSlice(
        account=document.account,
        order=order,
        kind=document.kind,
        document=document.document,
        version=version,
        edition=edition,
        order_document=order_document,
        goods_issue=goods_issue,
    )


def _hash(told: DocumentSlice | ParcelLink) -> str:
    unversioned = told.model_dump_json(
        exclude={"version": True, "edition": True, "order_document": {"version"}, "goods_issue": {"version"}},
        exclude_defaults=True,
    )
    return digest(unversioned, size=8)


def _to_order(told: DocumentSlice) -> Output:
    return event_output(DELIVERIES, order_key(told.account, told.order), told)


def _to_parcel(link: ParcelLink) -> Output:
    return event_output(TRACKING, parcel_key(link.number), link)


def _parcel_name(number: str, order: str) -> str:
    return f"{tracking_number(number)}\n{order}"


FORMAT: StateFormat[Known] = StateFormat(
    number=1, encode=msgspec.msgpack.Encoder().encode, decode=msgspec.msgpack.Decoder(Known).decode
)
STAGE: Stage[Known, Policy] = Stage(
    name="documents", source=DOCUMENTS, step=step, state=FORMAT, quarantined=rests_as_a_stage("documents")
)
