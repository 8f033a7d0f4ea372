"""What a kind of finding is: the entry that a family declares for each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from contracts.answer import Missing
from contracts.clock import Clock
from contracts.identity import Scope
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.detection.finding import Verdict

Rule = Callable[[Case, Policy, Clock], Verdict]
Family = Literal["delay", "quantity", "acceptance", "condition", "service", "follow-up", "data"]


@dataclass(frozen=True, slots=True)
class KindOfFinding:
    """One kind. task_subject: what its task is about; rolls_up: one task for several findings of the order.

    by_word: an operator's word that it was done clears it (`quayside act confirm`).
    needs_reason, needs_approval: its task stays closed only with these, and its finding is then recorded alone.
    rule: over deliveries; None where another stage judges it, and then `meaning` says when it opens and clears.
    """

    kind: Kind
    family: Family
    scope: Scope
    task_subject: SubjectType
    rule: Rule | None = None
    rolls_up: bool = False
    meaning: str = ""
    by_word: bool = False
    needs_reason: bool = False
    needs_approval: bool = False

    @property
    def needs(self) -> frozenset[Missing]:
        """What its task needs to stay closed."""
        needed = {Missing.REASON: self.needs_reason, Missing.APPROVAL: self.needs_approval}
        return frozenset(need for need, is_needed in needed.items() if is_needed)

    def explanation(self) -> str:
        """When it opens, when it clears, on whose silence it rests."""
        return " ".join((self.meaning or (self.rule.__doc__ if self.rule else None) or "").split())
