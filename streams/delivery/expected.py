"""The best known arrival of what has left, on what it rests, and since when it is known.

Of a parcel its carrier's word counts, where it gives one. Else what its lane's history says, by which four in five have
arrived, and where that says too little the policy's transit time: both from the instant at which it was picked up, or
left.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.policy import Policy
from contracts.tracking import TrackingStatus
from streams.delivery.case import Case
from streams.delivery.estimates import estimate_of
from streams.delivery.parcel import Life
from streams.delivery.plan import transit_days
from streams.delivery.working_days import days_after


class Ground(StrEnum):
    """On what an expectation rests, the surest first."""

    CARRIER = "carrier"
    LANE = "lane"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Expected:
    """When something is expected to arrive. known: since when which arrival was, in order.

    share: of how many of a lane's parcels the arrival holds, where that is known; sample: of how many it was learnt.
    """

    basis: Ground
    known: tuple[tuple[datetime, datetime], ...]
    share: float | None = None
    sample: int = 0

    @property
    def at(self) -> datetime:
        """The arrival that counts."""
        return self.known[-1][1]

    def behind_since(self, closes: datetime) -> datetime | None:
        """Since when, without a break, it is known to lie at or behind the end of a window; None where it does not."""
        since: datetime | None = None
        for known_at, arrival in reversed(self.known):
            if arrival < closes:
                break
            since = known_at
        return since


def expected_arrival(case: Case, life: Life, policy: Policy) -> Expected | None:
    """Say when a parcel is expected; None where it is not awaited, or nothing is known of when it left."""
    if not case.awaits(life):
        return None
    if life.etas:
        return Expected(Ground.CARRIER, tuple((told.received_at, told.eta) for told in life.etas))
    left_at = picked_up_at(life) or life.despatched_at
    if left_at is None:
        return None
    estimate = estimate_of(case, life, policy)
    if estimate.transit is None:
        return by_transit(case, life.document, left_at, policy)
    arrival = left_at + timedelta(hours=estimate.transit.p80)
    return Expected(Ground.LANE, ((left_at, arrival),), share=0.8, sample=estimate.sample)


def by_transit(case: Case, document: str, left_at: datetime | None, policy: Policy) -> Expected | None:
    """Reckon the arrival of a goods issue's goods from when they left, by the policy's transit time."""
    if case.order is None or left_at is None:
        return None
    packages = (package for issue in case.issues if issue.document == document for package in issue.packages)
    arrival = days_after(left_at, transit_days(case.order, packages, policy), policy)
    return Expected(Ground.POLICY, ((left_at, arrival),))


def picked_up_at(life: Life) -> datetime | None:
    """When the carrier first had a parcel in its hands."""
    silent = {TrackingStatus.REGISTERED, TrackingStatus.UNKNOWN, TrackingStatus.CANCELLED}
    return next((scan.placed_at for scan in life.scans if scan.status not in silent), None)
