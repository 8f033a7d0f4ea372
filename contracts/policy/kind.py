"""What every kind of finding can be told, and the span in which policy speaks of time."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.snapshot import Role, Severity

Span = Annotated[timedelta, Field(ge=timedelta(0), le=timedelta(days=3650))]


class KindPolicy(BaseModel):
    """One kind of finding.

    grace: how long after its cause it opens. due: when its task is due after it opened. escalates_after: when, still
    open, it goes to `escalates_to`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    grace: Span = timedelta(0)
    severity: Severity = Severity.MAJOR
    role: Role = Role.LOGISTICS
    due: Span = timedelta(hours=4)
    escalates_to: Role | None = Role.SALES
    escalates_after: Span = timedelta(hours=24)
