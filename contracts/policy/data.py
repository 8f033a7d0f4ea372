"""Data: what was told and does not fit, or could not be processed."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from contracts.policy.kind import KindPolicy, Ladder, Span
from contracts.snapshot import Role, Severity


class OrphanPolicy(KindPolicy):
    """Reports about a parcel that no document names. keep: how long they wait; at_most: how many scans."""

    grace: Span = timedelta(hours=24)
    keep: Span = timedelta(days=90)
    at_most: Annotated[int, Field(ge=1, le=10_000)] = 200
    severity: Severity = Severity.ORDINARY
    due: Span = timedelta(hours=24)
    returns_after: Span | None = timedelta(days=3)


class LateInformationPolicy(KindPolicy):
    """A fact about a delivery that is closed."""

    severity: Severity = Severity.ORDINARY
    role: Role = Role.AFTER_SALES
    due: Span = timedelta(hours=24)
    escalation: Ladder = ()


class UnknownStatusPolicy(KindPolicy):
    """A parcel whose newest scan no table knows. grace: how long the next scan is waited for."""

    grace: Span = timedelta(hours=12)
    severity: Severity = Severity.ORDINARY
    role: Role = Role.OPERATIONS
    due: Span = timedelta(hours=24)
    escalation: Ladder = ()
    returns_after: Span | None = timedelta(days=7)


class ContradictionPolicy(KindPolicy):
    """What is told of a parcel cannot all be true. grace: how long a correction is waited for."""

    grace: Span = timedelta(hours=1)
    severity: Severity = Severity.ORDINARY
    due: Span = timedelta(hours=24)
    escalation: Ladder = ()


class UnsubscribedPolicy(KindPolicy):
    """A parcel that nobody could register. unheard: how long one that no tracker takes may be silent at first."""

    unheard: Span = timedelta(hours=24)
    severity: Severity = Severity.ORDINARY
    role: Role = Role.OPERATIONS
    due: Span = timedelta(hours=24)
    escalation: Ladder = ()


class QuarantinePolicy(KindPolicy):
    """A key whose processing failed three times in a row."""

    role: Role = Role.OPERATIONS
    escalation: Ladder = ()
