"""Parcels of which no news will come, because nobody could register them."""

from collections.abc import Mapping
from datetime import datetime

from contracts.clock import Clock
from contracts.policy import Policy
from contracts.policy.data import UnsubscribedPolicy
from contracts.registration import Registration, RegistrationState
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.delivery.parcel import Life
from streams.delivery.subscribing import awaited, registrations
from streams.detection.finding import Found, Verdict
from streams.detection.wording import instant


def unsubscribed(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when the tracker refused for good to register a parcel that is under way, and the grace is over.

    Also when no tracker takes its carrier's parcels and nobody has told of it for some time after it left. Clears when
    it is registered, when its end was told, or, of one that no tracker takes, with its first scan. Without trackers
    nothing is looked for. About the parcel. Rests on nobody's silence, or, without a tracker, on hearing the carriers.
    """
    if not policy.trackers:
        return Verdict()
    told = registrations(case)
    return Verdict.all_of(_unsubscribed(case, life, told.get(life.number), policy, clock) for life in awaited(case))


def _unsubscribed(case: Case, life: Life, told: Registration | None, policy: Policy, clock: Clock) -> Verdict:
    settings = policy.about(case.matter_of(life)).unsubscribed
    taken = policy.tracker_of(life.carrier)
    if taken is None:
        return _untaken(case, life, settings, clock)
    if told is None or told.tracker != taken[0].name or told.state is not RegistrationState.REFUSED:
        return Verdict()
    since = told.version + settings.grace
    return Verdict.at(since, (), clock, _found(case, life, since, {"tracker": told.tracker, "reason": told.reason}))


def _untaken(case: Case, life: Life, settings: UnsubscribedPolicy, clock: Clock) -> Verdict:
    if life.last is not None or life.despatched_at is None:
        return Verdict()
    since = life.despatched_at + settings.unheard + settings.grace
    left_at = {"despatched_at": instant(life.despatched_at, case.zone)}
    return Verdict.at(since, case.hears_carriers, clock, _found(case, life, since, left_at))


def _found(case: Case, life: Life, since: datetime, details: Mapping[str, str]) -> Found:
    known = {
        **case.named,
        "parcel": life.number,
        "carrier": life.carrier,
        "zone": case.zone,
    }
    matter = case.matter_of(life)
    return Found(Kind.UNSUBSCRIBED, SubjectType.PARCEL, life.number, since, {**known, **details}, matter=matter)
