"""Lanes: how long does it take? Keyed by the lane.

It folds each leg that came to an end into the lane's history, and answers each delivery that asks with an estimate, a
fact like any other. It has no time: what it says follows from the legs alone, and says of when it is.
"""

import msgspec

from contracts.clock import BEFORE_TIME, Clock
from contracts.envelope import Event
from contracts.errors import Rejected
from contracts.events import decode
from contracts.identity import order_key
from contracts.lane import LaneAsked, LaneEstimate, LegCompleted
from contracts.policy import Policy
from contracts.topics import DELIVERIES, LANES
from streams.engine.stage import Outcome, Output, Quarantine, Stage, StateFormat
from streams.lanes.history import LaneHistory, answer, with_leg
from streams.stages.output import event_output
from streams.stages.resting import rests_as_a_stage


def step(state: LaneHistory | None, event: Event | None, _clock: Clock, policy: Policy) -> Outcome[LaneHistory]:
    """Take in a leg, or answer a delivery. An unknown lane is answered too, and nothing is kept of it."""
    if event is None:
        return Outcome(state)
    match decode(event):
        case LegCompleted() as told:
            return Outcome(with_leg(state or LaneHistory(), told.leg))
        case LaneAsked() as asked:
            return Outcome(state, (_estimate(state or LaneHistory(), asked, policy),))
        case other:
            raise Rejected(f"{type(other).__name__} is nothing that a lane knows", code="unroutable")


def _estimate(known: LaneHistory, asked: LaneAsked, policy: Policy) -> Output:
    estimate = LaneEstimate(
        account=asked.account,
        order=asked.order,
        id=f"{asked.number}/{asked.lane.key.decode()}",
        version=max(asked.despatched_at, known.newest),
        number=asked.number,
        lane=asked.lane,
        estimate=answer(known, asked.despatched_at, policy.lanes.enough),
    )
    return event_output(DELIVERIES, order_key(asked.account, asked.order), estimate)


FORMAT: StateFormat[LaneHistory] = StateFormat(
    number=1,
    encode=msgspec.msgpack.Encoder().encode,
    decode=msgspec.msgpack.Decoder(LaneHistory).decode,
)
_tell_rest = rests_as_a_stage("lanes")


def _rests(
    key: bytes, state: LaneHistory | None, quarantine: Quarantine | None, clock: Clock, policy: Policy
) -> tuple[Output, ...]:
    """Tell that a lane rests: since its newest leg, for the stage has no time of its own."""
    if quarantine is not None:
        since = state.newest if state is not None else BEFORE_TIME
        quarantine = Quarantine(since, quarantine.error, quarantine.waiting)
    return _tell_rest(key, state, quarantine, clock, policy)


STAGE: Stage[LaneHistory, Policy] = Stage(name="lanes", source=LANES, step=step, state=FORMAT, quarantined=_rests)
