"""Resolve: whose parcel is it? Keyed by the normalised tracking number alone.

It keeps the number's facts (what sources told, loggers measured, receivers signed) and its uses (which documents say
that it carries which orders), and sends each order the facts, to be joined, and one claim: which span of the number's
life is this order's. Deliver counts only facts inside a claim, so nothing ever has to be withdrawn.

Carriers recycle numbers. Uses whose despatches lie within 60 days of each other share the number (one parcel for two
orders); only a later one ends their claims. Facts that nobody claims wait, and are a finding after a while.
"""

from collections.abc import Iterable

import msgspec

from contracts.clock import Clock
from contracts.condition import ConditionReading
from contracts.envelope import Event
from contracts.errors import Rejected
from contracts.events import decode
from contracts.exchange import ParcelLink
from contracts.feedback import TaskFeedback
from contracts.identity import order_key
from contracts.operator_action import OperatorAction
from contracts.policy import Policy
from contracts.proof import ProofOfDelivery
from contracts.topics import DELIVERIES, TRACKING
from contracts.tracking import Tracking
from streams.delivery.told import with_told
from streams.engine.stage import Outcome, Output, Stage, Wake
from streams.facts import conditions, proofs
from streams.facts.feedback import add_answer
from streams.facts.history import join, of_report
from streams.stages.known_parcel import FORMAT, Parcel, aged, facts_kept_until, is_forgotten, uses_kept_until
from streams.stages.orphan import orphan
from streams.stages.output import event_output
from streams.stages.resting import rests_as_a_stage
from streams.stages.unclaimed import Reported
from streams.stages.uses import Use, claims, linked


def step(state: Parcel | None, event: Event | None, clock: Clock, policy: Policy) -> Outcome[Parcel]:
    """Take in a report, readings, a proof, a link or feedback, or let time pass."""
    if event is None:
        return Outcome(None) if state is None else _answer(state, aged(state, clock, policy), clock, policy)
    match decode(event):
        case Tracking() as report:
            known = state or _fresh(event)
            told_now = of_report(report, event.envelope.received_at)
            histories = known.histories | {told_now.source: join(known.histories.get(told_now.source), told_now)}
            changed = msgspec.structs.replace(known, histories=dict(sorted(histories.items())))
            _may_wait(changed, policy)
        case ConditionReading() as readings:
            known = state or _fresh(event)
            measured = conditions.of_report(readings, event.envelope.received_at)
            changed = msgspec.structs.replace(known, conditions=conditions.join(known.conditions, measured))
        case ProofOfDelivery() as proof:
            known = state or _fresh(event)
            proved = proofs.join(known.proofs, proofs.of_report(proof, event.envelope.received_at))
            changed = msgspec.structs.replace(known, proofs=proved)
            _may_wait(changed, policy)
        case ParcelLink() as link:
            changed = _with_link(state or _fresh(event), Use.of(link, event.envelope.stamp))
            if link.afresh and state is not None:
                state = _untold(state, link)
        case TaskFeedback() as feedback:
            known = state or _fresh(event)
            changed = msgspec.structs.replace(known, answers=add_answer(known.answers, feedback))
        case OperatorAction() as action:
            known, envelope = state or _fresh(event), event.envelope
            told = with_told(known.told, action, envelope.received_at, str(envelope.origin))
            changed = msgspec.structs.replace(known, told=told)
        case other:
            raise Rejected(f"{type(other).__name__} is nothing that a parcel knows", code="unroutable")
    return _answer(state, changed, clock, policy)


def _fresh(event: Event) -> Parcel:
    return Parcel(event.key.decode(), {}, {}, {})


def _may_wait(state: Parcel, policy: Policy) -> None:
    """Refuse what is one too many where nobody claims the number."""
    waiting = state.facts.waiting
    if not linked(state.every_use().values()) and waiting > policy.orphan_tracking.at_most:
        raise Rejected(
            f"{waiting} facts of {state.number} wait for a document that names it; "
            f"{policy.orphan_tracking.at_most} may",
            code="too_many_waiting",
        )


def _with_link(state: Parcel, use: Use) -> Parcel:
    known = state.uses.get(use.name)
    if known is not None and known.order_of_telling >= use.order_of_telling:
        return state
    return msgspec.structs.replace(state, uses=dict(sorted((state.uses | {use.name: use}).items())))


def _untold(state: Parcel, link: ParcelLink) -> Parcel:
    """Forget that an order was told anything, so that it is told everything."""
    uses = {name: use for name, use in state.uses.items() if (use.account, use.order) != (link.account, link.order)}
    return msgspec.structs.replace(state, uses=uses)


def _answer(before: Parcel | None, after: Parcel, clock: Clock, policy: Policy) -> Outcome[Parcel]:
    """Write what changed for each order, and what is wanted while nobody claims the number."""
    alone = orphan(reported(after), clock, policy)
    outputs = (*_claims_told(before, after), *_facts_told(before, after), *alone.outputs)
    if is_forgotten(after, clock):
        return Outcome(None, outputs)
    kept_until = facts_kept_until(after, policy) or uses_kept_until(after)
    kept = msgspec.structs.replace(after, told_alone=alone.accounts)
    return Outcome(kept, outputs, (*alone.wakes, Wake(kept_until)))


def reported(parcel: Parcel) -> Reported:
    """Give what an orphan is judged by."""
    return Reported(
        number=parcel.number,
        facts=parcel.facts,
        uses=parcel.every_use(),
        answers=parcel.answers,
        actions=parcel.actions(),
        told=parcel.told_alone,
    )


def _claims_told(before: Parcel | None, after: Parcel) -> Iterable[Output]:
    known = claims(before.number, before.every_use().values()) if before else {}
    for order, claim in claims(after.number, after.every_use().values()).items():
        if known.get(order) != claim:
            yield event_output(DELIVERIES, order_key(claim.account, claim.order), claim)


def _facts_told(before: Parcel | None, after: Parcel) -> Iterable[Output]:
    """Tell each order that uses the number the facts that are new, and all of them to one that uses it newly."""
    had = {(use.account, use.order) for use in linked(before.every_use().values())} if before else set()
    new = after.facts.new_since(before.facts) if before else after.facts
    for account, order in sorted({(use.account, use.order) for use in linked(after.every_use().values())}):
        told = new if (account, order) in had else after.facts
        if not told.is_nothing:
            yield event_output(DELIVERIES, order_key(account, order), told.told_to(account, order, after.number))


STAGE: Stage[Parcel, Policy] = Stage(
    name="resolve", source=TRACKING, step=step, state=FORMAT, quarantined=rests_as_a_stage("resolve")
)
