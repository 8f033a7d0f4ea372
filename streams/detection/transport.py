"""Transport: arrivals that slip, exceptions on the way, parcels that come back or are perhaps lost."""

from collections.abc import Callable
from datetime import datetime

from contracts.clock import Clock
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from contracts.tracking import TrackingStatus
from streams.delivery.case import Case
from streams.delivery.parcel import Life
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.silence import perhaps_lost_from, silent_since, until_claim
from streams.detection.wording import hours, instant, last_scan, promise
from streams.facts.history import ScanFact

_NOT_COMING_BACK = {TrackingStatus.DELIVERED, TrackingStatus.CANCELLED}
_SAYS_NOTHING = {TrackingStatus.REGISTERED, TrackingStatus.UNKNOWN}


def eta_slipped(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when the carrier's ETA is later than it first said by more than is ordinary, inside the window or outside.

    Clears when the carrier says an earlier one, or with the delivery. About the parcel. Rests on nobody's silence.
    """
    return _of_each(case, policy, lambda life, here: _slipped(case, life, here, clock))


def _slipped(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    if not life.etas or not case.awaits(life):
        return Verdict()
    first, latest = life.etas[0].eta, life.etas[-1].eta
    since: datetime | None = None
    for told in reversed(life.etas):
        if told.eta - first <= policy.eta_slipped.by:
            break
        since = told.received_at
    if since is None:
        return Verdict()
    details = {"first_eta": instant(first, case.zone), "eta": instant(latest, case.zone), "slip": hours(latest - first)}
    return _told(case, life, Kind.ETA_SLIPPED, since + policy.eta_slipped.grace, details, clock)


def expired(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a moving parcel had no scan for so long that it is perhaps lost, or its carrier says that it expired.

    An inquiry is due. Clears with the next scan, or when a claim is due. About the parcel. Rests on hearing the
    carriers.
    """
    return _of_each(case, policy, lambda life, here: _expired(case, life, here, clock))


def _expired(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    opens_at = perhaps_lost_from(case, life, policy)
    if opens_at is None:
        return Verdict()
    found = _found(case, life, Kind.EXPIRED, opens_at, _silence(case, life))
    return Verdict.between(opens_at, until_claim(case, life, policy), case.hears_carriers, clock, found)


def claim_due(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a parcel is still silent some time after its inquiry was due to begin.

    Clears with the next scan. About the parcel. Rests on hearing the carriers.
    """
    return _of_each(case, policy, lambda life, here: _claim_due(case, life, here, clock))


def _claim_due(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    claim = until_claim(case, life, policy)
    if claim is None:
        return Verdict()
    found = _found(case, life, Kind.CLAIM_DUE, claim.at, _silence(case, life))
    return Verdict.at(claim.at, case.hears_carriers, clock, found)


def _silence(case: Case, life: Life) -> dict[str, str]:
    since = silent_since(case, life)
    return {"last_scan_at": instant(since, case.zone) if since else ""}


def carrier_exception(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a parcel's last scan is an exception, and the grace is over. Whom it calls depends on who can end it.

    Clears with the next scan that says something else. About the parcel. Rests on hearing the carriers.
    """
    return _of_each(case, policy, lambda life, here: _exception(case, life, here, clock))


def _exception(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    if life.status is not TrackingStatus.EXCEPTION or not case.awaits(life):
        return Verdict()
    scans = _last_run(life)
    owner = scans[-1].owner
    settings = policy.carrier_exception
    details = {"owner": str(owner or ""), "reason": scans[-1].raw_text or scans[-1].reason}
    found = _found(case, life, Kind.CARRIER_EXCEPTION, scans[0].placed_at + settings.grace, details)
    called = settings.roles.get(owner, settings.role) if owner else settings.role
    return Verdict.at(found.since, case.hears_carriers, clock, found.calling(called))


def _last_run(life: Life) -> list[ScanFact]:
    """The exceptions at the end of a parcel's way, oldest first; scans that say nothing stand between."""
    found: list[ScanFact] = []
    for scan in reversed(life.scans):
        if scan.status is TrackingStatus.EXCEPTION:
            found.append(scan)
        elif scan.status not in _SAYS_NOTHING:
            break
    return found[::-1]


def returning(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a parcel is on its way back to the sender, or is back there, and the grace is over.

    Once it has turned it is coming back, whatever its later scans say, until it is back: delivered is returned then.
    Clears when a later goods issue of the order has left, or the order is cancelled. About the parcel. Rests on hearing
    the carriers.
    """
    return _of_each(case, policy, lambda life, here: _returning(case, life, here, clock))


def _returning(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    turned_at = life.turned_at
    if turned_at is None or life.status in _NOT_COMING_BACK or not case.is_promised:
        return Verdict()
    if any(issue.despatched_at is not None and issue.despatched_at.at > turned_at for issue in case.issues):
        return Verdict()
    found = _found(case, life, Kind.RETURNING, turned_at + policy.returning.grace, {"status": str(life.status)})
    return Verdict.at(found.since, case.hears_carriers, clock, found)


def _of_each(case: Case, policy: Policy, rule: Callable[[Life, Policy], Verdict]) -> Verdict:
    """Ask of each parcel, by the policy as it applies to its carrier."""
    return Verdict.all_of(rule(life, policy.about(case.matter_of(life))) for life in case.lives.values())


def _told(case: Case, life: Life, kind: Kind, since: datetime, details: dict[str, str], clock: Clock) -> Verdict:
    """Find what follows from something that was told: no silence is waited for."""
    return Verdict.at(since, (), clock, _found(case, life, kind, since, details))


def _found(case: Case, life: Life, kind: Kind, since: datetime, details: dict[str, str]) -> Found:
    known = {
        **case.named,
        "promised": promise(case.promised),
        "parcel": life.number,
        "carrier": life.carrier,
        "zone": case.zone,
        "last_scan": last_scan(life, case.zone),
    }
    return Found(kind, SubjectType.PARCEL, life.number, since, known | details, matter=case.matter_of(life))


TRANSPORT: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.ETA_SLIPPED, "delay", "order", SubjectType.PARCEL, eta_slipped),
    KindOfFinding(Kind.EXPIRED, "delay", "order", SubjectType.PARCEL, expired),
    KindOfFinding(Kind.CLAIM_DUE, "delay", "order", SubjectType.PARCEL, claim_due),
    KindOfFinding(Kind.CARRIER_EXCEPTION, "delay", "order", SubjectType.PARCEL, carrier_exception),
    KindOfFinding(Kind.RETURNING, "delay", "order", SubjectType.PARCEL, returning),
)
