"""After-sales: the time in which a case is answered, solved and verified, by severity; who is told of low scores.

A case that nobody has classified yet counts as one of the kind's own `severity`.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.policy.calendar import Counting
from contracts.policy.kind import KindPolicy, Ladder, Span, Step
from contracts.snapshot import Role, Severity

_GRAVE: Ladder = (
    Step(after=timedelta(hours=2), role=Role.QUALITY),
    Step(after=timedelta(hours=8), role=Role.MANAGEMENT),
)
_MAJOR: Ladder = (
    Step(after=timedelta(hours=8), role=Role.QUALITY),
    Step(after=timedelta(hours=24), role=Role.MANAGEMENT),
)


class Within(BaseModel):
    """A time by severity. grave: of severity 1; major: of severity 2; ordinary: of severity 3."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grave: Span = timedelta(hours=24)
    major: Span = timedelta(hours=48)
    ordinary: Span = timedelta(hours=48)

    def of(self, severity: Severity) -> timedelta:
        """Give the time of one severity."""
        found: timedelta = getattr(self, severity.value)
        return found


class ResponseWithin(Within):
    """The time to a case's answer, by severity. grave: of severity 1; major: of severity 2; ordinary: of severity 3."""

    grave: Span = timedelta(hours=4)
    major: Span = timedelta(hours=24)
    ordinary: Span = timedelta(hours=24)


class VerificationWithin(Within):
    """The time from a case's solution to its verification, by severity.

    grave: of severity 1; major: of severity 2; ordinary: of severity 3.
    """

    grave: Span = timedelta(hours=48)
    major: Span = timedelta(hours=72)
    ordinary: Span = timedelta(hours=72)


class GraverLadders(BaseModel):
    """The steps by which the task of a graver case goes up; of an ordinary one, those of `escalation` count.

    grave: of severity 1; major: of severity 2.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    grave: Ladder = _GRAVE
    major: Ladder = _MAJOR


class CasePolicy(KindPolicy):
    """A step of a case that is due. within: the time for it, by severity; ladders: the escalation of graver cases.

    counts: 24 hours are one working day. grave_counts: the same of a grave case, which waits for no working day. A case
    knows no destination: where public holidays are to count, name a calendar of your own (`policy.calendar`).
    """

    role: Role = Role.AFTER_SALES
    due: Span = timedelta(hours=2)
    escalation: Ladder = (Step(after=timedelta(hours=24), role=Role.SALES),)
    within: Within = Within()
    ladders: GraverLadders = GraverLadders()
    counts: Counting | None = Counting.WORKING_DAYS
    grave_counts: Counting = Counting.ELAPSED

    def graded(self, severity: Severity | None) -> "CasePolicy":
        """Give the settings of a case of this severity."""
        counted = severity or self.severity
        ladder: Ladder = getattr(self.ladders, counted.value, self.escalation)
        counts = self.grave_counts if counted is Severity.GRAVE else self.counts
        return self.model_copy(update={"severity": counted, "escalation": ladder, "counts": counts})


class ResponsePolicy(CasePolicy):
    """The answer to a case."""

    within: ResponseWithin = ResponseWithin()


class VerificationPolicy(CasePolicy):
    """The verification of a case that was solved."""

    within: VerificationWithin = VerificationWithin()
    due: Span = timedelta(hours=24)


class CaseUnmatchedPolicy(KindPolicy):
    """A case whose order is unknown."""

    grace: Span = timedelta(hours=4)
    severity: Severity = Severity.ORDINARY
    role: Role = Role.AFTER_SALES
    due: Span = timedelta(hours=8)
    escalation: Ladder = (Step(after=timedelta(hours=48), role=Role.SALES),)
    returns_after: Span | None = timedelta(days=3)


class SurveyLowPolicy(KindPolicy):
    """A low score in a survey. below_percent: of the scale; a score that lies lower is low (3 of 1 to 5 lies at 50)."""

    below_percent: Annotated[float, Field(ge=0, le=100)] = 50.0
    severity: Severity = Severity.ORDINARY
    role: Role = Role.AFTER_SALES
    due: Span = timedelta(hours=24)
    escalation: Ladder = (Step(after=timedelta(hours=72), role=Role.SALES),)
