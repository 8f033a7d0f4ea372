"""From verdicts to findings and tasks.

A rule looks at a case and answers with a `Verdict`: what holds, and when that would change with no further event.
Tasks follow from findings alone: one open task per subject and kind, rolled up where the kind says so, rested for a
while when somebody closed it, and handed on when it stays open too long.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from contracts.clock import Clock
from contracts.feedback import FeedbackOutcome
from contracts.identity import Scope
from contracts.policy import KindPolicy, Policy
from contracts.snapshot import Finding, Kind, SubjectType, Task, task_key
from streams.detection.escalation import call
from streams.detection.texts import texts_of
from streams.engine.stage import Wake
from streams.facts.feedback import Answer


class Place(NamedTuple):
    """What the snapshot is about in which tasks stand: a part of their keys."""

    account: str
    scope: Scope
    subject: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that holds since an instant. The task is about `task_subject`, by default the finding's own."""

    kind: Kind
    subject_type: SubjectType
    subject: str
    since: datetime
    details: Mapping[str, str] = field(default_factory=dict)
    task_subject: tuple[SubjectType, str] | None = None

    @property
    def about(self) -> tuple[SubjectType, str]:
        """What the task is about."""
        return self.task_subject or (self.subject_type, self.subject)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule answers: what holds now, and the instants at which the answer changes by itself."""

    found: tuple[Found, ...] = ()
    wakes: tuple[Wake, ...] = ()

    @classmethod
    def at(cls, opens_at: datetime, rests_on: tuple[str, ...], clock: Clock, found: Found) -> "Verdict":
        """Find it once all that it rests on was heard up to `opens_at`; until then, be asked again."""
        if min(clock.now, clock.heard_all(rests_on)) >= opens_at:
            return cls(found=(found,))
        return cls(wakes=(Wake(opens_at, rests_on),))

    @classmethod
    def all_of(cls, verdicts: Iterable["Verdict"]) -> "Verdict":
        """Join several."""
        several = list(verdicts)
        return cls(
            tuple(found for verdict in several for found in verdict.found),
            tuple(wake for verdict in several for wake in verdict.wakes),
        )


@dataclass(frozen=True, slots=True)
class Tasks:
    """The wanted tasks, and when they would change by themselves."""

    tasks: tuple[Task, ...] = ()
    wakes: tuple[Wake, ...] = ()


def findings_of(found: Iterable[Found], policy: Policy) -> tuple[Finding, ...]:
    """Write what was found, in a fixed order."""
    return tuple(
        Finding(
            kind=one.kind,
            subject_type=one.subject_type,
            subject=one.subject,
            since=one.since,
            severity=policy.kind(one.kind).severity,
            details=dict(one.details),
        )
        for one in sorted(found, key=lambda one: (one.kind, one.subject_type, one.subject))
    )


def tasks_of(
    found: Iterable[Found], answers: Mapping[str, Answer], place: Place, clock: Clock, policy: Policy
) -> Tasks:
    """Say which tasks should be open because of what was found, and what people did to them before."""
    grouped: dict[tuple[Kind, SubjectType, str], list[Found]] = {}
    for one in found:
        grouped.setdefault((one.kind, *one.about), []).append(one)
    tasks: list[Task] = []
    wakes: list[Wake] = []
    for (kind, subject_type, subject), causes in sorted(grouped.items()):
        task, changes = _task(policy.kind(kind), kind, (subject_type, subject), causes, clock)
        seen = _seen(answers, task_key(*place, task), task.since)
        rested_until = max((answer.at + policy.returns_after for answer in seen.values()), default=None)
        if rested_until is not None and clock.now < rested_until:
            wakes.append(Wake(rested_until))
            continue
        tasks.append(task.model_copy(update={"feedback": tuple(sorted(seen))}))
        wakes += changes
    return Tasks(tuple(tasks), tuple(wakes))


def _task(
    settings: KindPolicy, kind: Kind, about: tuple[SubjectType, str], causes: list[Found], clock: Clock
) -> tuple[Task, tuple[Wake, ...]]:
    since = min(cause.since for cause in causes)
    details = _joined(causes)
    called = call(settings, since, clock.now)
    task = Task(
        kind=kind,
        subject_type=about[0],
        subject=about[1],
        since=since,
        severity=settings.severity,
        role=called.role,
        due_at=called.due_at,
        escalates_to=called.next_role,
        escalates_at=called.next_at,
        texts=texts_of(kind, details),
        details=details,
    )
    return task, (Wake(called.next_at),) if called.next_at is not None else ()


def _joined(causes: list[Found]) -> dict[str, str]:
    """Put the details of a task's causes together: what differs is listed."""
    ordered = sorted(causes, key=lambda cause: (cause.since, cause.subject))
    names = sorted({name for cause in ordered for name in cause.details})
    return {
        name: ", ".join(dict.fromkeys(cause.details[name] for cause in ordered if cause.details.get(name)))
        for name in names
    }


def _seen(answers: Mapping[str, Answer], task: str, since: datetime) -> dict[str, Answer]:
    """The closings of this task that fall into the interval which holds since `since`."""
    return {
        answer_id: answer
        for answer_id, answer in answers.items()
        if answer.task == task and answer.outcome is not FeedbackOutcome.OPENED and answer.since >= since
    }
