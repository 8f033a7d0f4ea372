"""What was told of a parcel and cannot be right, or says nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.answer import Missing
from contracts.clock import Clock
from contracts.moment import Precision
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType, task_key_of
from contracts.tracking import TrackingStatus
from streams.delivery.case import Case
from streams.delivery.parcel import Life
from streams.detection.answers import sayings_of, settled_at
from streams.detection.finding import Found, Verdict
from streams.detection.wording import instant, last_scan
from streams.engine.stage import Wake


def unknown_status(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when the newest scan of a parcel on its way has a status that no table knows, and the grace is over.

    Clears with the next scan whose status is known, or when the code is. About the parcel. Rests on hearing the
    carriers.
    """
    return Verdict.all_of(_unknown(case, life, policy, clock) for life in case.lives.values())


def _unknown(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    last = life.last
    if last is None or last.status is not TrackingStatus.UNKNOWN or (life.status is not None and life.status.is_final):
        return Verdict()
    matter = case.matter_of(life)
    since = last.placed_at + policy.about(matter).unknown_status.grace
    details = {**_about(case, life), "code": last.raw_code, "last_scan": last_scan(life, case.zone)}
    found = Found(Kind.UNKNOWN_STATUS, SubjectType.PARCEL, life.number, since, details, matter=matter)
    return Verdict.at(since, case.hears_carriers, clock, found)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things that cannot both be true. known_at: when the later of them was told, or happened."""

    known_at: datetime
    details: Mapping[str, str]


def _delivered_before_it_left(case: Case, life: Life) -> Iterator[Contradiction]:
    delivered, left = life.delivered_at, life.despatched_at
    if delivered is None or left is None:
        return
    dated = [scan.precision for scan in life.scans if scan.placed_at == delivered]
    if life.proof is not None and life.proof.at == delivered:
        dated.append(life.proof.told.delivered.precision)
    latest = delivered + timedelta(days=1) if Precision.DATE in dated else delivered
    if latest < left:
        details = {"delivered_at": instant(delivered, case.zone), "despatched_at": instant(left, case.zone)}
        yield Contradiction(left, details)


def _dated_into_the_future(case: Case, life: Life) -> Iterator[Contradiction]:
    told = [(scan.at, scan.placed_at, scan.raw_text or scan.status) for scan in life.scans]
    if life.proof is not None:
        told.append((life.proof.told.delivered.at, life.proof.at, life.proof.reference))
    for dated, placed, text in told:
        if placed != dated:
            details = {"dated": instant(dated, case.zone), "received_at": instant(placed, case.zone), "told": text}
            yield Contradiction(placed, details)


CONTRADICTIONS: tuple[Callable[[Case, Life], Iterator[Contradiction]], ...] = (
    _delivered_before_it_left,
    _dated_into_the_future,
)
"""What is looked for in each parcel."""


def contradiction(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when what is told of a parcel cannot all be true, and the grace for a correction is over.

    That is when it was delivered before it was despatched, or when something is dated more than 15 minutes later than
    it was received (it is placed at its receipt). Clears when one of the two is corrected or withdrawn. An answer with
    a reason settles what had come to light by then. About the parcel. Rests on nobody's silence.
    """
    return Verdict.all_of(_contradicted(case, life, policy, clock) for life in case.lives.values())


def _contradicted(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    matter = case.matter_of(life)
    grace = policy.about(matter).contradiction.grace
    every = [one for look_for in CONTRADICTIONS for one in look_for(case, life)]
    opened = [one for one in every if clock.now >= one.known_at + grace]
    wakes = tuple(Wake(one.known_at + grace) for one in every if one not in opened)
    settled = _settled_at(case, life)
    unsettled = [one for one in opened if settled is None or one.known_at + grace > settled] or opened
    if not unsettled:
        return Verdict(wakes=wakes)
    first = min(unsettled, key=lambda one: one.known_at)
    details = {
        **_about(case, life),
        **{name: text for one in reversed(unsettled) for name, text in one.details.items()},
    }
    found = Found(Kind.CONTRADICTION, SubjectType.PARCEL, life.number, first.known_at + grace, details, matter=matter)
    return Verdict((found,), wakes)


def _settled_at(case: Case, life: Life) -> datetime | None:
    task = task_key_of(case.account, "order", case.number, (SubjectType.PARCEL, life.number), Kind.CONTRADICTION)
    return settled_at(sayings_of(task, case.facts.answers, case.actions), {Missing.REASON})


def _about(case: Case, life: Life) -> dict[str, str]:
    return {
        **case.named,
        "parcel": life.number,
        "carrier": life.carrier,
        "zone": case.zone,
    }
