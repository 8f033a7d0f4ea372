"""Transport: arrivals that slip, exceptions, returns, and parcels that are perhaps lost."""

from datetime import timedelta

from pydantic import Field

from contracts.policy.kind import KindPolicy, Ladder, Span, Step
from contracts.snapshot import Role, Severity
from contracts.tracking import Owner


class SlippedPolicy(KindPolicy):
    """A carrier's ETA that moves later. by: how much later than it was first told is ordinary."""

    by: Span = timedelta(hours=24)
    severity: Severity = Severity.ORDINARY
    due: Span = timedelta(hours=8)
    returns_after: Span | None = timedelta(days=3)


class ExpiredPolicy(KindPolicy):
    """A parcel that is perhaps lost. after: how long beyond its ordinary silence; then an inquiry is due."""

    after: Span = timedelta(days=5)
    due: Span = timedelta(hours=24)
    returns_after: Span | None = timedelta(days=7)


class ClaimPolicy(KindPolicy):
    """A parcel that an inquiry did not find. after: how long after the inquiry was due to begin a claim is."""

    after: Span = timedelta(days=14)
    due: Span = timedelta(days=7)
    escalation: Ladder = (Step(after=timedelta(days=7), role=Role.SALES),)
    returns_after: Span | None = timedelta(days=14)


class ExceptionPolicy(KindPolicy):
    """An exception on the way. roles: whom it calls by who can end it; `role`: the others."""

    roles: dict[Owner, Role] = Field(default={Owner.RECIPIENT: Role.SALES})
    severity: Severity = Severity.ORDINARY
    due: Span = timedelta(hours=8)
    returns_after: Span | None = timedelta(days=2)


class ReturningPolicy(KindPolicy):
    """A parcel on its way back."""

    role: Role = Role.SALES
    due: Span = timedelta(hours=8)
    escalation: Ladder = ()
    returns_after: Span | None = timedelta(days=7)
