"""How long a parcel has been silent, and the ladder of what is due then: a question, an inquiry, a claim."""

from datetime import datetime

from contracts.policy import Policy
from contracts.tracking import TrackingStatus
from streams.delivery.case import Case
from streams.delivery.estimates import ordinary_silence
from streams.delivery.parcel import Life
from streams.engine.stage import Wake


def silent_since(case: Case, life: Life) -> datetime | None:
    """Since when nothing was heard of a parcel of which scans are expected; None where none are."""
    if life.last is None or life.status is None or not (case.is_promised and case.is_carried):
        return None
    is_expected = life.status.is_moving or life.status is TrackingStatus.EXPIRED
    is_awaited = case.awaits(life) or life.status is TrackingStatus.RETURNING
    return life.last.placed_at if is_expected and is_awaited else None


def stalled_from(case: Case, life: Life, policy: Policy) -> datetime | None:
    """From when its silence is longer than is ordinary."""
    since = silent_since(case, life)
    if since is None or life.status is TrackingStatus.EXPIRED:
        return None
    return since + ordinary_silence(case, life, policy).span + policy.stalled.grace


def perhaps_lost_from(case: Case, life: Life, policy: Policy) -> datetime | None:
    """From when an inquiry is due; at once where its carrier itself says that it expired."""
    since = silent_since(case, life)
    if since is None:
        return None
    if life.status is TrackingStatus.EXPIRED:
        return since + policy.expired.grace
    return since + ordinary_silence(case, life, policy).span + policy.expired.after + policy.expired.grace


def until_inquiry(case: Case, life: Life, policy: Policy) -> Wake | None:
    """When an inquiry takes the place of a question; None where no inquiries are looked for."""
    at = perhaps_lost_from(case, life, policy) if policy.expired.enabled else None
    return Wake(at, case.hears_carriers) if at is not None else None


def until_claim(case: Case, life: Life, policy: Policy) -> Wake | None:
    """When a claim takes the place of the inquiry; None where no claims are looked for."""
    at = perhaps_lost_from(case, life, policy) if policy.claim_due.enabled else None
    if at is None:
        return None
    return Wake(at + policy.claim_due.after + policy.claim_due.grace, case.hears_carriers)
