"""From verdicts to findings and tasks.

A rule looks at a case and answers with a `Verdict`: what holds, and when that would change with no further event.
Tasks follow from findings alone: one open task per subject and kind, rolled up where the kind says so, rested for a
while when somebody closed it, and handed on when it stays open too long.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from contracts.answer import Missing, TaskAnswer
from contracts.clock import Clock
from contracts.identity import Scope
from contracts.operator_action import OperatorAction
from contracts.policy import Matter, Policy
from contracts.snapshot import Finding, Kind, Role, Severity, SubjectType, Task, task_key_of
from streams.detection.answers import sayings_of, stands
from streams.detection.escalation import call
from streams.detection.texts import texts_of
from streams.detection.told_again import told_again
from streams.engine.stage import Wake
from streams.facts.feedback import Answer


class Place(NamedTuple):
    """What the snapshot is about in which tasks stand: a part of their keys."""

    account: str
    scope: Scope
    subject: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that holds since an instant. The task is about `task_subject`, by default the finding's own.

    matter: what settings depend on, where the policy for the whole delivery does not say it all: the parcel's carrier,
    the line's product. severity: by default the policy's of its kind; what is only recorded makes no task.
    role: whom it calls, where that follows from what was found and not from its kind alone.
    """

    kind: Kind
    subject_type: SubjectType
    subject: str
    since: datetime
    details: Mapping[str, str] = field(default_factory=dict)
    task_subject: tuple[SubjectType, str] | None = None
    matter: Matter | None = None
    severity: Severity | None = None
    role: Role | None = None

    @property
    def is_rolled_up(self) -> bool:
        """Whether its task may stand for several."""
        return self.about != (self.subject_type, self.subject)

    def calling(self, role: Role) -> "Found":
        """The same, calling `role`."""
        return replace(self, role=role)

    @property
    def about(self) -> tuple[SubjectType, str]:
        """What the task is about."""
        return self.task_subject or (self.subject_type, self.subject)

    @property
    def name(self) -> tuple[Kind, SubjectType, str]:
        """What tells it from the others that are found at the same place."""
        return self.kind, self.subject_type, self.subject


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
    def between(
        cls, opens_at: datetime, gives_way: Wake | None, rests_on: tuple[str, ...], clock: Clock, found: Found
    ) -> "Verdict":
        """Find it as `at` does, until all was heard up to the instant at which another finding takes its place."""
        if gives_way is None:
            return cls.at(opens_at, rests_on, clock, found)
        if opens_at >= gives_way.at or min(clock.now, clock.heard_all(gives_way.rests_on)) >= gives_way.at:
            return cls()
        verdict = cls.at(opens_at, rests_on, clock, found)
        return cls(verdict.found, (*verdict.wakes, gives_way))

    @classmethod
    def all_of(cls, verdicts: Iterable["Verdict"]) -> "Verdict":
        """Join several."""
        several = list(verdicts)
        return cls(
            tuple(found for verdict in several for found in verdict.found),
            tuple(wake for verdict in several for wake in verdict.wakes),
        )


Answered = Mapping[tuple[Kind, SubjectType, str], TaskAnswer]
"""By what a finding is: its kind, and what it is about."""
NOTHING: Answered = {}
Needs = Mapping[Kind, frozenset[Missing]]
"""Of the kinds that need it, what a task needs to stay closed."""
NO_NEEDS: Needs = {}


@dataclass(frozen=True, slots=True)
class Tasks:
    """The wanted tasks, and when they would change by themselves. answered: of what nobody is asked about, why not."""

    tasks: tuple[Task, ...] = ()
    wakes: tuple[Wake, ...] = ()
    answered: Answered = field(default_factory=dict)


def findings_of(found: Iterable[Found], policy: Policy, answered: Answered = NOTHING) -> tuple[Finding, ...]:
    """Write what was found, in a fixed order, with the answers because of which nobody is asked (`Tasks.answered`)."""
    return tuple(
        Finding(
            kind=one.kind,
            subject_type=one.subject_type,
            subject=one.subject,
            since=one.since,
            severity=severity_of(one, policy),
            details=dict(one.details),
            answer=answered.get(one.name),
        )
        for one in sorted(found, key=lambda one: (one.kind, one.subject_type, one.subject))
    )


def severity_of(found: Found, policy: Policy) -> Severity:
    """Say how grave a finding is."""
    return found.severity or applied(policy, found).kind(found.kind).severity


def tasks_of(
    found: Iterable[Found],
    answers: Mapping[str, Answer],
    place: Place,
    clock: Clock,
    policy: Policy,
    actions: Sequence[OperatorAction] = (),
    needs: Needs = NO_NEEDS,
) -> Tasks:
    """Say which tasks should be open because of what was found, and of what people said to them before.

    actions: operators', those in force.
    """
    grouped: dict[tuple[Kind, SubjectType, str], list[Found]] = {}
    for one in found:
        if severity_of(one, policy) is Severity.RECORDED:
            continue
        grouped.setdefault((one.kind, *one.about), []).append(one)
    tasks: list[Task] = []
    wakes: list[Wake] = []
    answered: dict[tuple[Kind, SubjectType, str], TaskAnswer] = {}
    for (kind, subject_type, subject), causes in sorted(grouped.items()):
        about = (subject_type, subject)
        sayings = sayings_of(task_key_of(*place, about, kind), answers, actions)
        needed = needs.get(kind, frozenset())
        standings = [
            (cause, stands(cause, sayings, needed, clock, applied(policy, cause).rests(kind))) for cause in causes
        ]
        answered |= {cause.name: one.answer for cause, one in standings if one.answer is not None and not one.asks}
        wakes += [wake for _, one in standings for wake in one.wakes]
        asking = [(cause, one) for cause, one in standings if one.asks]
        if not asking:
            continue
        task, changes = _task(kind, about, [cause for cause, _ in asking], clock, policy)
        newest = max((one.answer for _, one in asking if one.answer), key=_given, default=None)
        seen = sorted({feedback for _, one in standings for feedback in one.seen})
        tasks.append(told_again(task, newest, needed).model_copy(update={"feedback": tuple(seen)}))
        wakes += changes
    return Tasks(tuple(tasks), tuple(wakes), answered)


def _given(answer: TaskAnswer) -> tuple[datetime, str]:
    return answer.at, answer.outcome


def _task(
    kind: Kind, about: tuple[SubjectType, str], causes: list[Found], clock: Clock, policy: Policy
) -> tuple[Task, tuple[Wake, ...]]:
    """Write the task of several causes: whoever is called first is called for all, as gravely as for the gravest."""
    details = _joined(causes)
    ordered = sorted(causes, key=lambda cause: cause.since)
    calls = [
        call(applied(policy, cause), kind, cause.since, clock.now, cause.role, cause.severity) for cause in ordered
    ]
    called = min(calls, key=lambda one: one.due_at)
    task = Task(
        kind=kind,
        subject_type=about[0],
        subject=about[1],
        since=ordered[0].since,
        severity=min((severity_of(cause, policy) for cause in causes), key=list(Severity).index),
        role=called.role,
        due_at=called.due_at,
        escalates_to=called.next_role,
        escalates_at=called.next_at,
        texts=texts_of(kind, details),
        details=details,
    )
    return task, (Wake(called.next_at),) if called.next_at is not None else ()


def applied(policy: Policy, found: Found) -> Policy:
    """Give the policy as it applies to what was found."""
    return policy if found.matter is None else policy.about(found.matter)


def _joined(causes: list[Found]) -> dict[str, str]:
    """Put the details of a task's causes together: what differs is listed."""
    ordered = sorted(causes, key=lambda cause: (cause.since, cause.subject))
    names = sorted({name for cause in ordered for name in cause.details})
    return {
        name: ", ".join(dict.fromkeys(cause.details[name] for cause in ordered if cause.details.get(name)))
        for name in names
    }
