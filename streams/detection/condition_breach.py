"""Goods that were too warm, too cold, too damp or too dry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from contracts.clock import Clock
from contracts.condition import MeasuredQuantity
from contracts.policy import Policy
from contracts.snapshot import Kind, Severity
from streams.delivery.case import Case
from streams.delivery.excursions import Excursion, beyond, excursions, farthest
from streams.delivery.watching import Watched, watched
from streams.detection.finding import Found, Verdict
from streams.detection.watched_goods import about, about_goods, known_to_quality, value_with_unit, whole_seconds
from streams.detection.wording import instant as written
from streams.detection.wording import lasting
from streams.engine.stage import Wake
from streams.facts.conditions import instant, value_of


@dataclass(frozen=True, slots=True)
class _Outside:
    """One logger's excursion, of one quantity."""

    quantity: MeasuredQuantity
    logger: str
    excursion: Excursion


def condition_breach(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when goods were outside what their goods issue requires for as long as counts, and the grace is over.

    Holds since the first reading outside. Clears when readings, requirement or parcel turn out otherwise, and not when
    later readings lie inside: the goods are affected, and quality decides. Its answer with a reason settles what had
    been told by then; what is told later is a breach of its own. About the parcel, or about the order for goods in
    storage. Where readings are merged it is exact to their span. Rests on hearing the source while no reading lies
    inside again.
    """
    return Verdict.all_of(_breach(case, goods, policy.about(goods.matter), clock) for goods in watched(case))


def _breach(case: Case, goods: Watched, policy: Policy, clock: Clock) -> Verdict:
    known = known_to_quality(case, goods, Kind.CONDITION_BREACH)
    opened, wakes = _judged(case, _outside(goods, policy, known), policy, clock)
    if not opened and known is not None:
        opened, _ = _judged(case, _outside(goods, policy, None), policy, clock)
    found = (_breach_found(case, goods, opened, policy),) if opened else ()
    return Verdict(found, tuple(wakes))


def _outside(goods: Watched, policy: Policy, known: int | None) -> list[_Outside]:
    longest = whole_seconds(policy.condition_gap.longest)
    return [
        _Outside(quantity, logger, excursion)
        for quantity, required in goods.required.items()
        for logger, buckets in goods.measured.get(quantity, {}).items()
        for excursion in excursions(buckets, required, longest, known)
        if excursion.until - excursion.since >= whole_seconds(policy.condition_breach.outside)
    ]


def _judged(case: Case, every: Iterable[_Outside], policy: Policy, clock: Clock) -> tuple[list[_Outside], list[Wake]]:
    """Part them into those that have lasted long enough by now, and those that will have."""
    settings = policy.condition_breach
    opened: list[_Outside] = []
    wakes: list[Wake] = []
    for one in every:
        opens_at = instant(one.excursion.since) + settings.outside + settings.grace
        rests_on = case.hears_carriers if one.excursion.is_open else ()
        if min(clock.now, clock.heard_all(rests_on)) >= opens_at:
            opened.append(one)
        else:
            wakes.append(Wake(opens_at, rests_on))
    return opened, wakes


def _breach_found(case: Case, goods: Watched, opened: list[_Outside], policy: Policy) -> Found:
    since = instant(min(one.excursion.since for one in opened))
    resolution = case.facts.conditions.resolution
    details = {
        **about_goods(case, goods),
        "since": written(since, case.zone),
        "loggers": ", ".join(sorted({one.logger for one in opened})),
        "still_outside": _still_outside(case, opened),
        "resolution": lasting(timedelta(minutes=resolution)) if resolution > 1 else "",
    }
    for quantity, required in goods.required.items():
        several = [one.excursion for one in opened if one.quantity == quantity]
        if several:
            details[quantity] = value_with_unit(farthest(several, required), quantity)
            details[f"{quantity}_outside"] = lasting(timedelta(seconds=_longest(opened, quantity)))
    return Found(
        kind=Kind.CONDITION_BREACH,
        subject_type=about(case, goods)[0],
        subject=about(case, goods)[1],
        since=since,
        details={name: value for name, value in details.items() if value},
        matter=goods.matter,
        severity=Severity.GRAVE if _is_grave(goods, opened, policy) else None,
    )


def _longest(opened: Iterable[_Outside], quantity: MeasuredQuantity) -> int:
    """How long outside in all, as the logger saw it that saw the most."""
    by_logger: dict[str, int] = {}
    for one in opened:
        if one.quantity == quantity:
            by_logger[one.logger] = by_logger.get(one.logger, 0) + one.excursion.lasted
    return max(by_logger.values())


def _still_outside(case: Case, opened: Iterable[_Outside]) -> str:
    last = [one.excursion.last_at for one in opened if one.excursion.is_open]
    return written(instant(max(last)), case.zone) if last else ""


def _is_grave(goods: Watched, opened: Iterable[_Outside], policy: Policy) -> bool:
    settings = policy.condition_breach
    limits: Mapping[MeasuredQuantity, Decimal] = {
        "temperature": settings.grave_celsius,
        "humidity": settings.grave_percent,
    }
    return any(
        value_of(beyond(one.excursion.lowest, one.excursion.highest, goods.required[one.quantity]))
        > limits[one.quantity]
        for one in opened
    )
