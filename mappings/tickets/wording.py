"""What a ticket says, whatever system it stands in: a task and the order around it, as text in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from contracts.connector import TaskInContext
from contracts.errors import Rejected
from contracts.moment import Precision, Window, zone
from contracts.snapshot import ParcelView, SubjectType, View

Language = Literal["en", "zh-CN"]

_LABELS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "order": "Order",
        "customer": "Customer",
        "promised": "Promised",
        "last_scan": "Last scan",
        "due": "To be done by",
        "colon": ": ",
    },
    "zh-CN": {
        "order": "订单",
        "customer": "客户",
        "promised": "承诺交期",
        "last_scan": "最近一次扫描",
        "due": "处理期限",
        "colon": "：",
    },
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A ticket's texts; what is not known is empty. All but `body` and `details` are one line.

    body: the task's own. details: the body, then the order, the customer, the promised date, the last scan and when it
    is due. Times are in the zone of the promised window, else in UTC, and say so.
    """

    title: str
    body: str
    details: str
    order: str
    customer: str
    promised: str
    last_scan: str


def word(context: TaskInContext, language: Language) -> Wording:
    """Put a task into words; raises Rejected where it has no text in `language`."""
    text = context.task.texts.get(language)
    if text is None:
        raise Rejected(f"the task has no text in {language}", code="no_text", path="$.task.texts")
    view = context.view
    zone_name = view.promised.zone if view and view.promised else "UTC"
    facts = {
        "order": _order(context),
        "customer": _customer(view) or one_line(context.task.details.get("customer", "")),
        "promised": _window(view.promised) if view and view.promised else "",
        "last_scan": _last_scan(context, zone_name),
        "due": _time(context.task.due_at, zone_name),
    }
    labels = _LABELS[language]
    lines = [f"{labels[name]}{labels['colon']}{fact}" for name, fact in facts.items() if fact]
    return Wording(
        title=one_line(text.title),
        body=text.body.strip(),
        details="\n".join([text.body.strip(), "", *lines]).strip(),
        order=facts["order"],
        customer=facts["customer"],
        promised=facts["promised"],
        last_scan=facts["last_scan"],
    )


def one_line(text: str) -> str:
    """Join a text's words by single spaces: a field of one line is kept by its system as it was written."""
    return " ".join(text.split())


def _order(context: TaskInContext) -> str:
    """The order that the task is about; a case names it, where it is known."""
    match context.scope:
        case "order" | "after":
            return context.subject
        case "case":
            return one_line(context.task.details.get("order", ""))
        case _:
            return ""


def _customer(view: View | None) -> str:
    if view is None:
        return ""
    name, number = one_line(view.customer_name), one_line(view.customer)
    return f"{name} ({number})" if name and number and name != number else name or number


def _window(window: Window) -> str:
    """The promised days, or, where an instant was promised, that instant."""
    if window.precision is not Precision.DATE:
        return _time(window.closes, window.zone)
    last = window.last_day()
    first = window.opens.astimezone(zone(window.zone)).date() if window.opens else last
    return last.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def _last_scan(context: TaskInContext, zone_name: str) -> str:
    """The newest scan of the parcel that the task is about, else of any of the order's."""
    parcels = context.view.parcels if context.view else ()
    if context.task.subject_type is SubjectType.PARCEL:
        parcels = tuple(parcel for parcel in parcels if parcel.number == context.task.subject)
    scanned = [(parcel.last_scan_at, parcel) for parcel in parcels if parcel.last_scan_at]
    if not scanned:
        return ""
    at, parcel = max(scanned, key=lambda found: (found[0], found[1].number))
    return f"{_time(at, zone_name)} · {_told(parcel)}"


def _told(parcel: ParcelView) -> str:
    parts = (f"{parcel.carrier} {parcel.number}", parcel.last_location, parcel.last_scan_text)
    return " · ".join(line for part in parts if (line := one_line(part)))


def _time(at: datetime, zone_name: str) -> str:
    return f"{at.astimezone(UTC if zone_name == 'UTC' else zone(zone_name)):%Y-%m-%d %H:%M} ({zone_name})"
