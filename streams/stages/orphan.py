"""Orphans: parcels that no document names, and of which something is told: scans, readings, a signature.

Judged by `resolve`, told in scope `parcel`.
"""

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
from streams.detection.finding import Found, Place, Verdict, findings_of, tasks_of
from streams.detection.wording import instant, last_scan
from streams.engine.stage import Output, Wake
from streams.facts.by_hand import in_force
from streams.stages.output import event_output
from streams.stages.unclaimed import Reported, Unclaimed, unclaimed_of
from streams.stages.uses import Use


@dataclass(frozen=True, slots=True)
class Alone:
    """What is told of a parcel while nobody claims it. accounts: those under whose key something is told."""

    outputs: tuple[Output, ...]
    wakes: tuple[Wake, ...]
    accounts: tuple[str, ...]


def orphan(known: Reported, clock: Clock, policy: Policy) -> Alone:
    """Judge a number.

    Several sources may report it: the first account by name tells it, so that it is one task.
    """
    number = known.number
    unclaimed = unclaimed_of(known, policy)
    verdict = _verdict(number, unclaimed, known.uses, clock, policy) if unclaimed.told else Verdict()
    account = min((told.account for told in unclaimed.told), default="")
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


def _verdict(number: str, unclaimed: Unclaimed, uses: Mapping[str, Use], clock: Clock, policy: Policy) -> Verdict:
    if not policy.orphan_tracking.enabled:
        return Verdict()
    since = min(told.first_received for told in unclaimed.told)
    unlinked: list[datetime] = [use.despatched_at for use in uses.values() if not use.linked]
    opens_at = max([since, *unlinked]) + policy.orphan_tracking.grace
    known = unclaimed.life(number)
    found = Found(
        kind=Kind.ORPHAN_TRACKING,
        subject_type=SubjectType.PARCEL,
        subject=number,
        since=opens_at,
        details={
            "parcel": number,
            "carrier": known.carrier,
            "source": ", ".join(sorted({told.source for told in unclaimed.told})),
            "first_received": instant(since, "UTC") + " UTC",
            "last_scan": last_scan(known, "UTC"),
        },
    )
    return Verdict.at(opens_at, policy.heard_from_erp, clock, found)


def _view(number: str, unclaimed: Unclaimed, actions: Sequence[OperatorAction]) -> View:
    known = unclaimed.life(number)
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
