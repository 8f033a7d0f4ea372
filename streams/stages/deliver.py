"""Deliver: one order's delivery. Keyed by account and order.

It adds the event to the delivery's facts, folds them as of now, and writes one snapshot: what is so, what holds, and
what is therefore wanted outside. It arms the next instants at which that answer would change by itself.
"""

import msgspec

from contracts.clock import Clock
from contracts.envelope import Event
from contracts.identity import snapshot_key
from contracts.policy import Policy
from contracts.snapshot import Snapshot
from contracts.topics import DELIVERIES, SNAPSHOTS
from streams.delivery.facts import FORMAT, Delivery, add
from streams.delivery.fold import FOLD_VERSION, fold
from streams.engine.stage import Outcome, Output, Stage
from streams.stages.output import event_output
from streams.stages.resting import rests_as_a_stage


def step(state: Delivery | None, event: Event | None, clock: Clock, policy: Policy) -> Outcome[Delivery]:
    """Take in one fact, or let time pass. A fact that was known writes nothing: the answer of this policy stands."""
    known = add(state, event) if event is not None else state
    if known is None:
        return Outcome(None)
    delivery = msgspec.structs.replace(known, judged_by=policy.revision)
    folded = fold(delivery, clock, policy)
    is_known = event is not None and delivery == state
    outputs = () if is_known else (_output(folded.snapshot),)
    return Outcome(delivery, outputs, folded.wakes)


def _output(snapshot: Snapshot) -> Output:
    return event_output(SNAPSHOTS, snapshot_key(snapshot.account, snapshot.scope, snapshot.subject), snapshot)


STAGE: Stage[Delivery, Policy] = Stage(
    name="deliver",
    source=DELIVERIES,
    step=step,
    state=FORMAT,
    version=FOLD_VERSION,
    quarantined=rests_as_a_stage("deliver"),
)
