"""Goods whose conditions are watched: what their goods issues require, and what loggers measured of them meanwhile."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf

from contracts.condition import MeasuredQuantity
from contracts.documents import GoodsIssue, IssueState, Range
from contracts.identity import tracking_number
from contracts.policy import Matter
from streams.delivery.case import Case
from streams.delivery.lives import OPEN_ENDED
from streams.delivery.parcel import Life, Span
from streams.facts.conditions import Bucket, instant, seconds

Measured = tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """A parcel, or an order's goods in storage (no number).

    required: the range by quantity, of those that have one. measured: each logger's readings, by quantity and logger.
    begins, ends: from when to when they are under way; not yet where `begins` is absent. matter: what settings for them
    depend on.
    """

    number: str
    required: Mapping[MeasuredQuantity, Range]
    measured: Mapping[MeasuredQuantity, Mapping[str, Measured]]
    begins: datetime | None
    ends: datetime | None
    matter: Matter
    carrier: str = ""

    @property
    def loggers(self) -> tuple[str, ...]:
        """Who measured what is required."""
        return tuple(sorted({logger for quantity in self.required for logger in self.measured.get(quantity, {})}))


def watched(case: Case) -> Iterator[Watched]:
    """Give the goods of a delivery that need anything."""
    issues = [issue for issue in case.issues if issue.state is not IssueState.CANCELLED]
    if required := required_by(issues):
        yield _in_storage(case, required)
    for life in case.lives.values():
        if required := required_by(issue for issue in issues if _carries(issue, life.number)):
            yield _on_its_way(case, life, required)


def required_by(issues: Iterable[GoodsIssue]) -> dict[MeasuredQuantity, Range]:
    """Give what all of these goods issues require together, the strictest of each, by quantity."""
    required = [issue.conditions for issue in issues if issue.conditions is not None]
    ranges: dict[MeasuredQuantity, list[Range]] = {
        "temperature": [one.temperature for one in required if one.temperature is not None],
        "humidity": [one.humidity for one in required if one.humidity is not None],
    }
    return {quantity: _strictest(several) for quantity, several in ranges.items() if several}


def _strictest(several: Iterable[Range]) -> Range:
    every = list(several)
    return Range(
        low=max((one.low for one in every if one.low is not None), default=None),
        high=min((one.high for one in every if one.high is not None), default=None),
    )


def _carries(issue: GoodsIssue, number: str) -> bool:
    return any(tracking_number(package.tracking_number) == number for package in issue.packages)


def _in_storage(case: Case, required: Mapping[MeasuredQuantity, Range]) -> Watched:
    """Goods are in storage from the first reading until all of them have left."""
    measured = _measured(case, "", OPEN_ENDED, None)
    firsts = [buckets[0].first_at for loggers in measured.values() for buckets in loggers.values()]
    left = [line.closed_at for line in case.live_lines]
    ends = None if None in left else max((at for at in left if at is not None), default=None)
    return Watched("", required, measured, instant(min(firsts)) if firsts else None, ends, case.matter)


def _on_its_way(case: Case, life: Life, required: Mapping[MeasuredQuantity, Range]) -> Watched:
    """A parcel is under way from its despatch until it has come to an end; what its logger measures then is not its."""
    parcel = case.facts.parcels.get(life.number)
    claim = parcel.claim if parcel is not None and parcel.claim is not None and parcel.claim.linked else None
    ends = life.delivered_at
    if ends is None and life.last is not None and life.status is not None and life.status.is_final:
        ends = life.last.placed_at
    measured = _measured(case, life.number, claim.span, ends) if claim else {}
    return Watched(life.number, required, measured, life.despatched_at, ends, case.matter_of(life), life.carrier)


def _measured(
    case: Case, number: str, span: Span, ends: datetime | None
) -> dict[MeasuredQuantity, dict[str, Measured]]:
    found: dict[MeasuredQuantity, dict[str, Measured]] = {}
    since = seconds(span.since) if span.since is not None else -inf
    until = seconds(span.until) if span.until is not None else inf
    last = seconds(ends) if ends is not None else inf
    for (of, source, logger, quantity), series in case.facts.conditions.series.items():
        if of != number:
            continue
        counted = tuple(
            bucket for bucket in series.buckets if since <= bucket.first_at < until and bucket.first_at <= last
        )
        if counted:
            found.setdefault(quantity, {})[f"{logger} ({source})"] = counted
    return found
