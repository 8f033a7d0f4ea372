"""What every kind of finding can be told, and the span in which policy speaks of time."""

from datetime import timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from contracts.policy.calendar import Counting
from contracts.snapshot import Role, Severity

Span = Annotated[timedelta, Field(ge=timedelta(0), le=timedelta(days=3650))]


class Step(BaseModel):
    """A step of escalation. after: how long after the finding opened it is taken; role: who has the task from then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Span
    role: Role


def _rising(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    for before, then in pairwise(steps):
        if then.after <= before.after:
            raise ValueError("each step comes later than the one before it (`after`)")
    return steps


Ladder = Annotated[tuple[Step, ...], AfterValidator(_rising)]
"""The steps by which a task goes up while it stays open, the first step first; none: it stays where it is."""


class KindPolicy(BaseModel):
    """One kind of finding.

    enabled: whether it is looked for. grace: how long after its cause it opens. severity: how grave it is. role: who is
    called. due: when its task is due after it opened. escalation: the steps by which the task goes to others while it
    stays open. counts: how `due`, `escalation` and the spans that it allows count; left out, as `policy.counts` says.
    returns_after: how long its task rests once somebody has done or refused it, before it comes back because its cause
    still holds: as long as what was done takes to show; left out, as `policy.returns_after` says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    grace: Span = timedelta(0)
    severity: Severity = Severity.MAJOR
    role: Role = Role.LOGISTICS
    due: Span = timedelta(hours=4)
    escalation: Ladder = (Step(after=timedelta(hours=24), role=Role.SALES),)
    counts: Counting | None = None
    returns_after: Span | None = None

    def graded(self, _severity: Severity | None) -> "KindPolicy":
        """Give the settings for a subject that has a severity of its own; to most kinds it makes no difference."""
        return self
