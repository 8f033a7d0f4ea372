"""What to do about carriers that fall short: talk to them, or suspend them. A proposal; people decide.

A share of few legs says little: one parcel of twenty that is lost is five per cent, and may be bad luck. So a limit is
missed only where the share lies beyond it with 95 % certainty: the end of its Wilson score interval that is the better
one for the carrier is held against the limit (E. B. Wilson, JASA 22, 1927; NIST/SEMATECH e-Handbook, 7.2.4.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import sqrt

from contracts.policy import Policy
from contracts.policy.carriers import AtLeast, AtMost
from streams.measures.carriers import Measured, Part
from streams.measures.definitions import Rate

_Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: 95 % of it lie between minus and plus so many deviations."""
MEASURES = ("on_time", "lost", "damaged", "exceptions", "silent", "untold", "unknown_codes", "told_late")
"""The measures that have a limit, each by its name in `policy.carrier_evaluation` and in `Measured`."""


class Step(StrEnum):
    """What is proposed."""

    REVIEW = "review"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True)
class Missed:
    """A limit that was missed: by which share, of how many, and which limit in percent."""

    measure: str
    found: Decimal
    total: int
    limit: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step about a carrier, a service or a lane, and why."""

    step: Step
    part: Part
    because: tuple[Missed, ...]


def proposals(card: Iterable[Measured], policy: Policy) -> list[Proposal]:
    """Propose what follows from a scorecard, the gravest first; what a wider proposal includes is left out."""
    judged = [measured for measured in card if measured.legs >= policy.carrier_evaluation.enough]
    suspended = _widest(_proposed(judged, Step.SUSPEND, policy))
    reviewed = _widest(_proposed(judged, Step.REVIEW, policy))
    return suspended + [one for one in reviewed if not _is_included(one, suspended)]


def _proposed(judged: Iterable[Measured], step: Step, policy: Policy) -> list[Proposal]:
    found = ((measured.part, tuple(_missed(measured, step, policy))) for measured in judged)
    return [Proposal(step, part, because) for part, because in found if because]


def _missed(measured: Measured, step: Step, policy: Policy) -> Iterable[Missed]:
    for measure in MEASURES:
        expected: AtLeast | AtMost = getattr(policy.carrier_evaluation, measure)
        rate: Rate = getattr(measured, measure)
        limit = expected.suspend if step is Step.SUSPEND else expected.review
        if limit is not None and rate.percent is not None and _is_beyond(rate, expected, limit):
            yield Missed(measure, rate.percent, rate.total, limit)


def _is_beyond(rate: Rate, expected: AtLeast | AtMost, limit: float) -> bool:
    low, high = certainly(rate)
    return high < limit if isinstance(expected, AtLeast) else low > limit


def certainly(rate: Rate) -> tuple[float, float]:
    """Between which shares, in percent, the true one lies with 95 % certainty; raises ValueError at a share of nothing.

    Wilson's score interval.
    """
    if not rate.total:
        raise ValueError("a share of nothing")
    part, squared = rate.hits / rate.total, _Z * _Z / rate.total
    centre = part + squared / 2
    reach = _Z * sqrt(part * (1 - part) / rate.total + squared / (4 * rate.total))
    return 100 * (centre - reach) / (1 + squared), 100 * (centre + reach) / (1 + squared)


def _widest(found: Sequence[Proposal]) -> list[Proposal]:
    """Leave out what another one includes: a carrier that is suspended needs no suspension of a lane."""
    return [one for one in found if not _is_included(one, [other for other in found if other is not one])]


def _is_included(one: Proposal, others: Iterable[Proposal]) -> bool:
    return any(other.part.includes(one.part) for other in others)
