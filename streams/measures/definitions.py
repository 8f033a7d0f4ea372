"""What each measure means. All are pure functions of views and an instant; what is not judged yet is left out.

- OTIF, on time in full: a line counts 1 when all of it was delivered inside its promised window, in the destination's
  zone, and was accepted within tolerance; an order counts 1 when all its lines do. Cancelled lines and those that are
  not due yet are left out; not delivered past due is a miss; early has a bucket of its own, and is no hit. Source: SCOR
  12, RL.1.1 perfect order fulfillment, by its components RL.2.1 (orders delivered in full) and RL.2.2 (delivery
  performance to customer commit date).
- On-time rate: of the lines that are due, the share that was delivered inside its window, whatever the quantity
  (RL.2.2).
- Failure rate: of the orders that came to an end, the share with goods damaged, short, over, wrong or rejected, or with
  a parcel that came back (RL.2.4, perfect condition, seen from its failures).
- Handling timeliness: of the after-sales cases whose answer or solution is due or given, the share that had both in
  time (ISO 10002:2018, 8.2, analysis and evaluation of complaints).
- Satisfaction: the mean of all survey scores, each as a share of its own scale, in percent (ISO
  10004:2018, monitoring and measuring customer satisfaction).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from contracts.snapshot import DeliveryStatus, LineView, View
from contracts.tracking import TrackingStatus


class Outcome(StrEnum):
    """How a line, or an order by its lines, came out."""

    HIT = "hit"
    EARLY = "early"
    LATE = "late"
    NOT_IN_FULL = "not_in_full"
    MISSED = "missed"
    LEFT_OUT = "left_out"


_WORST_FIRST = (Outcome.MISSED, Outcome.LATE, Outcome.NOT_IN_FULL, Outcome.EARLY, Outcome.HIT)


def line_outcome(line: LineView, now: datetime) -> Outcome:
    """Judge a line: when it came first, then whether it was in full."""
    window = line.promised
    if line.cancelled or window is None:
        return Outcome.LEFT_OUT
    if line.delivered_at is None:
        return Outcome.MISSED if now >= window.closes else Outcome.LEFT_OUT
    if line.delivered_at >= window.closes:
        return Outcome.LATE
    if line.in_full is None:
        return Outcome.LEFT_OUT
    if not line.in_full:
        return Outcome.NOT_IN_FULL
    return Outcome.EARLY if window.opens is not None and line.delivered_at < window.opens else Outcome.HIT


def order_outcome(view: View, now: datetime) -> Outcome:
    """Judge an order by its worst line; it is left out as long as one of its lines can still go either way."""
    if view.status is DeliveryStatus.CANCELLED:
        return Outcome.LEFT_OUT
    counted = [line for line in view.lines if not line.cancelled and line.promised is not None]
    outcomes = {line_outcome(line, now) for line in counted}
    settled = outcomes - {Outcome.LEFT_OUT}
    worst = next((outcome for outcome in _WORST_FIRST if outcome in settled), Outcome.LEFT_OUT)
    is_lost = worst in {Outcome.MISSED, Outcome.LATE, Outcome.NOT_IN_FULL}
    return worst if is_lost or outcomes == settled else Outcome.LEFT_OUT


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of so many; none of nothing."""

    hits: int = 0
    total: int = 0

    @property
    def percent(self) -> Decimal | None:
        """In percent, to one place."""
        if not self.total:
            return None
        return (Decimal(100 * self.hits) / self.total).quantize(Decimal("0.1"))


def otif(outcomes: Iterable[Outcome]) -> Rate:
    """The share of hits among what is not left out."""
    counted = [outcome for outcome in outcomes if outcome is not Outcome.LEFT_OUT]
    return Rate(counted.count(Outcome.HIT), len(counted))


def on_time(lines: Iterable[LineView], now: datetime) -> Rate:
    """The share of due lines that were delivered inside their window, whatever the quantity."""
    due = [line for line in lines if _is_due(line, now)]
    return Rate(sum(_is_inside(line) for line in due), len(due))


def _is_due(line: LineView, now: datetime) -> bool:
    if line.cancelled or line.promised is None:
        return False
    return line.delivered_at is not None or now >= line.promised.closes


def _is_inside(line: LineView) -> bool:
    window, at = line.promised, line.delivered_at
    return window is not None and at is not None and (window.opens or at) <= at < window.closes


_ENDED = {
    DeliveryStatus.DELIVERED,
    DeliveryStatus.PARTIALLY_ACCEPTED,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.REFUSED,
    DeliveryStatus.RETURNED,
}


def has_failed(view: View) -> bool | None:
    """Whether a delivery that came to an end went wrong; None while it has not ended."""
    if view.status not in _ENDED:
        return None
    came_back = any(parcel.status is TrackingStatus.RETURNED for parcel in view.parcels)
    deviates = any(line.in_full is False for line in view.lines if not line.cancelled)
    return came_back or deviates or view.status is DeliveryStatus.REFUSED


def failures(views: Iterable[View]) -> Rate:
    """The share of ended deliveries that went wrong."""
    judged = [failed for view in views if (failed := has_failed(view)) is not None]
    return Rate(sum(judged), len(judged))


@dataclass(frozen=True, slots=True)
class Handled:
    """When a case was answered and solved, and until when it was to be; None where it was not, or need not be."""

    responded_at: datetime | None
    response_due: datetime
    solved_at: datetime | None = None
    solution_due: datetime | None = None

    def in_time(self, now: datetime) -> bool | None:
        """Whether it had both in time; None while neither can be said."""
        answered = _kept(self.responded_at, self.response_due, now)
        solved = True if self.solution_due is None else _kept(self.solved_at, self.solution_due, now)
        if False in {answered, solved}:
            return False
        return None if None in {answered, solved} else True


def _kept(at: datetime | None, due: datetime, now: datetime) -> bool | None:
    if at is not None:
        return at <= due
    return False if now > due else None


def timeliness(cases: Iterable[Handled], now: datetime) -> Rate:
    """The share of cases that had answer and solution in time."""
    judged = [kept for case in cases if (kept := case.in_time(now)) is not None]
    return Rate(sum(judged), len(judged))


@dataclass(frozen=True, slots=True)
class Score:
    """One answer to a survey, on a scale from `low` to `high`."""

    score: Decimal
    low: Decimal
    high: Decimal

    @property
    def percent(self) -> Decimal:
        """As a share of its scale."""
        return 100 * (self.score - self.low) / (self.high - self.low)


def satisfaction(scores: Iterable[Score]) -> Decimal | None:
    """The mean score in percent, to one place; None of nothing."""
    shares = [score.percent for score in scores]
    return (sum(shares, Decimal(0)) / len(shares)).quantize(Decimal("0.1")) if shares else None
