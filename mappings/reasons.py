"""Statuses that come with a reason of their own code list, as EDI has them (X12 AT7, EDIFACT STS)."""

from dataclasses import replace

from contracts.tracking import TrackingStatus
from mappings.meaning import Meaning

_WENT_WRONG = frozenset({TrackingStatus.EXCEPTION, TrackingStatus.DELIVERY_ATTEMPTED})


def explained(status: Meaning, reason: Meaning | None) -> Meaning:
    """Give what a status means with its reason: why, and in whose hands it lies, where something went wrong."""
    if reason is None or status.status not in _WENT_WRONG:
        return status
    return replace(
        status,
        reason=reason.reason,
        owner=reason.owner,
        action_required=status.action_required or reason.action_required,
        returning=status.returning or reason.returning,
    )
