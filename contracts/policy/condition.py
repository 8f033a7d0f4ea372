"""Conditions: temperature and humidity of goods in storage and transport."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contracts.policy.kind import KindPolicy, Span
from contracts.snapshot import Role, Severity

_Beyond = Annotated[Decimal, Field(ge=0, le=1000)]


class ConditionBreachPolicy(KindPolicy):
    """Readings outside the required range.

    outside: the shortest time outside that counts; less than that is an opened door. grave_celsius, grave_percent: how
    far outside, in degrees or in percent of relative humidity, makes it grave.
    """

    outside: Span = timedelta(minutes=10)
    grave_celsius: _Beyond = Decimal(5)
    grave_percent: _Beyond = Decimal(20)
    role: Role = Role.QUALITY


class ConditionGapPolicy(KindPolicy):
    """No reading of goods under way. longest: the longest without one that is ordinary; no reading speaks for longer.

    grace: how long an upload is waited for then. expected: whether goods with a required range have a logger, so that
    one that never reports is missed too.
    """

    longest: Span = timedelta(hours=2)
    grace: Span = timedelta(hours=1)
    expected: bool = False
    severity: Severity = Severity.ORDINARY
    role: Role = Role.QUALITY
    due: Span = timedelta(hours=24)
