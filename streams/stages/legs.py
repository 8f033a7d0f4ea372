"""What deliver tells the lanes: that a parcel has left, and how its way ended. Each once."""

import msgspec

from contracts.lane import LaneAsked, LegCompleted, LegOutcome
from contracts.policy import Policy
from contracts.topics import LANES
from streams.delivery.case import Case
from streams.delivery.facts import Delivery
from streams.delivery.lane import lane_of
from streams.delivery.legs import leg_of
from streams.delivery.on_lane import OnLane
from streams.delivery.parcel import Life
from streams.engine.stage import Output
from streams.stages.output import event_output


def tell_lanes(delivery: Delivery, case: Case, policy: Policy) -> tuple[Delivery, tuple[Output, ...]]:
    """Ask for a parcel that has left, tell of one that has come to an end, and note what was asked and told.

    A leg stays in a lane's history as it was told first; that a lost parcel turned up after all is told as well.
    """
    lanes = dict(delivery.lanes)
    outputs: list[Output] = []
    for number, life in case.lives.items():
        known = lanes.get(number, OnLane())
        asked = _asked(delivery, case, life, policy)
        if asked is not None and (name := asked.lane.key.decode()) != known.asked:
            known = msgspec.structs.replace(known, asked=name)
            outputs.append(event_output(LANES, asked.lane.key, asked))
        told = _told(delivery, case, life, known, policy)
        if told is not None:
            known = msgspec.structs.replace(known, told=told.leg.outcome.value)
            outputs.append(event_output(LANES, told.leg.lane.key, told))
        if known != lanes.get(number, OnLane()):
            lanes[number] = known
    if not outputs:
        return delivery, ()
    return msgspec.structs.replace(delivery, lanes=dict(sorted(lanes.items()))), tuple(outputs)


def _asked(delivery: Delivery, case: Case, life: Life, policy: Policy) -> LaneAsked | None:
    is_under_way = case.is_promised and (life.status is None or not life.status.is_final)
    lane = lane_of(case, life, policy) if is_under_way and life.despatched_at is not None else None
    if lane is None or life.despatched_at is None:
        return None
    return LaneAsked(
        account=delivery.account,
        order=delivery.order,
        number=life.number,
        lane=lane,
        despatched_at=life.despatched_at,
    )


def _told(delivery: Delivery, case: Case, life: Life, known: OnLane, policy: Policy) -> LegCompleted | None:
    """Give the leg that is to be told. What nobody but the customer says of its end is no measure of a lane."""
    if known.told not in {"", LegOutcome.LOST.value}:
        return None
    leg = leg_of(case, life, policy)
    if leg is None or not leg.is_scanned or leg.outcome.value == known.told:
        return None
    return LegCompleted(account=delivery.account, order=delivery.order, leg=leg)
