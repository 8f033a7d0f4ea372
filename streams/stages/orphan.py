"""Orphans: parcels that are reported and that no document names. Judged by `resolve`, told in scope `parcel`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.clock import Clock
from contracts.identity import snapshot_key
from contracts.operator_action import OperatorAction
from contracts.policy import Policy
from contracts.snapshot import DeliveryStatus, Finding, Kind, Snapshot, SubjectType, View, Wanted
from contracts.topics import SNAPSHOTS
from streams.delivery.by_hand import told
from streams.delivery.parcel import Life, Span, life
from streams.detection.finding import Found, Place, Verdict, findings_of, tasks_of
from streams.detection.wording import instant, last_scan
from streams.engine.stage import Output, Wake
from streams.facts.by_hand import in_force
from streams.facts.feedback import Answer
from streams.facts.history import History
from streams.facts.reading import first_received
from streams.stages.output import event_output
from streams.stages.uses import Use, linked


@dataclass(frozen=True, slots=True)
class Alone:
    """What is told of a parcel while nobody claims it. accounts: those under whose key something is told."""

    outputs: tuple[Output, ...]
    wakes: tuple[Wake, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """What is known of a number. uses: also by operators' word; actions: theirs, the undone included.

    told: the accounts under which a snapshot of it was written that still wants something.
    """

    number: str
    histories: Mapping[str, History]
    uses: Mapping[str, Use]
    answers: Mapping[str, Answer]
    actions: Sequence[OperatorAction]
    told: tuple[str, ...]


def orphan(known: Reported, clock: Clock, policy: Policy) -> Alone:
    """Judge a number.

    Several sources may report it: the first account by name tells it, so that it is one task.
    """
    number = known.number
    unclaimed = _unclaimed(known.histories, known.uses, policy)
    verdict = _verdict(number, unclaimed, known.uses, clock, policy) if unclaimed else Verdict()
    account = min((history.account for history in unclaimed), default="")
    wakes = list(verdict.wakes)
    outputs = [
        _snapshot(Place(other, "parcel", number), policy)
        for other in known.told
        if other != account or not verdict.found
    ]
    if verdict.found:
        place = Place(account, "parcel", number)
        tasks = tasks_of(verdict.found, known.answers, place, clock, policy, in_force(known.actions))
        wakes += tasks.wakes
        outputs.append(
            _snapshot(
                place,
                policy,
                view=_view(number, unclaimed, known.actions),
                findings=findings_of(verdict.found, policy, tasks.answered),
                wanted=Wanted(tasks=tasks.tasks),
            )
        )
    return Alone(
        outputs=tuple(
            event_output(SNAPSHOTS, snapshot_key(snapshot.account, "parcel", number), snapshot) for snapshot in outputs
        ),
        wakes=tuple(wakes),
        accounts=(account,) if verdict.found else (),
    )


def _unclaimed(histories: Mapping[str, History], uses: Mapping[str, Use], policy: Policy) -> list[History]:
    held = linked(uses.values())
    return [
        history
        for history in histories.values()
        if history.scans and not any(policy.same_carrier(use.carrier, history.carrier) for use in held)
    ]


def _verdict(number: str, unclaimed: list[History], uses: Mapping[str, Use], clock: Clock, policy: Policy) -> Verdict:
    if not policy.orphan_tracking.enabled:
        return Verdict()
    first = min(first_received(history) for history in unclaimed)
    unlinked: list[datetime] = [use.despatched_at for use in uses.values() if not use.linked]
    opens_at = max([first, *unlinked]) + policy.orphan_tracking.grace
    known = _life(number, unclaimed)
    found = Found(
        kind=Kind.ORPHAN_TRACKING,
        subject_type=SubjectType.PARCEL,
        subject=number,
        since=opens_at,
        details={
            "parcel": number,
            "carrier": known.carrier,
            "source": ", ".join(sorted(history.source for history in unclaimed)),
            "first_received": instant(first, "UTC") + " UTC",
            "last_scan": last_scan(known, "UTC"),
        },
    )
    return Verdict.at(opens_at, policy.heard_from_erp, clock, found)


def _life(number: str, unclaimed: list[History]) -> Life:
    return life(number, "", unclaimed, Span())


def _view(number: str, unclaimed: list[History], actions: Sequence[OperatorAction]) -> View:
    known = _life(number, unclaimed)
    timeline = sorted((*known.timeline(), *told(actions)), key=lambda entry: entry.at)
    return View(status=DeliveryStatus.UNKNOWN, parcels=(known.view(),), timeline=tuple(timeline))


def _snapshot(
    place: Place,
    policy: Policy,
    view: View | None = None,
    findings: tuple[Finding, ...] = (),
    wanted: Wanted | None = None,
) -> Snapshot:
    return Snapshot(
        account=place.account,
        scope=place.scope,
        subject=place.subject,
        view=view,
        findings=findings,
        wanted=wanted or Wanted(),
        policy=policy.fingerprint,
        policy_revision=policy.revision,
    )
