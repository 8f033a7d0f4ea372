"""The appointments of an order that its customer fetches: which counts, and whether it was kept."""

from collections.abc import Iterable
from datetime import datetime

from contracts.appointment import Appointment
from contracts.documents import IssueState
from contracts.moment import start_of_day, zone
from contracts.snapshot import TimelineEntry
from streams.delivery.case import Case


def current_appointment(case: Case) -> Appointment | None:
    """The last appointment that stands; None where there is none, or the order is none that was promised."""
    if not case.is_promised:
        return None
    standing = [one for one in case.appointments if not one.cancelled]
    return max(standing, key=lambda one: (one.window.closes, one.id), default=None)


def was_kept(case: Case, appointment: Appointment) -> bool:
    """Whether the customer came: it is said, or goods were issued on the appointment's day or later."""
    if appointment.kept_at is not None:
        return True
    since = _first_day(appointment)
    left = [
        issue.despatched_at.at for issue in case.issues if issue.state is IssueState.DESPATCHED and issue.despatched_at
    ]
    is_fetched = bool(case.live_lines) and all(line.done_at is not None for line in case.live_lines)
    return is_fetched or any(at >= since for at in left)


def _first_day(appointment: Appointment) -> datetime:
    window = appointment.window
    begins = window.opens or window.closes
    return start_of_day(begins.astimezone(zone(window.zone)).date(), window.zone)


def timeline(case: Case) -> Iterable[TimelineEntry]:
    """Tell when appointments were made, and when they were kept."""
    for one in case.appointments:
        what = "appointment_cancelled" if one.cancelled else "appointment_made"
        yield TimelineEntry(at=one.version, what=what, subject=one.id, text=_written(one), location=one.place)
        if one.kept_at is not None:
            yield TimelineEntry(at=one.kept_at.at, what="appointment_kept", subject=one.id, location=one.place)


def _written(appointment: Appointment) -> str:
    window = appointment.window
    ends = [at.astimezone(zone(window.zone)) for at in (window.opens, window.closes) if at is not None]
    return " - ".join(f"{at:%Y-%m-%d %H:%M}" for at in ends)
