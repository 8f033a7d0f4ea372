"""Which parcels should be registered at which tracker, and when they are to be renewed or asked for.

What follows from time changes the wish itself, so that whoever brings it about only ever compares: `until` grows when a
renewal is due, `ask_at` when the parcel has been silent for another half of what is ordinary.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.clock import Clock
from contracts.policy import Policy, TrackerRule
from contracts.registration import Registration, RegistrationState
from contracts.snapshot import WantedSubscription
from contracts.tracking import TrackingStatus
from streams.delivery.case import Case
from streams.delivery.estimates import ordinary_silence
from streams.delivery.parcel import Life
from streams.engine.stage import Wake

_ENDED = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.CANCELLED}
"""After these no news is awaited; one that expired may still turn up."""
_SCANS_EXPECTED = {None, TrackingStatus.REGISTERED}
"""Beside the moving ones: statuses of a parcel whose next scan is awaited."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The parcels that are wanted at trackers, and when that would change by itself."""

    wanted: tuple[WantedSubscription, ...] = ()
    wakes: tuple[Wake, ...] = ()


def subscriptions_of(case: Case, policy: Policy, clock: Clock) -> Subscriptions:
    """Say which parcels should be registered. Without trackers that is none."""
    if not policy.trackers:
        return Subscriptions()
    told = registrations(case)
    each = [_subscription(case, life, told.get(life.number), policy, clock) for life in awaited(case)]
    return Subscriptions(
        tuple(wanted for one in each for wanted in one.wanted), tuple(wake for one in each for wake in one.wakes)
    )


def awaited(case: Case) -> Iterable[Life]:
    """Give the parcels of which news are awaited: despatched with a carrier, and not at their end."""
    return (life for life in case.lives.values() if life.despatched_at is not None and _is_awaited(case, life))


def registrations(case: Case) -> dict[str, Registration]:
    """Give what became of each parcel's registration, by its number."""
    return {told.id: told for told in case.facts.reports(Registration)}


def _is_awaited(case: Case, life: Life) -> bool:
    if life.status in _ENDED or not case.is_carried:
        return False
    return case.awaits(life) or (life.status is TrackingStatus.RETURNING and case.is_promised)


def _subscription(case: Case, life: Life, told: Registration | None, policy: Policy, clock: Clock) -> Subscriptions:
    found, since = policy.tracker_of(life.carrier), life.despatched_at
    if found is None or since is None:
        return Subscriptions()
    rule, carrier = found
    until = _step_after(since, rule.renew_after, clock.now) if rule.renew_after else None
    given_up = life.given_up_at + rule.again_after if life.given_up_at is not None else None
    asked, next_ask = _asks(case, life, told, rule, policy, clock)
    wanted = WantedSubscription(
        tracker=rule.name,
        number=life.number,
        carrier=carrier,
        since=since,
        until=until,
        again=given_up if given_up is not None and given_up <= clock.now else None,
        ask_at=asked,
    )
    wakes = (until, next_ask, given_up if wanted.again is None else None)
    return Subscriptions((wanted,), tuple(Wake(at) for at in wakes if at is not None))


def _asks(
    case: Case, life: Life, told: Registration | None, rule: TrackerRule, policy: Policy, clock: Clock
) -> tuple[datetime | None, datetime | None]:
    """Give since when the parcel is to be asked for, if it is, and when it would be next.

    Only what is registered is asked for: of what was refused there is nothing to hear.
    """
    since = life.last.placed_at if life.last is not None else life.despatched_at
    is_registered = told is not None and told.tracker == rule.name and told.state is RegistrationState.REGISTERED
    is_expected = life.status in _SCANS_EXPECTED or (life.status is not None and life.status.is_moving)
    if since is None or not (rule.asks and is_registered and is_expected):
        return None, None
    half = ordinary_silence(case, life, policy.about(case.matter_of(life))).span / 2
    if not half:
        return None, None
    later = _step_after(since, half, clock.now)
    return (later - half if later - half > since else None), later


def _step_after(since: datetime, step: timedelta, now: datetime) -> datetime:
    """Give the first instant after `now`, and after `since`, at a whole number of steps from `since`."""
    return since + (max((now - since) // step, 0) + 1) * step
