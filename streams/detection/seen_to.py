"""What somebody has seen to: follow-ups that were made, low scores that were looked at.

A task about an order stands in scope `order`, and once the order is closed in scope `after`; a closed order may be
opened again. What was said to it in either is about the same matter.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from contracts.answer import AnswerOutcome
from contracts.identity import Scope
from contracts.operator_action import Act, OperatorAction
from contracts.service import Survey
from contracts.snapshot import Kind, SubjectType, task_key_of
from streams.detection.answers import Saying, sayings_of
from streams.facts.feedback import Answer

_SCOPES: tuple[Scope, ...] = ("order", "after")
_MADE = {AnswerOutcome.DONE, AnswerOutcome.APPROVED, AnswerOutcome.CLOSED}


class Said(NamedTuple):
    """What was said to the tasks about an order. answers: at targets, by their id; actions: operators' in force."""

    account: str
    order: str
    answers: Mapping[str, Answer]
    actions: Sequence[OperatorAction]

    def to(self, kind: Kind) -> list[Saying]:
        """Give what was said to the order's task of a kind, oldest first."""
        found = [one for task in self._tasks(kind) for one in sayings_of(task, self.answers, self.actions)]
        return sorted(found, key=lambda saying: (saying.at, saying.id))

    def is_made(self, kind: Kind) -> bool:
        """Whether what a task asks for was done, by its target or by word, and nobody asked for it again since.

        A task that was refused at its target is not done.
        """
        made = [(one.at, one.id, one.outcome in _MADE) for one in self.to(kind) if one.outcome in {*_MADE, _AGAIN}]
        tasks = self._tasks(kind)
        made += [(one.at, one.id, True) for one in self.actions if one.act is Act.CONFIRM and one.task in tasks]
        return bool(made) and max(made)[-1]

    def _tasks(self, kind: Kind) -> list[str]:
        about = (SubjectType.ORDER, self.order)
        return [task_key_of(self.account, scope, self.order, about, kind) for scope in _SCOPES]


_AGAIN = AnswerOutcome.REOPENED


def made(plan: Collection[str], said: Said, *, is_surveyed: bool) -> set[str]:
    """Say which follow-ups of a plan were made. is_surveyed: a survey was answered, whoever asked for it."""
    found = {kind for kind in plan if said.is_made(Kind(kind))}
    return found | ({Kind.SURVEY_DUE.value} & set(plan) if is_surveyed else set())


def unseen(surveys: Iterable[Survey], said: Said) -> list[Survey]:
    """Give the surveys whose low score nobody has looked at since they were told."""
    return [survey for survey in surveys if not _is_seen(survey, said)]


def _is_seen(survey: Survey, said: Said) -> bool:
    ends = [
        one.outcome
        for one in said.to(Kind.SURVEY_LOW)
        if one.at >= survey.version and one.outcome is not AnswerOutcome.SNOOZED
    ]
    return bool(ends) and ends[-1] is not AnswerOutcome.REOPENED
