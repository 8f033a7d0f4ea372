"""Notices to the customer: before an arrival, and at a delay with the new date and what is being done.

A notice is wanted from its instant until it is overtaken: the goods have come, the date is another one, the delay is
over, or it is too late to be of use. Its key holds the date that it tells, so another date is another notice and the
same date told again is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from contracts.clock import Clock
from contracts.documents import DeliveryMethod, Order, Range
from contracts.policy import Policy
from contracts.snapshot import Kind, Notice, Text
from contracts.tracking import Owner, TrackingStatus
from streams.delivery.case import Case
from streams.delivery.expected import Ground
from streams.delivery.parcel import Life
from streams.detection.finding import Found
from streams.detection.texts.notices import notice_texts
from streams.detection.wording import day, promise
from streams.engine.stage import Wake


@dataclass(frozen=True, slots=True)
class Notices:
    """The wanted notices, and when they would change by themselves."""

    notices: tuple[Notice, ...] = ()
    wakes: tuple[Wake, ...] = ()


def notices_of(case: Case, found: Sequence[Found], policy: Policy, clock: Clock) -> Notices:
    """Say what the customer is to be told now. found: what holds of the delivery."""
    order = case.order
    if not case.is_promised or order is None or order.customer is None:
        return Notices()
    arrivals = _arrivals(case, order, policy, clock) if policy.notices.arrival else []
    delays = [_delay(case, order, found, clock)] if policy.notices.delay else []
    several = [*arrivals, *delays]
    return Notices(
        tuple(notice for one in several for notice in one.notices), tuple(wake for one in several for wake in one.wakes)
    )


def _arrivals(case: Case, order: Order, policy: Policy, clock: Clock) -> list[Notices]:
    """One notice a day on which something is to arrive, however many parcels."""
    if order.method is DeliveryMethod.SELF_PICKUP:
        return []
    coming = sorted((_awaited(case)), key=lambda one: (one[0], one[1].number))
    days = groupby(coming, key=lambda one: day(one[0], case.zone))
    return [_arrival(case, order, name, list(group), policy, clock) for name, group in days]


def _awaited(case: Case) -> list[tuple[datetime, Life]]:
    """The parcels on their way whose arrival is known, with its instant."""
    return [
        (life.eta, life)
        for life in case.lives.values()
        if life.eta is not None and life.delivered_at is None and (life.status is None or not life.status.is_final)
    ]


def _arrival(
    case: Case, order: Order, date: str, coming: list[tuple[datetime, Life]], policy: Policy, clock: Clock
) -> Notices:
    settings = policy.notices
    since, expires_at = coming[0][0] - settings.before_arrival, coming[-1][0] + settings.useful_for
    if clock.now >= expires_at:
        return Notices()
    if clock.now < since:
        return Notices(wakes=(Wake(since),))
    details = _details(case, order) | {
        "date": date,
        "place": " ".join(part for part in (order.destination.postal_code, order.destination.city) if part),
        "parcel": ", ".join(life.number for _, life in coming),
        "carrier": ", ".join(sorted({life.carrier for _, life in coming if life.carrier})),
        "vehicle": ", ".join(sorted({i.transport.vehicle for i in case.issues if i.transport and i.transport.vehicle})),
        "conditions": _conditions(case),
    }
    texts = notice_texts("arrival", details, documents=order.required_documents)
    notice = _notice(f"arrival/{date}", order, since, texts, expires_at)
    return Notices((notice,), (Wake(expires_at),))


def _delay(case: Case, order: Order, found: Sequence[Found], clock: Clock) -> Notices:
    """One notice for each date that a delayed delivery is now expected on, and one while none is known.

    It is delayed when its window has closed, and before that when its carrier itself says a later day: what only a
    lane's history or the policy fears is for those who can still do something about it.
    """
    ahead = [arrival for arrival, _ in _awaited(case) if arrival > clock.now]
    date = day(max(ahead), case.zone) if ahead and len(ahead) == len(_missing(case)) else ""
    delays = [one.since for one in found if one.kind is Kind.LATE or (date and _says_the_carrier(one))]
    if not delays:
        return Notices()
    details = _details(case, order) | {"promised": promise(case.promised), "date": date}
    texts = notice_texts("delay", details, measure=_measure(case, found))
    notice = _notice(f"delay/{date or 'unknown'}", order, min(delays), texts, None)
    # A date that passes without an arrival is no date any more.
    return Notices((notice,), tuple(Wake(arrival) for arrival in ahead))


def _says_the_carrier(one: Found) -> bool:
    return one.kind is Kind.AT_RISK and one.details.get("basis") == Ground.CARRIER


def _missing(case: Case) -> list[Life]:
    return [life for life in case.lives.values() if life.delivered_at is None]


def _measure(case: Case, found: Sequence[Found]) -> str:
    """Say what is being done, by where the goods are."""
    if not any(line.view.despatched.value for line in case.live_lines):
        return "despatch"
    last = case.last_to_move
    owner = last.last.owner if last and last.last else None
    if last is not None and (last.status is TrackingStatus.CUSTOMS or owner is Owner.CUSTOMS):
        return "customs"
    if last is not None and (last.status is TrackingStatus.DELIVERY_ATTEMPTED or owner is Owner.RECIPIENT):
        return "recipient"
    return "carrier" if any(one.kind is Kind.STALLED for one in found) or owner is Owner.CARRIER else "following"


def _details(case: Case, order: Order) -> dict[str, str]:
    return {"order": case.number, "reference": order.reference, "zone": case.zone}


def _conditions(case: Case) -> str:
    needs = [issue.conditions for issue in case.issues if issue.conditions is not None]
    told = [(need.temperature, "°C") for need in needs] + [(need.humidity, "% RH") for need in needs]
    return ", ".join(dict.fromkeys(_range(wanted, unit) for wanted, unit in told if wanted is not None))


def _range(wanted: Range, unit: str) -> str:
    low, high = (f"{end:f}" if end is not None else "…" for end in (wanted.low, wanted.high))
    return f"{low} – {high} {unit}"


def _notice(key: str, order: Order, since: datetime, texts: dict[str, Text], expires_at: datetime | None) -> Notice:
    audience = order.customer.id if order.customer else ""
    return Notice(key=key, audience=audience, since=since, expires_at=expires_at, texts=texts)
