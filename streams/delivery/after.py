"""What is told of a closed delivery, in scope `after`: follow-ups, low scores, its cases, and what came too late."""

from contracts.clock import Clock
from contracts.policy import Policy
from contracts.service import CaseNote, Survey
from contracts.snapshot import DeliveryStatus, Kind, Snapshot, SubjectType, View, Wanted
from streams.delivery.aftermath import answered, case_timeline, survey_entry
from streams.delivery.by_hand import told
from streams.delivery.stub import Stub
from streams.detection.answers import settled_at
from streams.detection.finding import Found, Place, Verdict, findings_of, tasks_of
from streams.detection.follow_up import due, planned_of_stub, said_of_stub
from streams.detection.seen_to import Said, unseen
from streams.detection.service import low_scores
from streams.detection.wording import day
from streams.engine.stage import Wake


def after_of(stub: Stub, clock: Clock, policy: Policy) -> tuple[Snapshot, tuple[Wake, ...]]:
    """Fold a stub: its snapshot, and when that would change by itself."""
    policy = policy.about(stub.matter)
    planned, said = planned_of_stub(stub), said_of_stub(stub)
    verdict = Verdict.all_of(due(Kind(kind), planned, policy, clock) for kind in stub.follow_ups)
    if policy.survey_low.enabled:
        low = low_scores(unseen(stub.reports(Survey), said), stub.order, stub.customer, policy, clock)
        verdict = Verdict((*verdict.found, *low.found), (*verdict.wakes, *low.wakes))
    if stub.late and policy.late_information.enabled:
        verdict = Verdict((*verdict.found, _late(stub, said)), verdict.wakes)
    place = Place(stub.account, "after", stub.order)
    tasks = tasks_of(verdict.found, stub.answers, place, clock, policy, said.actions)
    snapshot = Snapshot(
        account=stub.account,
        scope="after",
        subject=stub.order,
        view=_view(stub) if stub.told or stub.answers else None,
        findings=findings_of(verdict.found, policy, tasks.answered),
        wanted=Wanted(tasks=tasks.tasks),
        policy=policy.fingerprint,
        policy_revision=policy.revision,
    )
    return snapshot, (*verdict.wakes, *tasks.wakes)


def _view(stub: Stub) -> View:
    """Show what was told of the order since: of what it was before, its last snapshot tells."""
    cases = [note.about for note in stub.reports(CaseNote) if note.about is not None]
    entries = [entry for case in cases for entry in case_timeline(case)]
    entries += [survey_entry(survey) for survey in stub.reports(Survey)]
    entries += [*answered(stub.answers.values()), *told(stub.actions())]
    return View(
        status=DeliveryStatus.UNKNOWN,
        customer_name=stub.customer,
        cases=tuple(case.view() for case in cases),
        timeline=tuple(sorted(entries, key=lambda entry: (entry.at, entry.what, entry.subject))),
    )


def _late(stub: Stub, said: Said) -> Found:
    """Tell what came too late since an operator last closed the task about it; where nothing did, all of it."""
    settled = settled_at(said.to(Kind.LATE_INFORMATION), ())
    unread = [fact for fact in stub.late if settled is None or fact.received_at > settled] or stub.late
    is_more = stub.more_until is not None and (settled is None or stub.more_until > settled)
    return Found(
        kind=Kind.LATE_INFORMATION,
        subject_type=SubjectType.ORDER,
        subject=stub.order,
        since=unread[0].received_at,
        details={
            "order": stub.order,
            "customer": stub.customer,
            "closed": day(stub.closed_at, stub.zone),
            "number": str(len(unread) + (stub.more_late if is_more else 0)),
            "told": ", ".join(dict.fromkeys(fact.type for fact in unread)),
            "latest": unread[-1].type,
            "origins": ", ".join(fact.origin for fact in unread),
            "message": unread[-1].message,
        },
    )
