"""Cases: after-sales cases, each keyed by the account that tells it and its number there.

Of each case the newest version counts. It is judged here, by the time that its severity allows for the next step, and
told in a snapshot of its own. The order that it names is told of it, so that the order shows its cases; one that it
names no longer, or that only an older version names, is told so: arrival order leaves no trace.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from contracts.clock import Clock
from contracts.envelope import Event
from contracts.errors import Rejected
from contracts.events import decode
from contracts.feedback import TaskFeedback
from contracts.identity import order_key, parts, snapshot_key
from contracts.operator_action import OperatorAction
from contracts.policy import Matter, Policy
from contracts.service import CaseNote, ServiceCase
from contracts.snapshot import CaseView, Snapshot, Wanted
from contracts.topics import CASES, DELIVERIES, SNAPSHOTS
from streams.delivery.aftermath import answered, case_timeline
from streams.delivery.by_hand import told
from streams.delivery.told import with_told
from streams.detection.case_steps import CaseFacts, judge_case
from streams.detection.finding import Place, findings_of, tasks_of
from streams.engine.stage import Outcome, Output, Stage, Wake
from streams.facts.by_hand import in_force
from streams.facts.feedback import add_answer
from streams.stages.known_case import FORMAT, NO_ORDER, KnownCase
from streams.stages.output import event_output
from streams.stages.resting import rests_as_a_stage

KEPT = timedelta(days=400)
"""How long after it was closed a case is remembered; of one that nobody told, after people last said something."""


def step(state: KnownCase | None, event: Event | None, clock: Clock, policy: Policy) -> Outcome[KnownCase]:
    """Take in a version of a case or what people said to its tasks, or let time pass. What was known writes nothing."""
    before = state or KnownCase()
    known = msgspec.structs.replace(_with(before, event), judged_by=policy.revision)
    case = known.case()
    kept_until = _kept_until(known, case)
    if kept_until is not None and clock.now >= kept_until and event is None:
        return Outcome(None)
    forgets = (Wake(kept_until),) if kept_until is not None else ()
    if case is None:
        return Outcome(known, (), forgets)
    snapshot, wakes = fold_case(known, case, clock, policy)
    is_known = event is not None and known == state
    outputs = () if is_known else (*_told(before, known, case), _to_snapshots(snapshot))
    return Outcome(known, outputs, (*wakes, *forgets))


def _with(known: KnownCase, event: Event | None) -> KnownCase:
    """Add what `event` says; raises Rejected where it says nothing that a case knows, or of another case."""
    if event is None:
        return known
    match decode(event):
        case ServiceCase() as version:
            if parts(event.key) != (version.account, version.case):
                raise Rejected(f"case {version.account}/{version.case} under the key of another", code="bad_key")
            return known.with_version(version)
        case TaskFeedback() as feedback:
            return msgspec.structs.replace(known, answers=add_answer(known.answers, feedback))
        case OperatorAction() as action:
            envelope = event.envelope
            facts = with_told(known.told, action, envelope.received_at, str(envelope.origin))
            return msgspec.structs.replace(known, told=facts)
        case other:
            raise Rejected(f"{type(other).__name__} is nothing that a case knows", code="unroutable")


def _kept_until(known: KnownCase, case: ServiceCase | None) -> datetime | None:
    """Until when it is remembered; None while it is open."""
    if case is None:
        said = [answer.at for answer in known.answers.values()] + [action.at for action in known.actions()]
        return max(said) + KEPT if said else None
    if case.is_open:
        return None
    return max(case.version, case.closed or case.version) + KEPT


def fold_case(known: KnownCase, case: ServiceCase, clock: Clock, policy: Policy) -> tuple[Snapshot, tuple[Wake, ...]]:
    """Fold a case: its snapshot, and when that would change by itself."""
    account, _ = case.names_order or (case.account, "")
    policy = policy.about(Matter(account=account, customer=case.customer.id if case.customer else ""))
    verdict = judge_case(CaseFacts(case, known.named_since(case)), policy, clock)
    place = Place(case.account, "case", case.case)
    tasks = tasks_of(verdict.found, known.answers, place, clock, policy, in_force(known.actions()))
    snapshot = Snapshot(
        account=case.account,
        scope="case",
        subject=case.case,
        case=_view(known, case),
        findings=findings_of(verdict.found, policy, tasks.answered),
        wanted=Wanted(tasks=tasks.tasks),
        policy=policy.fingerprint,
        policy_revision=policy.revision,
    )
    return snapshot, (*verdict.wakes, *tasks.wakes)


def _view(known: KnownCase, case: ServiceCase) -> CaseView:
    entries = (*case_timeline(case), *answered(known.answers.values()), *told(known.actions()))
    timeline = sorted(entries, key=lambda entry: (entry.at, entry.what, entry.subject))
    return case.view().model_copy(update={"timeline": tuple(timeline)})


def _told(before: KnownCase, known: KnownCase, case: ServiceCase) -> Iterable[Output]:
    """Tell the order that is named what is new, and each that is newly known not to be that it is not."""
    if before.versions == known.versions:
        return
    was = before.case()
    named = case.names_order
    gone = {name for name in known.naming.named if name not in before.naming.named}
    gone |= {was.names_order} if was is not None and was.names_order is not None else set()
    for name in sorted(gone - {named, NO_ORDER}):
        yield _to_order(known.note(case, name))
    if named is not None:
        yield _to_order(known.note(case, named))


def _to_order(note: CaseNote) -> Output:
    return event_output(DELIVERIES, order_key(note.account, note.order), note)


def _to_snapshots(snapshot: Snapshot) -> Output:
    return event_output(SNAPSHOTS, snapshot_key(snapshot.account, snapshot.scope, snapshot.subject), snapshot)


STAGE: Stage[KnownCase, Policy] = Stage(
    name="cases", source=CASES, step=step, state=FORMAT, quarantined=rests_as_a_stage("cases")
)
