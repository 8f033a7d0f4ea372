"""Departure: goods that should have been picked, have left, or have been fetched; and promises at risk."""

from datetime import timedelta

from contracts.policy.kind import KindPolicy, Ladder, Span
from contracts.snapshot import Role, Severity


class ReleasePolicy(KindPolicy):
    """Goods that are not picked when they must leave soon. lead: how long before they must leave they should be."""

    lead: Span = timedelta(hours=8)
    severity: Severity = Severity.ORDINARY


class DeparturePolicy(KindPolicy):
    """A vehicle of our own that has not departed when it was planned to."""

    grace: Span = timedelta(hours=1)
    due: Span = timedelta(hours=2)


class PickupPolicy(KindPolicy):
    """A parcel that its carrier does not fetch. within: how long after it was ready it should be."""

    within: Span = timedelta(hours=36)
    severity: Severity = Severity.ORDINARY


class AppointmentPolicy(KindPolicy):
    """An appointment at which nobody came."""

    grace: Span = timedelta(hours=1)
    severity: Severity = Severity.ORDINARY
    role: Role = Role.SALES
    due: Span = timedelta(hours=8)
    escalation: Ladder = ()
