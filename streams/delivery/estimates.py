"""What is expected of a parcel on its lane: its lane's history where that says enough, else the policy."""

from datetime import timedelta
from math import ceil
from typing import NamedTuple

from contracts.lane import Basis, TransitEstimate
from contracts.policy import Policy
from streams.delivery.case import Case
from streams.delivery.lane import lane_of
from streams.delivery.parcel import Life

POLICY = TransitEstimate(rests_on=Basis.POLICY)


def estimate_of(case: Case, life: Life, policy: Policy) -> TransitEstimate:
    """Give what its lane's history says; the policy counts until it has answered, and where it says too little.

    An answer about another lane, before a correction, does not count. How little a small history says is not told: it
    depends on who was told first.
    """
    for told in case.estimates:
        is_history = told.number == life.number and told.estimate.rests_on is Basis.HISTORY
        if is_history and told.lane == lane_of(case, life, policy):
            return told.estimate
    return POLICY


class Silence(NamedTuple):
    """How long a parcel may be silent, and on how many parcels of its lane that rests; none: on the policy."""

    span: timedelta
    legs: int = 0


def ordinary_silence(case: Case, life: Life, policy: Policy) -> Silence:
    """Say how long a parcel may be without a scan: what the policy says of its carrier, else what its lane shows.

    policy: what holds about this parcel. In whole hours, rounded up, as people are told it.
    """
    estimate = estimate_of(case, life, policy) if policy.stalled.by_lane else POLICY
    if estimate.silence_hours is None or policy.names_silence_of(life.carrier):
        return Silence(policy.longest_silence(life.carrier))
    return Silence(timedelta(hours=ceil(estimate.silence_hours)), estimate.sample)
