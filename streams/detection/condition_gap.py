"""Times in which nobody knows how warm or damp goods were."""

from datetime import datetime

from contracts.clock import Clock
from contracts.policy import Policy
from contracts.snapshot import Kind
from streams.delivery.case import Case
from streams.delivery.excursions import Gap, gaps
from streams.delivery.watching import Watched, watched
from streams.detection.finding import Found, Verdict
from streams.detection.watched_goods import about, about_goods, known_to_quality, whole_seconds
from streams.detection.wording import instant as written
from streams.detection.wording import lasting
from streams.engine.stage import Wake
from streams.facts.conditions import instant, seconds

GAPS_TOLD = 5
"""Gaps that are named; of more the number is told."""


def condition_gap(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when goods under way with a required range had no reading for longer than usual, and the grace is over.

    It is no breach. Clears when later readings fill the gap. An answer with a reason settles the gaps that had opened
    by then. Goods of which nothing was ever measured have none, unless readings of them are expected. About the parcel,
    or about the order for goods in storage. Where readings are merged, gaps shorter than twice their span may go
    unseen. Rests on hearing the source, since a logger may upload late.
    """
    if not case.is_promised:
        return Verdict()
    return Verdict.all_of(_gap(case, goods, policy.about(goods.matter), clock) for goods in watched(case))


def _gap(case: Case, goods: Watched, policy: Policy, clock: Clock) -> Verdict:
    settings = policy.condition_gap
    known = known_to_quality(case, goods, Kind.CONDITION_GAP)
    opened: list[tuple[datetime, Gap]] = []
    wakes: list[Wake] = []
    for gap in _gaps(goods, settings.expected, whole_seconds(settings.longest)):
        opens_at = instant(gap.since) + settings.longest + settings.grace
        if min(clock.now, clock.heard_all(case.hears_carriers)) >= opens_at:
            opened.append((opens_at, gap))
        else:
            wakes.append(Wake(opens_at, case.hears_carriers))
    if known is not None:
        opened = [one for one in opened if seconds(one[0]) > known] or opened
    return Verdict((_gap_found(case, goods, opened, policy),) if opened else (), tuple(wakes))


def _gaps(goods: Watched, expected: bool, longest: int) -> list[Gap]:  # noqa: FBT001 - a setting
    """Give the gaps of what is required, the first quantity's that has any."""
    if goods.begins is None:
        return []
    ends = seconds(goods.ends) if goods.ends is not None else None
    found: dict[int, Gap] = {}
    for quantity in goods.required:
        measured = goods.measured.get(quantity, {}).values()
        if measured or expected:
            found |= {gap.since: gap for gap in gaps(measured, seconds(goods.begins), ends, longest)}
    return [gap for _, gap in sorted(found.items())]


def _gap_found(case: Case, goods: Watched, opened: list[tuple[datetime, Gap]], policy: Policy) -> Found:
    told = [_gap_told(case, gap) for _, gap in opened]
    details = {
        **about_goods(case, goods),
        "gaps": ", ".join(told[:GAPS_TOLD]),
        "more_gaps": str(len(told) - GAPS_TOLD) if len(told) > GAPS_TOLD else "",
        "allowed": lasting(policy.condition_gap.longest),
        "loggers": ", ".join(goods.loggers),
    }
    return Found(
        kind=Kind.CONDITION_GAP,
        subject_type=about(case, goods)[0],
        subject=about(case, goods)[1],
        since=min(opens_at for opens_at, _ in opened),
        details={name: value for name, value in details.items() if value},
        matter=goods.matter,
    )


def _gap_told(case: Case, gap: Gap) -> str:
    until = written(instant(gap.until), case.zone) if gap.until is not None else "…"
    return f"{written(instant(gap.since), case.zone)} – {until}"
