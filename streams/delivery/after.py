"""What is told of a closed delivery, in scope `after`: follow-ups, low scores, its cases, and what came too late."""

from contracts.clock import Clock
from contracts.policy import Matter, Policy
from contracts.service import CaseNote, Survey
from contracts.snapshot import DeliveryStatus, Kind, Snapshot, SubjectType, View, Wanted
from streams.delivery.aftermath import case_timeline, survey_entry
from streams.delivery.stub import Stub
from streams.detection.finding import Found, Place, Verdict, findings_of, tasks_of
from streams.detection.follow_up import due, planned_of_stub
from streams.detection.service import low_scores
from streams.detection.wording import day
from streams.engine.stage import Wake


def after_of(stub: Stub, clock: Clock, policy: Policy) -> tuple[Snapshot, tuple[Wake, ...]]:
    """Fold a stub: its snapshot, and when that would change by itself."""
    policy = policy.about(Matter(account=stub.account, zone=stub.zone))
    planned = planned_of_stub(stub)
    verdict = Verdict.all_of(due(Kind(kind), planned, policy, clock) for kind in stub.open_plan)
    if policy.survey_low.enabled:
        low = low_scores(stub.open_surveys(), stub.order, stub.customer, policy, clock)
        verdict = Verdict((*verdict.found, *low.found), (*verdict.wakes, *low.wakes))
    if stub.late and policy.late_information.enabled:
        verdict = Verdict((*verdict.found, _late(stub)), verdict.wakes)
    place = Place(stub.account, "after", stub.order)
    tasks = tasks_of(verdict.found, {}, place, clock, policy)
    snapshot = Snapshot(
        account=stub.account,
        scope="after",
        subject=stub.order,
        view=_view(stub) if stub.told else None,
        findings=findings_of(verdict.found, policy),
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
    return View(
        status=DeliveryStatus.UNKNOWN,
        customer_name=stub.customer,
        cases=tuple(case.view() for case in cases),
        timeline=tuple(sorted(entries, key=lambda entry: (entry.at, entry.what, entry.subject))),
    )


def _late(stub: Stub) -> Found:
    last = stub.late[-1]
    types = ", ".join(dict.fromkeys(fact.type for fact in stub.late))
    return Found(
        kind=Kind.LATE_INFORMATION,
        subject_type=SubjectType.ORDER,
        subject=stub.order,
        since=stub.late[0].received_at,
        details={
            "order": stub.order,
            "customer": stub.customer,
            "closed": day(stub.closed_at, stub.zone),
            "told": f"{types} (+{stub.more_late})" if stub.more_late else types,
            "origins": ", ".join(fact.origin for fact in stub.late),
            "message": last.message,
        },
    )
