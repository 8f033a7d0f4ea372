"""Orphans: parcels that no document names, and of which something is told: scans, readings, a signature.

Judged by `resolve`, told in scope `parcel`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from contracts.clock import Clock
from contracts.identity import snapshot_key
from contracts.operator_action import OperatorAction
from contracts.policy import Policy
from contracts.snapshot import DeliveryStatus, Finding, Kind, Snapshot, SubjectType, View, Wanted
from contracts.topics import SNAPSHOTS
from streams.delivery.by_hand import told
from streams.delivery.parcel import Life, Span, life
from streams.delivery.proving import Proof, first, proofs_of
from streams.detection.finding import Found, Place, Verdict, findings_of, tasks_of
from streams.detection.wording import instant, last_scan
from streams.engine.stage import Output, Wake
from streams.facts.by_hand import in_force
from streams.facts.conditions import instant as received
from streams.facts.feedback import Answer
from streams.facts.history import History
from streams.facts.of_parcel import FactsOfParcel
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
    facts: FactsOfParcel
    uses: Mapping[str, Use]
    answers: Mapping[str, Answer]
    actions: Sequence[OperatorAction]
    told: tuple[str, ...]


def orphan(known: Reported, clock: Clock, policy: Policy) -> Alone:
    """Judge a number.

    Several sources may report it: the first account by name tells it, so that it is one task.
    """
    number = known.number
    unclaimed = _unclaimed(known, policy)
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


class _Told(NamedTuple):
    """Who told something of it, and when first."""

    source: str
    account: str
    first_received: datetime


@dataclass(frozen=True, slots=True)
class _Unclaimed:
    """What is told of a number that no use of it claims."""

    told: tuple[_Told, ...]
    histories: tuple[History, ...]
    proofs: tuple[Proof, ...]

    def life(self, number: str) -> Life:
        """Fold it."""
        return life(number, "", self.histories, Span(), first(self.proofs))


def _unclaimed(known: Reported, policy: Policy) -> _Unclaimed:
    """Give what no use claims. Readings tell no carrier: any use may be theirs."""
    held = linked(known.uses.values())

    def is_unclaimed(carrier: str) -> bool:
        return not any(policy.same_carrier(use.carrier, carrier) for use in held)

    histories = [one for one in known.facts.histories.values() if one.scans and is_unclaimed(one.carrier)]
    proofs = [one for one in proofs_of(known.facts.proofs) if is_unclaimed(one.told.carrier)]
    told = [_Told(one.source, one.account, first_received(one)) for one in histories]
    told += [_Told(one.told.source, one.told.account, one.received_at) for one in proofs]
    if not held:
        told += [
            _Told(source, series.account, received(min(bucket.received_at for bucket in series.buckets)))
            for (_, source, _, _), series in known.facts.conditions.series.items()
        ]
    return _Unclaimed(tuple(told), tuple(histories), tuple(proofs))


def _verdict(number: str, unclaimed: _Unclaimed, uses: Mapping[str, Use], clock: Clock, policy: Policy) -> Verdict:
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


def _view(number: str, unclaimed: _Unclaimed, actions: Sequence[OperatorAction]) -> View:
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
