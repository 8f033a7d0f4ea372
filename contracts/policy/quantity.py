"""Quantity: what left and arrived against what was ordered."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from contracts.policy.kind import KindPolicy, Ladder, Span, Step
from contracts.snapshot import Role


class UnderDespatchedPolicy(KindPolicy):
    """Less despatched than ordered, and nothing more to come. tolerance_percent: a deviation that asks nothing."""

    grace: Span = timedelta(minutes=30)
    tolerance_percent: Annotated[float, Field(ge=0, le=100)] = 0.0
    role: Role = Role.SALES
    escalation: Ladder = (Step(after=timedelta(hours=24), role=Role.PRODUCTION),)
