"""The fold: facts, policy and clock in; view, findings, wishes and the next instants of change out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.clock import Clock
from contracts.documents import IssueState, OrderState
from contracts.policy import Policy
from contracts.service import Survey
from contracts.snapshot import DeliveryStatus, ParcelView, Snapshot, TimelineEntry, View, Wanted
from contracts.tracking import TrackingStatus
from streams.delivery.accepted import status_by_acceptance
from streams.delivery.aftermath import answered, case_timeline, survey_entry
from streams.delivery.appointments import timeline as appointments
from streams.delivery.by_hand import told
from streams.delivery.case import Case, case_of
from streams.delivery.closing import closes_at
from streams.delivery.condition_view import conditions_of
from streams.delivery.estimates import estimate_of
from streams.delivery.facts import Delivery
from streams.delivery.legs import leg_of
from streams.delivery.parcel import Life
from streams.delivery.plan import planned
from streams.delivery.promised_lines import timeline
from streams.delivery.proving import of_no_parcel
from streams.delivery.reaching import stations
from streams.delivery.receipt_timeline import receipt_timeline
from streams.delivery.shipments import shipments_of
from streams.delivery.subscribing import subscriptions_of
from streams.detection.confirmed import unconfirmed
from streams.detection.finding import Place, findings_of, tasks_of
from streams.detection.notices import notices_of
from streams.detection.registry import BY_WORD, NEEDS, judge, judge_follow_ups
from streams.detection.wording import promise
from streams.engine.stage import Wake

FOLD_VERSION = 3
"""Grows whenever the same facts, policy and clock would give another answer."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What a delivery's facts say at a time. closes_at: when it is closed, if nothing is told of it until then."""

    case: Case
    snapshot: Snapshot
    wakes: tuple[Wake, ...]
    closes_at: datetime | None


def fold(delivery: Delivery, clock: Clock, policy: Policy) -> Folded:
    """Fold a delivery."""
    case = case_of(delivery, policy)
    policy = policy.about(case.matter)
    verdict, later = judge(case, policy, clock), judge_follow_ups(case, policy, clock)
    place = Place(delivery.account, "order", delivery.order)
    found = unconfirmed((*verdict.found, *later.found), case.actions, place, BY_WORD)
    tasks = tasks_of(found, delivery.answers, place, clock, policy, case.actions, NEEDS)
    notices, status = notices_of(case, found, policy, clock), status_of(case)
    subscribed = subscriptions_of(case, policy, clock)
    snapshot = Snapshot(
        account=delivery.account,
        scope="order",
        subject=delivery.order,
        view=view_of(case, status, delivery, policy),
        findings=findings_of(found, policy, tasks.answered),
        wanted=Wanted(
            tasks=tasks.tasks,
            fields=_fields(case, status),
            notices=notices.notices,
            subscriptions=subscribed.wanted,
        ),
        policy=policy.fingerprint,
        policy_revision=policy.revision,
        fold_version=FOLD_VERSION,
    )
    is_settled = snapshot.wanted.is_nothing and not (verdict.wakes or tasks.wakes or notices.wakes or later.found)
    closing = closes_at(case, status, policy) if is_settled else None
    wakes = (*verdict.wakes, *later.wakes, *tasks.wakes, *notices.wakes, *subscribed.wakes)
    return Folded(case, snapshot, wakes, closing)


def view_of(case: Case, status: DeliveryStatus, delivery: Delivery, policy: Policy) -> View:
    """Show a case to people. policy: as it applies to it."""
    order = case.order
    return View(
        status=status,
        customer=order.customer.id if order and order.customer else "",
        customer_name=order.customer.name if order and order.customer else "",
        reference=order.reference if order else "",
        promised=case.promised,
        lines=planned(case, policy),
        parcels=tuple(_parcel_view(case, life, policy) for life in case.lives.values()),
        thinned=sum(number for parcel in delivery.parcels.values() for number in parcel.thinned.values()),
        cases=tuple(note.about.view() for note in case.case_notes if note.about is not None),
        conditions=tuple(conditions_of(case)),
        shipments=tuple(shipments_of(case.issues)),
        timeline=tuple(sorted(_timeline(case, delivery), key=lambda entry: (entry.at, entry.what, entry.subject))),
    )


def _parcel_view(case: Case, life: Life, policy: Policy) -> ParcelView:
    leg = leg_of(case, life, policy)
    if leg is not None:
        return life.view().model_copy(update={"leg": leg})
    is_under_way = life.despatched_at is not None and not (life.status and life.status.is_final)
    return life.view().model_copy(update={"estimate": estimate_of(case, life, policy)} if is_under_way else {})


def status_of(case: Case) -> DeliveryStatus:
    """Say how far the delivery is, all lines and parcels together."""
    order = case.order
    if order is None:
        return DeliveryStatus.UNKNOWN
    if order.state is OrderState.CANCELLED:
        return DeliveryStatus.CANCELLED
    if order.state is OrderState.DRAFT:
        return DeliveryStatus.DRAFT
    if not any(line.view.despatched.value for line in case.live_lines):
        return DeliveryStatus.CONFIRMED
    return _under_way(case)


def _under_way(case: Case) -> DeliveryStatus:
    statuses = {life.status for life in case.lives.values()}
    if statuses == {TrackingStatus.RETURNED}:
        return DeliveryStatus.RETURNED
    return status_by_acceptance(case) or _on_its_way(case, statuses)


def _on_its_way(case: Case, statuses: set[TrackingStatus | None]) -> DeliveryStatus:
    is_told = bool(case.lives) or not case.is_carried or case.is_signed_for
    if is_told and all(line.done_at is not None for line in case.live_lines):
        return DeliveryStatus.DELIVERED
    if any(life.delivered_at for life in case.lives.values()):
        return DeliveryStatus.PARTIALLY_DELIVERED
    if not all(line.is_wholly_despatched for line in case.live_lines):
        return DeliveryStatus.PARTIALLY_DESPATCHED
    if statuses - {None, TrackingStatus.REGISTERED}:
        return DeliveryStatus.IN_TRANSIT
    return DeliveryStatus.DESPATCHED


def _fields(case: Case, status: DeliveryStatus) -> dict[str, str]:
    """The status fields that a CRM may show beside the order."""
    if case.order is None:
        return {}
    fields = {"status": str(status), "promised": promise(case.promised)}
    return {name: value for name, value in fields.items() if value}


def _timeline(case: Case, delivery: Delivery) -> Iterable[TimelineEntry]:
    order = case.order
    if order is not None and order.ordered_at is not None:
        yield TimelineEntry(at=order.ordered_at.at, what="ordered", subject=order.document)
    if order is not None and order.confirmed_at is not None:
        yield TimelineEntry(at=order.confirmed_at.at, what="confirmed", subject=order.document)
    yield from timeline(case.promises)
    yield from appointments(case)
    yield from stations(case.issues)
    for issue in case.issues:
        if issue.state is IssueState.DESPATCHED and issue.despatched_at is not None:
            yield TimelineEntry(at=issue.despatched_at.at, what="despatched", subject=issue.document)
        elif issue.state is IssueState.CANCELLED and issue.closed_at is not None:
            yield TimelineEntry(at=issue.closed_at, what="despatch_cancelled", subject=issue.document)
    for life in case.lives.values():
        yield from life.timeline()
    for proof in of_no_parcel(delivery.proofs, (life.proof for life in case.lives.values())):
        yield proof.entry(delivery.order)
    yield from receipt_timeline(delivery, case.receipt)
    for note in case.case_notes:
        yield from case_timeline(note.about) if note.about is not None else ()
    yield from map(survey_entry, delivery.reports(Survey))
    yield from answered(delivery.answers.values())
    yield from told(delivery.actions())
