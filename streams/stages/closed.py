"""A closed delivery: what may still be told of its order, and what follows."""

import msgspec

from contracts.clock import Clock
from contracts.envelope import Event
from contracts.events import decode
from contracts.exchange import DocumentSlice
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import snapshot_key
from contracts.lane import LaneEstimate
from contracts.operator_action import OperatorAction
from contracts.policy import Policy
from contracts.registration import Registration
from contracts.service import CaseNote, Survey
from contracts.snapshot import Kind, Snapshot, SubjectType, task_key_of
from contracts.topics import SNAPSHOTS
from streams.delivery.after import after_of
from streams.delivery.facts import Delivery
from streams.delivery.stub import MESSAGE_KEPT, LateFact, Stub
from streams.delivery.told import with_told
from streams.engine.stage import Outcome, Output
from streams.facts.feedback import add_answer
from streams.stages.output import event_output


def reopened(stub: Stub, event: Event) -> Delivery | None:
    """Begin the delivery anew where a document was read afresh for it (`quayside reopen`)."""
    told = decode(event)
    if isinstance(told, DocumentSlice) and told.afresh:
        return Delivery(stub.account, stub.order, answers=stub.answers, done=stub.done, told=stub.told)
    return None


def untold(stub: Stub, policy: Policy) -> Output:
    """Want nothing any more in scope `after`: the order tells for itself again."""
    return _output(
        Snapshot(
            account=stub.account,
            scope="after",
            subject=stub.order,
            policy=policy.fingerprint,
            policy_revision=policy.revision,
        )
    )


def after_outcome(stub: Stub, clock: Clock, policy: Policy) -> tuple[Output, Outcome[Stub]]:
    """Fold a stub; the output is for whoever has something to tell."""
    judged = msgspec.structs.replace(stub, judged_by=policy.revision)
    snapshot, wakes = after_of(judged, clock, policy)
    return _output(snapshot), Outcome(judged, (), wakes)


def step(state: Stub, event: Event | None, clock: Clock, policy: Policy) -> Outcome[Stub]:
    """Take in what is told of a closed delivery, or let time pass. What is no news writes nothing."""
    known = state if event is None else _told(state, event)
    output, outcome = after_outcome(known, clock, policy)
    is_news = event is None or outcome.state != state
    return Outcome(outcome.state, (output,) if is_news else (), outcome.wake_at)


def _told(stub: Stub, event: Event) -> Stub:
    told, envelope = decode(event), event.envelope
    match told:
        case TaskFeedback():
            return _answered(stub, told)
        case LaneEstimate() | Registration():
            # They were asked for when the delivery was open, and nobody needs them any more.
            return stub
        case CaseNote() | Survey() | OperatorAction(scope="after"):
            facts = with_told(stub.told, told, envelope.received_at, str(envelope.origin))
            return msgspec.structs.replace(stub, told=facts)
    fact = LateFact(
        type=envelope.type.removeprefix("quayside.").removesuffix(".v1"),
        origin=str(envelope.origin),
        received_at=envelope.received_at,
        message=event.data.decode(errors="replace")[:MESSAGE_KEPT],
    )
    return stub.with_late(fact)


def _answered(stub: Stub, feedback: TaskFeedback) -> Stub:
    """Keep what was done to a task; whoever ends the one about late facts has read them."""
    if feedback.scope != "after" or feedback.outcome is FeedbackOutcome.OPENED:
        return stub
    about = (SubjectType.ORDER, stub.order)
    is_ended = feedback.outcome is not FeedbackOutcome.REASSIGNED
    if is_ended and feedback.task == task_key_of(stub.account, "after", stub.order, about, Kind.LATE_INFORMATION):
        return stub.with_late_read(feedback.at)
    return msgspec.structs.replace(stub, answers=add_answer(stub.answers, feedback))


def _output(snapshot: Snapshot) -> Output:
    return event_output(SNAPSHOTS, snapshot_key(snapshot.account, snapshot.scope, snapshot.subject), snapshot)
