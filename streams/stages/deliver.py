"""Deliver: one order's delivery. Keyed by account and order.

It adds the event to the delivery's facts, folds them as of now, and writes one snapshot: what is so, what holds, and
what is therefore wanted outside. It arms the next instants at which that answer would change by itself. A delivery that
is finished, and of which nothing is wanted any more, shrinks to a stub (`streams.stages.closed`).
"""

from datetime import datetime

import msgspec

from contracts.clock import Clock
from contracts.envelope import Event
from contracts.identity import snapshot_key
from contracts.policy import Policy
from contracts.snapshot import Snapshot
from contracts.topics import DELIVERIES, SNAPSHOTS
from streams.delivery.closing import rests_on, shrink
from streams.delivery.facts import FORMAT, Delivery, add
from streams.delivery.fold import FOLD_VERSION, Folded, fold
from streams.delivery.stub import Stub
from streams.engine.stage import Outcome, Output, Stage, Wake
from streams.stages import closed
from streams.stages.legs import tell_lanes
from streams.stages.output import event_output
from streams.stages.resting import rests_as_a_stage


def step(state: Delivery | Stub | None, event: Event | None, clock: Clock, policy: Policy) -> Outcome[Delivery | Stub]:
    """Take in one fact, or let time pass. A fact that was known writes nothing: the answer of this policy stands."""
    if not isinstance(state, Stub):
        return _open_step(state, event, clock, policy)
    anew = closed.reopened(state, event) if event is not None else None
    if anew is None:
        return _as_delivery(closed.step(state, event, clock, policy))
    outcome = _open_step(anew, event, clock, policy)
    return Outcome(outcome.state, (closed.untold(state, policy), *outcome.outputs), outcome.wake_at)


def _open_step(state: Delivery | None, event: Event | None, clock: Clock, policy: Policy) -> Outcome[Delivery | Stub]:
    known = add(state, event) if event is not None else state
    if known is None:
        return Outcome(None)
    delivery = msgspec.structs.replace(known, judged_by=policy.revision)
    folded = fold(delivery, clock, policy)
    delivery, to_lanes = tell_lanes(delivery, folded.case, policy)
    is_known = event is not None and delivery == state
    outputs = () if is_known else (_output(folded.snapshot), *to_lanes)
    if folded.closes_at is None:
        return Outcome(delivery, outputs, folded.wakes)
    heard = rests_on(folded.case)
    if min(clock.now, clock.heard_all(heard)) < folded.closes_at:
        wakes = (*folded.wakes, Wake(folded.closes_at, heard))
        return Outcome(delivery, outputs, wakes)
    shut = _close(delivery, folded, folded.closes_at, clock, policy)
    return Outcome(shut.state, (*shut.outputs, *to_lanes), shut.wake_at)


def _close(
    delivery: Delivery, folded: Folded, closed_at: datetime, clock: Clock, policy: Policy
) -> Outcome[Delivery | Stub]:
    """Write the order's last snapshot, which wants nothing, and keep a stub."""
    stub = shrink(folded.case, delivery, closed_at, policy)
    after, outcome = closed.after_outcome(stub, clock, policy)
    last = folded.snapshot.model_copy(update={"closed_at": closed_at})
    outputs = (_output(last), after) if stub.plan else (_output(last),)
    return Outcome(outcome.state, outputs, outcome.wake_at)


def _as_delivery(outcome: Outcome[Stub]) -> Outcome[Delivery | Stub]:
    return Outcome(outcome.state, outcome.outputs, outcome.wake_at)


def _output(snapshot: Snapshot) -> Output:
    return event_output(SNAPSHOTS, snapshot_key(snapshot.account, snapshot.scope, snapshot.subject), snapshot)


STAGE: Stage[Delivery | Stub, Policy] = Stage(
    name="deliver",
    source=DELIVERIES,
    step=step,
    state=FORMAT,
    version=FOLD_VERSION,
    quarantined=rests_as_a_stage("deliver"),
)
