"""Whether a task is still asked for, after what people said to it: closings at targets, and operators' actions.

A task is wanted as long as its cause holds and nothing that was said of this very interval says otherwise:

- done or refused at a target: it rests for its kind's `returns_after`, then comes back and says so;
- of a kind that needs a reason or an approval: settled with all of them, and asked again at once without;
- closed by an operator: settled; snoozed: it sleeps until then; reopened: nothing said before counts any more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from contracts.answer import AnswerOutcome, Missing, TaskAnswer
from contracts.clock import Clock
from contracts.feedback import FeedbackOutcome
from contracts.operator_action import Act, OperatorAction
from streams.engine.stage import Wake
from streams.facts.feedback import Answer

_AT_TARGETS = {
    FeedbackOutcome.DONE: AnswerOutcome.DONE,
    FeedbackOutcome.REFUSED: AnswerOutcome.REFUSED,
    FeedbackOutcome.APPROVED: AnswerOutcome.APPROVED,
}
_BY_OPERATORS = {
    Act.SNOOZE: AnswerOutcome.SNOOZED,
    Act.CLOSE: AnswerOutcome.CLOSED,
    Act.REOPEN: AnswerOutcome.REOPENED,
}
_DONE = {AnswerOutcome.DONE, AnswerOutcome.APPROVED, AnswerOutcome.CLOSED}
_ENDS = {AnswerOutcome.CLOSED}
_RESTS = {AnswerOutcome.DONE, AnswerOutcome.APPROVED, AnswerOutcome.REFUSED}


class Saying(NamedTuple):
    """One thing that was said to a task. since: of feedback, that of the wish it answered; of an action, its own."""

    at: datetime
    id: str
    outcome: AnswerOutcome
    since: datetime
    by: str
    reason: str
    approved_by: str = ""
    until: datetime | None = None


class Cause(Protocol):
    """What a task is asked because of (`streams.detection.finding.Found`)."""

    @property
    def since(self) -> datetime:
        """Since when it holds."""

    @property
    def is_rolled_up(self) -> bool:
        """Whether its task may stand for several."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one cause stands. asks: whether a task is wanted; changes_at: when that changes by itself."""

    asks: bool = True
    answer: TaskAnswer | None = None
    changes_at: datetime | None = None
    seen: frozenset[str] = frozenset()

    @property
    def wakes(self) -> tuple[Wake, ...]:
        """When to look again."""
        return () if self.changes_at is None else (Wake(self.changes_at),)


def sayings_of(task: str, answers: Mapping[str, Answer], actions: Iterable[OperatorAction]) -> tuple[Saying, ...]:
    """Give what was said to a task, oldest first. answers: by their id; actions: those in force."""
    found = [
        Saying(
            answer.at,
            answer_id,
            _AT_TARGETS[answer.outcome],
            answer.since,
            answer.by,
            answer.reason,
            answer.approved_by,
        )
        for answer_id, answer in answers.items()
        if answer.task == task and answer.outcome in _AT_TARGETS
    ]
    found += [
        Saying(
            action.at,
            action.id,
            _BY_OPERATORS[action.act],
            action.at,
            action.by,
            action.why,
            action.approved_by,
            action.until,
        )
        for action in actions
        if action.task == task and action.act in _BY_OPERATORS
    ]
    return tuple(sorted(found, key=lambda saying: (saying.at, saying.id)))


def stands(
    cause: Cause, sayings: Sequence[Saying], needs: Collection[Missing], clock: Clock, rests_for: timedelta
) -> Standing:
    """Say how a cause stands after what was said to its task.

    needs: what its kind needs before it stays closed; rests_for: how long it rests once it was done or refused.
    """
    said = [saying for saying in sayings if _answers(saying, cause)]
    if not said:
        return Standing()
    counts = _since_reopened(said)
    answer = _answer(said[-1], counts, needs)
    seen = frozenset(saying.id for saying in said if saying.outcome in _RESTS)
    if _is_settled(counts, needs, answer.missing):
        return Standing(asks=False, answer=answer, seen=seen)
    until = _until(counts, needs, rests_for)
    if until is not None and clock.now < until:
        return Standing(asks=False, answer=answer, changes_at=until, seen=seen)
    return Standing(answer=answer, seen=seen)


def settled_at(sayings: Sequence[Saying], needs: Collection[Missing]) -> datetime | None:
    """When a task was last settled: what came to light later is another matter, of which nobody has heard."""
    settling = [saying for saying in _since_reopened(sayings) if saying.outcome in (_DONE if needs else _ENDS)]
    given = [
        saying.at
        for saying in settling
        if (saying.reason or Missing.REASON not in needs) and (saying.approved_by or Missing.APPROVAL not in needs)
    ]
    return max(given, default=None)


def _answers(saying: Saying, cause: Cause) -> bool:
    """Whether it was said to this interval of the cause.

    Feedback names the interval by its beginning. A task that stands for several begins with the oldest of them, so
    there it answers all that held when it was given.
    """
    reach = max(saying.since, saying.at) if cause.is_rolled_up else saying.since
    return reach >= cause.since


def _since_reopened(said: Sequence[Saying]) -> Sequence[Saying]:
    reopened = [place for place, saying in enumerate(said) if saying.outcome is AnswerOutcome.REOPENED]
    return said[reopened[-1] + 1 :] if reopened else said


def _answer(last: Saying, counts: Sequence[Saying], needs: Collection[Missing]) -> TaskAnswer:
    """Show the newest saying; a reason or an approval that an earlier one gave stands."""
    done = [saying for saying in reversed(counts) if saying.outcome in _DONE]
    reason = next((saying.reason for saying in done if saying.reason), "")
    approved_by = next((saying.approved_by for saying in done if saying.approved_by), "")
    given = {Missing.REASON: reason, Missing.APPROVAL: approved_by}
    return TaskAnswer(
        outcome=last.outcome,
        at=last.at,
        by=last.by,
        reason=last.reason or reason,
        approved_by=approved_by,
        until=last.until,
        missing=tuple(need for need in Missing if need in needs and not given[need]),
    )


def _is_settled(counts: Sequence[Saying], needs: Collection[Missing], missing: Sequence[Missing]) -> bool:
    ends = _DONE if needs else _ENDS
    return not missing and any(saying.outcome in ends for saying in counts)


def _until(counts: Sequence[Saying], needs: Collection[Missing], rests_for: timedelta) -> datetime | None:
    """Until when it rests or sleeps: after a closing of it as done or refused, and by the newest snooze."""
    rests = {AnswerOutcome.REFUSED} if needs else _RESTS
    until = [saying.at + rests_for for saying in counts if saying.outcome in rests]
    snoozes = [saying.until for saying in counts if saying.until is not None]
    return max([*until, *snoozes[-1:]], default=None)
