"""Carriers by what their legs show: each measure once, as a share of legs or scans, or as a quantile of hours.

- On time: of the legs with an instant by which the carrier should have delivered (`Leg.due_by`), the share that was
  delivered by then; what was lost or came back was not. A late departure is not the carrier's. SCOR 12, RL.2.2
  (delivery performance to customer commit date).
- Transit time: hours from the pick-up, or the despatch where no pick-up was told, to the delivery; quantiles by nearest
  rank (EN 13850, end-to-end transit time of single items).
- Lost, damaged, returned: of all legs. Damaged by the word of the carrier or of the recipient (SCOR 12, RL.2.4 perfect
  condition, RL.3.41 orders delivered damage free).
- Exceptions: of all legs, those with one in the carrier's own hands; one of which nobody is named is the carrier's.
- Silent: of all legs whose silences are known, those with one longer than `policy.stalled` calls ordinary.
- Untold: of the delivered legs, those whose delivery the carrier never told; the customer did, or an operator.
- Unknown codes and told late: of all scans. What cannot be read, or not in time, cannot be acted on (GS1 EPCIS 2.0,
  section 7.4.1, keeps the time of an event and of its record apart for this).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from contracts.lane import Leg, LegOutcome
from contracts.policy import Policy
from contracts.tracking import Owner
from streams.measures.definitions import Rate

_CARRIERS_OWN = {Owner.CARRIER.value, "unknown"}


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """What is measured: a carrier, one of its services, or one lane of that. Where a name is None, all of them are."""

    carrier: str
    service: str | None = None
    lane: tuple[str, str] | None = None

    def includes(self, other: "Part") -> bool:
        """Whether the other is this, or a part of it."""
        return (
            self.carrier == other.carrier and self.service in {None, other.service} and self.lane in {None, other.lane}
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """The legs of one part, measured. transit: p50, p80 and p95 in hours; None where none was delivered."""

    part: Part
    legs: int
    on_time: Rate
    lost: Rate
    damaged: Rate
    returned: Rate
    exceptions: Rate
    silent: Rate
    untold: Rate
    unknown_codes: Rate
    told_late: Rate
    transit: tuple[float, float, float] | None


def scorecard(legs: Iterable[Leg], policy: Policy) -> list[Measured]:
    """Measure every carrier, each of its services, and each lane of those, in this order."""
    parts: dict[Part, list[Leg]] = defaultdict(list)
    for leg in legs:
        lane = leg.lane
        for part in (
            Part(lane.carrier),
            Part(lane.carrier, lane.service),
            Part(lane.carrier, lane.service, (lane.origin, lane.destination)),
        ):
            parts[part].append(leg)
    return [_measured(part, parts[part], policy) for part in sorted(parts, key=_place)]


def _place(part: Part) -> tuple[str, bool, str, bool, tuple[str, str]]:
    return (part.carrier, part.service is not None, part.service or "", part.lane is not None, part.lane or ("", ""))


def _measured(part: Part, legs: Sequence[Leg], policy: Policy) -> Measured:
    delivered = [leg for leg in legs if leg.outcome is LegOutcome.DELIVERED]
    due = [leg for leg in legs if leg.due_by is not None]
    heard = [leg for leg in legs if leg.silence_hours is not None]
    scans = sum(leg.scans for leg in legs)
    silence = policy.longest_silence(part.carrier)
    return Measured(
        part=part,
        legs=len(legs),
        on_time=_share(due, is_on_time),
        lost=_share(legs, lambda leg: leg.outcome is LegOutcome.LOST),
        damaged=_share(legs, lambda leg: leg.damaged),
        returned=_share(legs, lambda leg: leg.outcome is LegOutcome.RETURNED),
        exceptions=_share(legs, lambda leg: bool(_CARRIERS_OWN & leg.exceptions.keys())),
        silent=_share(heard, lambda leg: timedelta(hours=leg.silence_hours or 0) > silence),
        untold=_share(delivered, lambda leg: not leg.is_scanned),
        unknown_codes=Rate(sum(leg.unknown_codes for leg in legs), scans),
        told_late=Rate(sum(leg.late_scans for leg in legs), scans),
        transit=_transit(legs),
    )


def is_on_time(leg: Leg) -> bool:
    """Whether a leg was delivered by when its carrier should have."""
    return leg.outcome is LegOutcome.DELIVERED and leg.due_by is not None and leg.ended_at <= leg.due_by


def _share(legs: Sequence[Leg], holds: Callable[[Leg], bool]) -> Rate:
    return Rate(sum(holds(leg) for leg in legs), len(legs))


def _transit(legs: Iterable[Leg]) -> tuple[float, float, float] | None:
    took = sorted(hours for leg in legs if (hours := leg.transit_hours) is not None)
    if not took:
        return None
    p50, p80, p95 = (round(took[ceil(part * len(took)) - 1], 1) for part in (0.5, 0.8, 0.95))
    return p50, p80, p95
