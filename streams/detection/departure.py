"""Departure: what should have been picked, have left, or have been fetched, by who moves the goods."""

from datetime import datetime, timedelta

from contracts.clock import INGRESS, Clock
from contracts.documents import DeliveryMethod, GoodsIssue, IssueState
from contracts.moment import Moment, Precision
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from contracts.tracking import TrackingStatus
from streams.delivery.appointments import current_appointment, was_kept
from streams.delivery.case import Case
from streams.delivery.lines import Line
from streams.delivery.parcel import Life
from streams.delivery.plan import is_fetched, next_part, ship_by
from streams.delivery.quantities import released
from streams.delivery.schedule import Part
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.lateness import until_closed
from streams.detection.wording import instant, promise

_A_DAY = timedelta(days=1)


def release_late(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a line must leave soon to arrive in its window, and not all of it is picked or has left.

    Clears when it is picked, when nothing more is to come, or when the window closes. A finding a line, one task an
    order. Rests on hearing the ERP.
    """
    return Verdict.all_of(
        _release(case, line, part, policy.about(case.matter_of(line)), clock)
        for line in case.live_lines
        if (part := next_part(line)) is not None and line.closed_at is None and not line.view.uncounted
    )


def _release(case: Case, line: Line, part: Part, policy: Policy, clock: Clock) -> Verdict:
    if released(line) >= part.needed:
        return Verdict()
    by = ship_by(case, line, part, policy)
    settings = policy.release_late
    found = Found(
        kind=Kind.RELEASE_LATE,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{line.view.line}",
        since=by - settings.lead + settings.grace,
        details=_details(case)
        | {"promised": promise(part.promised), "ship_by": instant(by, case.zone)}
        | {"line": f"{line.view.line} ({line.view.product})"},
        task_subject=(SubjectType.ORDER, case.number),
        matter=case.matter_of(line),
    )
    return Verdict.between(found.since, until_closed(case, line, part), (case.hears_erp,), clock, found)


def departure_late(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a vehicle of our own has not departed when its goods issue was planned for, and the grace is over.

    Clears when it departs, or the goods issue is despatched, cancelled or planned anew. About the goods issue. Rests on
    hearing the ERP.
    """
    if not case.is_promised or case.order is None or case.order.method is not DeliveryMethod.OWN_FLEET:
        return Verdict()
    return Verdict.all_of(_departure(case, issue, policy, clock) for issue in case.issues if issue.state.is_open)


def _departure(case: Case, issue: GoodsIssue, policy: Policy, clock: Clock) -> Verdict:
    transport = issue.transport
    if issue.planned_for is None or (transport is not None and (transport.departed_at or transport.arrived_at)):
        return Verdict()
    planned_for = _at_the_latest(issue.planned_for)
    found = Found(
        kind=Kind.DEPARTURE_LATE,
        subject_type=SubjectType.DOCUMENT,
        subject=issue.document,
        since=planned_for + policy.departure_late.grace,
        details=_details(case)
        | {"promised": promise(case.promised), "issue": issue.document, "planned_for": instant(planned_for, case.zone)}
        | {"vehicle": transport.vehicle if transport else "", "driver": transport.driver if transport else ""},
    )
    return Verdict.at(found.since, (case.hears_erp,), clock, found)


def _at_the_latest(moment: Moment) -> datetime:
    """Of a date its end."""
    return moment.at + _A_DAY if moment.precision is Precision.DATE else moment.at


def pickup_late(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a parcel that was despatched, or is picked and planned to leave, has no scan of its carrier in time.

    Clears with the first scan that shows it in the carrier's hands. About the parcel. Rests on hearing the carriers.
    """
    return Verdict.all_of(
        _pickup(case, life, policy.about(case.matter_of(life)), clock) for life in case.lives.values()
    )


def _pickup(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    ready_at = _ready_at(case, life)
    if ready_at is None or life.status not in {None, TrackingStatus.REGISTERED} or not case.awaits(life):
        return Verdict()
    settings = policy.pickup_late
    found = Found(
        kind=Kind.PICKUP_LATE,
        subject_type=SubjectType.PARCEL,
        subject=life.number,
        since=ready_at + settings.within + settings.grace,
        details=_details(case)
        | {"promised": promise(case.promised), "parcel": life.number, "carrier": life.carrier}
        | {"issue": life.document, "ready_at": instant(ready_at, case.zone)},
        matter=case.matter_of(life),
    )
    return Verdict.at(found.since, case.hears_carriers, clock, found)


def _ready_at(case: Case, life: Life) -> datetime | None:
    if life.despatched_at is not None:
        return life.despatched_at
    picked = [issue for issue in case.issues if issue.document == life.document and issue.state is IssueState.PICKED]
    return next((_at_the_latest(issue.planned_for) for issue in picked if issue.planned_for), None)


def appointment_missed(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an appointment to fetch goods has passed, and the grace is over, and nobody came.

    Clears when the goods are fetched, the appointment was kept after all or is cancelled, or there is a later one.
    About the order. Rests on hearing the ERP, and ingress, which takes in appointments.
    """
    appointment = current_appointment(case)
    if appointment is None or not is_fetched(case) or was_kept(case, appointment):
        return Verdict()
    found = Found(
        kind=Kind.APPOINTMENT_MISSED,
        subject_type=SubjectType.ORDER,
        subject=case.number,
        since=appointment.window.closes + policy.appointment_missed.grace,
        details=_details(case)
        | {"appointment": instant(appointment.window.closes, case.zone), "place": appointment.place},
    )
    return Verdict.at(found.since, tuple(dict.fromkeys((INGRESS, case.hears_erp))), clock, found)


def _details(case: Case) -> dict[str, str]:
    return {**case.named, "zone": case.zone}


DEPARTURE: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.RELEASE_LATE, "delay", "order", SubjectType.ORDER, release_late, rolls_up=True),
    KindOfFinding(Kind.DEPARTURE_LATE, "delay", "order", SubjectType.DOCUMENT, departure_late),
    KindOfFinding(Kind.PICKUP_LATE, "delay", "order", SubjectType.PARCEL, pickup_late),
    KindOfFinding(Kind.APPOINTMENT_MISSED, "delay", "order", SubjectType.ORDER, appointment_missed),
)
